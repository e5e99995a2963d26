# SPDX-License-Identifier: MIT
"""Documents that tests send, as clients make them."""

import json

from .area import sample_features
from .options import SAMPLES


def area(features):
    return json.dumps({"type": "FeatureCollection", "features": features})


def inference(attributes=None, relationships=None, **more):
    """A new one, with what the ArcGIS toolbox sends; a value of ... takes a member away."""
    values = {"owner": "demo", "area_of_interest": area(sample_features(SAMPLES)[:1]),
              "temp_range_start": "2021-03-01T00:00:00.000Z",
              "temp_range_end": "2021-07-31T23:59:59.999Z", "comment": "a run",
              "favourite": False, "output_scale_factor": 1, **(attributes or {})}
    related = {"factbase": {"data": {"type": "factbase", "id": "1"}},
               "knowledgebase": {"data": {"type": "knowledgebase", "id": "218"}},
               **(relationships or {})}
    data = {"type": "inference", "attributes": given(values), "relationships": given(related),
            **more}
    return {"data": given(data)}


def given(members):
    return {name: value for name, value in members.items() if value is not ...}


def knowledgebase(number=None, **attributes):
    data = {"type": "knowledgebase", "attributes": attributes}
    return {"data": data if number is None else {**data, "id": str(number)}}


def change(number, relationships=None, **attributes):
    """A PATCH of an inference."""
    return {"data": {"type": "inference", "id": number, "attributes": attributes,
                     "relationships": relationships or {}}}
