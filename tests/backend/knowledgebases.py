# SPDX-License-Identifier: MIT
"""The knowledgebases: models made of blocks. One of them fails whatever it is run on."""

from .rows import Row

COMPOSITE, WATER, FAILING = 218, 221, 299
TITLES = {COMPOSITE: "Cloud free composite", WATER: "Water dynamics", FAILING: "Fails always"}
SUBJECTS = ("Green spaces", "Snow cover", "Burned area", "Crop rotation", "Built-up", "Haze",
            "Forest loss", "Flood extent", "Bare soil", "Water count")


def blockdefs(number, title):
    """Blockly's XML, as the web application's editor keeps a model."""
    blocks = "".join(f'<block type="entity" id="e{number}_{step}"><field name="NAME">{name}'
                     "</field></block>" for step, name in enumerate(("water", "vegetation")))
    return ('<xml xmlns="https://developers.google.com/blockly/xml">'
            f'<block type="application" id="a{number}"><field name="NAME">{title}</field>'
            f"<statement name=\"ENTITIES\">{blocks}</statement></block></xml>")


def rows():
    numbers = [*range(180, 217), COMPOSITE, WATER, FAILING]
    made = []
    for place, number in enumerate(numbers):
        title = TITLES.get(number) or f"{SUBJECTS[place % 10]} {place // 10 + 1}"
        made.append(Row(number, {
            "title": title, "description": f"Semantic model: {title}",
            "owner": "demo" if place % 3 == 0 else "steffen.example",
            "date": f"2021-{place % 12 + 1:02d}-11T09:{place % 60:02d}:14.120930+00:00",
            "favourite": place % 5 == 0, "blockdefs": blockdefs(number, title)}))
    return made
