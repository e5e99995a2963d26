# SPDX-License-Identifier: MIT
"""The cases and their goals: issue 4's table."""

import random

from . import contenders
from .contenders import AGAIN, FIRST
from .service import DIRECT, SLOW

WINDOWS, SIDE, THREADS = 200, 256, 8


class Goal:
    """`factor` times what `against` took; at most so many requests of each kind."""

    def __init__(self, factor, against, files=None, api=None, connections=None):
        self.factor, self.against = factor, against
        self.files, self.api, self.connections = files, api, connections


class Case:
    def __init__(self, name, title, group, work, goal, *, arguments=None, whole_way=False,
                 factbase=SLOW, look=None):
        self.name, self.title, self.group, self.work = name, title, group, work
        self.goal, self.arguments, self.whole_way = goal, arguments or {}, whole_way
        self.factbase = factbase
        # What earlier processes have left: None for nothing, FIRST for another result of the
        # account, AGAIN for this one.
        self.look = look
        self.has_rival = False

    @property
    def contenders(self):
        if self.goal.against == "processor":
            return [one for one in contenders.ALL if one != contenders.CURL]
        return [*contenders.ALL, *([contenders.RIVAL] if self.has_rival else [])]


def random_windows(side):
    numbers = random.Random(4)
    return [[numbers.randrange(side - SIDE), numbers.randrange(side - SIDE), SIDE, SIDE]
            for _ in range(WINDOWS)]


def window(side, size):
    """Off the grid of tiles, towards the middle."""
    return {"xoff": side // 3 + 77, "yoff": side // 4 + 101, "xsize": size, "ysize": size}


def small_cases():
    yield Case("info", "`gdalinfo S2C:ID:NAME`", "composite", "info",
               Goal(0.75, "best", 1, 1), whole_way=True)
    yield Case("first", "the same, where the account has seen another result", "composite", "info",
               Goal(0.42, "best", 1, 1), whole_way=True, look=FIRST)
    yield Case("again", "the same in a second process", "composite", "info",
               Goal(0.35, "best", 1, 1), whole_way=True, look=AGAIN)
    yield Case("rasterio", "the same with rasterio, all pixels read", "composite", "rasterio",
               Goal(0.75, "best", 1, 1), whole_way=True)
    yield Case("open", "open and metadata", "composite", "metadata", Goal(0.75, "best", 1))
    yield Case("small", "whole raster", "composite", "pixels", Goal(0.7, "best", 1))


def large_cases(sides):
    yield Case("striped", "whole striped raster", "striped", "pixels", Goal(1.15, "curl"))
    yield Case("cog", "whole tiled COG", "cog", "pixels", Goal(1.10, "limit"))
    yield Case("window512", "window 512² of it", "cog", "pixels", Goal(0.9, "best", 3),
               arguments=window(sides["cog"], 512))
    yield Case("window2048", "window 2048²", "cog", "pixels", Goal(0.85, "best"),
               arguments=window(sides["cog"], min(2048, sides["cog"] // 2)))
    yield Case("overview", "500-pixel overview", "cog", "pixels", Goal(0.9, "best"),
               arguments={"buf_xsize": 500, "buf_ysize": 500})
    yield Case("threads", "8 threads, 200 random windows of 256²", "mosaic", "threads",
               Goal(0.35, "best"), arguments={
                   "windows": random_windows(sides["mosaic"]), "threads": THREADS})


def all_cases(sides):
    """The rows in the issue's order; `sides` as the files have them."""
    return [*small_cases(), *large_cases(sides),
            Case("hundred", "100 small results one after the other", "small", "one_by_one",
                 Goal(0.45, "best", 100, None, 1)),
            Case("processor", "loopback, whole COG: processor time", "cog",
                 "pixels", Goal(1.0, "processor"), factbase=DIRECT)]
