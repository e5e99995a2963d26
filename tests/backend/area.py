# SPDX-License-Identifier: MIT
"""Areas of interest: the sample's, made as long as real ones, and small synthetic ones."""

import json
import os

# With this the document of inference 10424 has about 190 kB.
LENGTH = 172_000


def sample_features(samples):
    with open(os.path.join(samples, "area_of_interest.geojson"), encoding="utf-8") as file:
        return json.load(file)["features"]


def sample_area(samples):
    return json.dumps({"type": "FeatureCollection", "features": sample_features(samples)})


def dense_ring(corners, parts):
    """The ring with every side cut into `parts`."""
    points = []
    for (x, y), (next_x, next_y) in zip(corners, corners[1:]):
        points += [[x + (next_x - x) * step / parts, y + (next_y - y) * step / parts]
                   for step in range(parts)]
    return [*points, corners[0]]


def dense_area(samples):
    """The same polygons with vertices between theirs: digitised parcels are that detailed."""
    text, parts = "", 20
    while len(text) < LENGTH:
        features, parts = sample_features(samples), parts + 1
        for feature in features:
            rings = feature["geometry"]["coordinates"]
            rings[0] = dense_ring(rings[0], parts)
        text = json.dumps({"type": "FeatureCollection", "features": features})
    return text


def small_area(number):
    """A triangle somewhere in Austria, another for every number."""
    x, y = 10 + (number * 37 % 700) / 100, 46.6 + (number * 53 % 200) / 100
    corners = [[x, y], [x + 0.02, y], [x + 0.01, y + 0.02], [x, y]]
    return json.dumps({"type": "FeatureCollection", "features": [{
        "type": "Feature", "properties": {"name": f"area {number}"},
        "geometry": {"type": "Polygon", "coordinates": [corners]}}]})
