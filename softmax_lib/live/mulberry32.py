"""The Python twin of the figures' random numbers."""

from collections.abc import Iterator

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
