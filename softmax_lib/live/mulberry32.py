"""The Python twin of the figures' random numbers."""

import math
from collections.abc import Iterator
from itertools import islice

import numpy as np

_MASK = 0xFFFFFFFF


def mulberry32(seed: int) -> Iterator[float]:
    """Yield uniforms in [0, 1): the very numbers that `mulberry32` in softmax.mjs draws from this seed.

    >>> uniforms = mulberry32(7)
    >>> [round(next(uniforms), 6) for _ in range(3)]
    [0.011705, 0.061958, 0.976908]
    """
    state = seed & _MASK
    while True:
        state = (state + 0x6D2B79F5) & _MASK
        mixed = (state ^ (state >> 15)) * (state | 1) & _MASK
        mixed ^= (mixed + (mixed ^ (mixed >> 7)) * (mixed | 61)) & _MASK
        yield ((mixed ^ (mixed >> 14)) & _MASK) / 2**32


def gumbel_noise(u: float, classes: int) -> np.ndarray:
    """Return one Gumbel number a class: those that `gumbelNoise` in softmax.mjs makes from this u in [0, 1).

    >>> gumbel_noise(0.7, 3).round(3)
    array([ 3.556,  0.09 , -1.614])
    """
    uniforms = islice(mulberry32(math.floor(u * 2**32)), classes)
    return np.array([-math.log(-math.log(w or 2**-33)) for w in uniforms])  # w = 0 has no logarithm
