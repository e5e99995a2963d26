<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- SPDX-License-Identifier: MIT
     A style of the catalogue's layer "inference" in QGIS: areas in the colours of their status, and
     an action that adds what a row can be opened as. It finds the row by its number: no text of the
     service becomes part of a program. -->
<qgis version="3.22.0" styleCategories="Symbology|Actions">
  <renderer-v2 type="categorizedSymbol" attr="status" enableorderby="0" forceraster="0" symbollevels="0">
    <categories>
      <category value="SUCCEEDED" label="SUCCEEDED" symbol="0" render="true"/>
      <category value="FAILED" label="FAILED" symbol="1" render="true"/>
      <category value="ABORTED" label="ABORTED" symbol="2" render="true"/>
      <category value="" label="under way" symbol="3" render="true"/>
    </categories>
    <symbols>
      <symbol type="fill" name="0" alpha="0.5"><layer class="SimpleFill" enabled="1" locked="0" pass="0"><prop k="color" v="0,158,115,255"/><prop k="outline_color" v="0,94,68,255"/><prop k="outline_width" v="0.8"/></layer></symbol>
      <symbol type="fill" name="1" alpha="0.5"><layer class="SimpleFill" enabled="1" locked="0" pass="0"><prop k="color" v="213,94,0,255"/><prop k="outline_color" v="128,56,0,255"/><prop k="outline_width" v="0.8"/></layer></symbol>
      <symbol type="fill" name="2" alpha="0.5"><layer class="SimpleFill" enabled="1" locked="0" pass="0"><prop k="color" v="153,153,153,255"/><prop k="outline_color" v="80,80,80,255"/><prop k="outline_width" v="0.8"/></layer></symbol>
      <symbol type="fill" name="3" alpha="0.5"><layer class="SimpleFill" enabled="1" locked="0" pass="0"><prop k="color" v="240,228,66,255"/><prop k="outline_color" v="144,137,40,255"/><prop k="outline_width" v="0.8"/></layer></symbol>
    </symbols>
  </renderer-v2>
  <attributeactions>
    <actionsetting type="1" id="{9a0c0d27-8c5d-4d3b-8a53-10424a5c0001}" name="Open results" shortTitle="Open results" notificationMessage="" icon="" capture="0" isEnabledOnlyWhenEditable="0" action="import json
from qgis.core import (QgsCoordinateTransformContext, QgsProject, QgsProviderRegistry,
                       QgsProviderSublayerDetails)
from qgis.utils import iface
project = QgsProject.instance()
row = project.mapLayer('[% @layer_id %]').getFeature([% $id %])
names = json.loads(row['datasets'] or '[]')
if names:
    group = project.layerTreeRoot().insertGroup(0, 'inference [% $id %]')
    options = QgsProviderSublayerDetails.LayerOptions(QgsCoordinateTransformContext())
    for name in names:
        for one in QgsProviderRegistry.instance().querySublayers(name):
            layer = one.toLayer(options)
            layer.setName(name.split(':', 2)[2])
            project.addMapLayer(layer, False)
            group.addLayer(layer)
elif iface:
    iface.messageBar().pushInfo('S2C', 'Inference [% $id %] has no results')
">
      <actionScope id="Feature"/>
      <actionScope id="Canvas"/>
    </actionsetting>
  </attributeactions>
</qgis>
