"""The figures of the chapter on calibration, on inputs small enough to draw in a moment."""

import re
from xml.etree import ElementTree

import numpy as np
import plots
import pytest
from plots import calibration

LOGITS = 3 * np.random.default_rng(0).normal(size=(60, 4))
LABELS = np.random.default_rng(1).integers(0, 4, 60) * (np.arange(60) % 3 == 0) + LOGITS.argmax(axis=1) * (np.arange(60) % 3 > 0)
DRAWN = {
    "loss": lambda: calibration.loss_by_beta(LOGITS, LABELS),
    "perfect": lambda: calibration.perfect_against_ours(np.linspace(0.02, 0.05, 50), 0.17, 0.038),
    "epochs": lambda: calibration.losses_by_epoch([1, 10], [[1, 2], [1, 2.2]], [[0.9, 1], [0.9, 1]], [[0.5, 2], [0.7, 2]]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_drawings_are_the_same_every_time_and_know_only_the_palette(name):
    drawing = DRAWN[name]().data
    ElementTree.fromstring(drawing.encode())
    assert drawing == DRAWN[name]().data
    assert set(re.findall("#[0-9a-f]{6}", drawing)) <= {value for pair in plots.PALETTE.values() for value in pair}
    assert "var(--now-ink)" in drawing


def test_the_slope_by_beta_is_the_difference_of_losses():
    for beta in (0.1, 0.7, 2):
        above, below = (calibration.mean_loss(LOGITS, LABELS, beta + step) for step in (1e-6, -1e-6))
        assert calibration.mean_slope(LOGITS, LABELS, beta) == pytest.approx((above - below) / 2e-6, abs=1e-7)
