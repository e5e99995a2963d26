# SPDX-License-Identifier: MIT
"""An invented landscape: a river, fields, woods and a town, from numpy alone."""

import numpy as np

WIDTH, HEIGHT = 268, 240

# Class numbers run 1..n in the order of a model's inputs, as `compose` numbers them.
WATER, WOOD, MEADOW, FIELD, TOWN = 1, 2, 3, 4, 5


def smooth_noise(random, cell, width=WIDTH, height=HEIGHT):
    """Noise in -1..1 without detail below `cell` pixels (bilinear between random knots)."""
    rows, columns = height // cell + 2, width // cell + 2
    knots = random.uniform(-1, 1, (rows, columns))
    y, x = np.arange(height) / cell, np.arange(width) / cell
    top, left = y.astype(int), x.astype(int)
    down, right = (y - top)[:, None], (x - left)[None, :]
    upper = knots[top][:, left] * (1 - right) + knots[top][:, left + 1] * right
    lower = knots[top + 1][:, left] * (1 - right) + knots[top + 1][:, left + 1] * right
    return upper * (1 - down) + lower * down


def relief(random):
    """Several scales of noise, the coarse ones stronger."""
    return sum(smooth_noise(random, cell) * cell / 64 for cell in (64, 32, 16, 8))


def river_distance(random):
    """Distance in pixels, along a row, from a river that winds from north to south."""
    y = np.arange(HEIGHT)
    middle = WIDTH * 0.45 + 22 * np.sin(y / 31.0) + 9 * np.sin(y / 11.0 + random.uniform(0, 3))
    return np.abs(np.arange(WIDTH)[None, :] - middle[:, None])


def parcels(random, count=170):
    """Number of the nearest of `count` random points: the parcels of fields and meadows."""
    py, px = random.uniform(0, HEIGHT, count), random.uniform(0, WIDTH, count)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    # A turned metric makes the parcels long and slanted as field strips are.
    along, across = (x + y) * 0.4, (x - y) * 1.0
    distance = (along[..., None] - (px + py) * 0.4) ** 2 + (across[..., None] - (px - py)) ** 2
    return distance.argmin(axis=2)


class Landscape:
    """The class of every pixel and what the classes reflect."""

    def __init__(self, seed):
        random = np.random.RandomState(seed)
        self.random = random
        height = relief(random)
        parcel = parcels(random)
        self.parcel_value = random.uniform(-1, 1, parcel.max() + 1)[parcel]
        classes = np.where(self.parcel_value > 0.1, FIELD, MEADOW)
        classes[height > 0.55] = WOOD
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
        town = np.hypot((y - HEIGHT * 0.55) / 70, (x - WIDTH * 0.52) / 75) + 0.25 * height
        classes[town < 0.75] = TOWN
        classes[river_distance(random) < 4.5] = WATER
        self.classes = classes
        self.height = height

    def reflectance(self, means, texture):
        """Reflectance × 10000 of one spectral band, ending in .5 as medians of even counts do.

        Steps of 16 keep the committed file small.
        """
        value = np.choose(self.classes, [0] + list(means)).astype(np.float64)
        value *= 1 + 0.10 * self.height + 0.16 * self.parcel_value * (self.classes >= MEADOW)
        grain = self.random.normal(0, 1, value.shape) * (self.classes == TOWN)
        value += texture * grain + texture * 0.25 * smooth_noise(self.random, 3)
        return np.clip(np.round(value / 16) * 16 + 0.5, 0.5, 9999.5)
