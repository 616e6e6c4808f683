"""The figures of the chapter on calibration, on inputs small enough to draw in a moment."""

import numpy as np
import pytest

from drawings import is_steady_and_themed
from plots import calibration

DRAWN = {
    "perfect": lambda: calibration.perfect_against_ours(np.linspace(0.02, 0.05, 50), 0.17, 0.038),
    "epochs": lambda: calibration.losses_by_epoch(
        [1, 10], [[1, 2], [1, 2.2]], [[0.9, 1], [0.9, 1]], [[0.5, 2], [0.7, 2]]
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_drawings_are_the_same_every_time_and_know_only_the_palette(name):
    is_steady_and_themed(DRAWN[name])
    assert "var(--now-ink)" in DRAWN[name]().data
