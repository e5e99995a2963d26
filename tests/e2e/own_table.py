# SPDX-License-Identifier: MIT
"""An inference with the one table, or the area of interest, that a test gives it."""

import base64
import contextlib
import itertools
import json

from ..backend.user_agent import UserAgent
from .support import FOLDER

ID = 10433
NAME = f"S2C:{ID}:own"
FILES = itertools.count(1)


@contextlib.contextmanager
def changed(sen2cube, **attributes):
    """The inference with other attributes, which are put back."""
    before = UserAgent(sen2cube).get(f"/inference/{ID}").json["data"]["attributes"]
    sen2cube.change_inference(ID, **attributes)
    try:
        yield f"S2C:{ID}"
    finally:
        sen2cube.change_inference(ID, **{name: before[name] for name in attributes})


@contextlib.contextmanager
def own_table(sen2cube, content, dims=("time",), **attributes):
    """`content` as the output `own`; gives the name of its layer."""
    content = content if isinstance(content, bytes) else content.encode()
    path = f"{FOLDER}/own{next(FILES)}_id{ID}.csv"
    sen2cube.create_file(path, base64.b64encode(content).decode())
    output = {"name": "own", "inference_id": ID, "value_type": "numerical", "dims": [*dims],
              "file_type": "csv", "vis_type": "list", "data": path, "bytes": len(content)}
    with changed(sen2cube, output=json.dumps([output]), **attributes):
        yield NAME
    sen2cube.delete_file(path)


def feature(properties, number=0, **more):
    """A square of the area of interest, one beside the other."""
    x = 13 + number / 10
    ring = [[x, 47], [x + 0.05, 47], [x + 0.05, 47.1], [x, 47.1], [x, 47]]
    return {"type": "Feature", "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [ring]}, **more}


def area(*features):
    return json.dumps({"type": "FeatureCollection", "features": [*features]})
