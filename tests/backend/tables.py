# SPDX-License-Identifier: MIT
"""CSV results that need care, and one of any size, for the option --tables."""

import json

from .area import sample_features

ODD = 10440
LARGE = 10441
DAY = "2021-03-01"


def lines(*rows):
    return "".join(row + "\n" for row in rows).encode()


# Name: dimensions, what the file holds, and what else `output` says.
TABLES = {
    "scalar": ([], b"0.617", {}),
    "scalar_nan": ([], b"nan\n", {}),
    "scalar_with_header": ([], lines("scalar_with_header", "-3"), {}),
    "empty": (["space", "time"], b"", {}),
    "header_only": (["time"], lines("time,header_only"), {}),
    "missing": (["time"], lines("time,missing", f"{DAY},", "2021-03-02,NaN", ",1.5", "NaT,nan",
                                "2021-03-05,inf"), {}),
    "counts": (["time"], lines("time,counts", "2019,3", "2020,-4", "2021,"), {}),
    "large_counts": (["time"], lines("time,large_counts", "1,9007199254740993", "2,-5"), {}),
    "seasons": (["time"], lines("time,seasons", "winter,0.5", "spring,1"), {}),
    "months": (["time"], lines("time,months", "01,1.25", "12,2"), {}),
    "zones": (["time"], lines("time,zones", f"{DAY}T10:00:00Z,1", f"{DAY} 10:00:00.5+02:00,2",
                              f"{DAY} 10:00:00.123456789,3", f"{DAY},4"), {}),
    "no_days": (["time"], lines("time,no_days", "2021-02-28,1", "2021-02-30,2"), {}),
    "classes": (["time"], lines("time,classes", f"{DAY},forest", "2021-03-02,True"),
                {"value_type": "categorical"}),
    "no_header": (["space", "time"], lines(f"Altstadt,{DAY},1.5", "Nonntal,2021-03-02,2.5"), {}),
    "no_header_of_other_width": (["time"], lines(f"1,{DAY},1.5"), {}),
    "other_header": (["space", "time"], lines("place,when,how much", f"Altstadt,{DAY},1"), {}),
    "twice": (["time"], lines("time,twice,twice,Twice,", f"{DAY},1,2,3,4"), {}),
    "windows": (["time"], b"\xef\xbb\xbftime,windows\r\n2021-03-01,1\r\n2021-03-02,2\r\n", {}),
    "quotes": (["space", "time"], lines('"space","time","quotes"', f'"a ""b"", c",{DAY},1',
                                        f'"two\nlines",{DAY},"2"'), {}),
    "semicolons": (["time"], lines("time;semicolons", f"{DAY};1,5", "2021-03-02;2,5"), {}),
    "a; b, c": (["time"], lines('time,"a; b, c"', f"{DAY},1"), {}),
    "ragged": (["time"], lines("time,ragged", DAY, "2021-03-02,2,3", "", "2021-03-04,4"), {}),
    "latin": (["space", "time"], lines("space,time,latin", f"Mönchsberg,{DAY},1").decode()
              .encode("latin-1"), {}),
    "binary": (["time"], b"time,binary\n\0\0\0\1\n", {}),
    "page": (["time"], b"<!DOCTYPE html>\n<html><body>Not here, sorry</body></html>\n", {}),
    "one_line": (["time"], b"time,one_line " * 100_000, {}),
    "places": (["space", "time"], lines(
        "space,time,places", *(f"{name},{DAY},{place}" for place, name in enumerate(
            ("Mönchsberg", "feature_2", "feature_3", "7", "twin", "nowhere", "", "nan")))), {}),
    "unnamed_dims": (None, lines("space,time,unnamed_dims", f"Mönchsberg,{DAY},1"), {}),
    "late": (["time"], None, {}),
    "late_words": (["time"], None, {}),
    "twin name": (["time"], lines("time,first", f"{DAY},1"), {}),
    "twin name ": (["time"], lines("time,second", f"{DAY},2"), {"name": "twin name"}),
    "area_of_interest": (["time"], lines("time,area_of_interest", f"{DAY},1"), {}),
    "plain": (["time"], lines("time,plain", f"{DAY},1"), {"file_type": "text"}),
}

ROWS = 150_000
# A thousand rows, the values from 0 to 999.
LARGE_BLOCK = "".join(f"Mönchsberg,2021-03-02 10:17:{number % 60:02d}.408715,{number}.617352941\n"
                      for number in range(1000)).encode()


def late(last):
    """Longer than what anybody looks at before the first row, with the surprise at its end."""
    rows = [f"{1000 + number % 1000},{number}" for number in range(ROWS)]
    return lines("time,late", *rows, last)


def content(name):
    if name == "late":
        return late("2000,0.5")
    if name == "late_words":
        return late("soon,much")
    return TABLES[name][1]


def table(name, number, data):
    dims, _, more = TABLES[name]
    written = {"name": name, "inference_id": number, "value_type": "numerical", "dims": dims,
               "file_type": "csv", "vis_type": "list", "data": data, "bytes": len(content(name)),
               **more}
    if dims is None:
        del written["dims"]
    return written


def area(samples):
    """Features as users draw them: without a name, twice the same, with heights, of every kind."""
    [moenchsberg, second, third, *_] = sample_features(samples)
    corner = [13.05, 47.8, 430.5]
    return json.dumps({"type": "FeatureCollection", "features": [
        {**moenchsberg, "properties": {"name": "Mönchsberg", "height": 508, "tags": ["hill", 1],
                                       "owner": {"town": "Salzburg", "share": 0.5}}},
        {**second, "properties": {}},
        {**third, "properties": {"name": None, "height": 424.5}},
        {"type": "Feature", "properties": {"name": 7},
         "geometry": {"type": "Point", "coordinates": corner}},
        {**second, "properties": {"name": "twin"}},
        {**third, "properties": {"name": "twin"}}]})


def write_large(path, size):
    """About `size` bytes, and how many rows they are."""
    blocks = size // len(LARGE_BLOCK)
    with open(path, "wb") as file:
        file.write(b"space,time,large\n")
        for _ in range(blocks):
            file.write(LARGE_BLOCK)
    return blocks * 1000
