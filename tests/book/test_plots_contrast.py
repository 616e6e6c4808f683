"""The figures of section 7.2 are drawn the same every time, in the book's colours, from what they are given."""

import re

import numpy as np
import pytest

from drawings import is_steady_and_themed
from experiments.contrast import Learned
from plots import contrast

TEMPERATURES = [0.01, 0.1, 1]
LEARNED = Learned(*np.random.default_rng(0).uniform(0.2, 0.9, (7, 5, 3)))
PATH = np.random.default_rng(1).uniform(0.01, 1, (5, 9, 3))


def places(learned=LEARNED):
    return contrast.places(TEMPERATURES, learned, 0.1)


def accuracies(learned=LEARNED, published=0.5):
    return contrast.accuracies(TEMPERATURES, learned, [0.9, 0.94], {0.05: published, 0.3: 0.56})


def settling(path=PATH):
    return contrast.settling([0.02, 0.07, 1], path)


@pytest.mark.parametrize("draw", [places, accuracies, settling])
def test_figures_are_the_same_every_time_and_know_only_the_palette(draw):
    is_steady_and_themed(draw)


def test_figures_follow_their_numbers():
    for draw, names in ((places, ("same", "other", "own_class")), (accuracies, ("probe", "hidden"))):
        drawn = draw().data
        for name in names:
            assert drawn != draw(LEARNED._replace(**{name: getattr(LEARNED, name) / 2})).data, name
        assert drawn == draw(LEARNED._replace(uniformity=LEARNED.same)).data
    assert accuracies().data != accuracies(published=0.51).data
    assert settling().data != settling(PATH[:, :, ::-1]).data


def test_three_starts_have_three_looks():
    dashes = set(re.findall(r"stroke-dasharray: [^;\"]+", settling().data))
    assert len(dashes) >= 3  # two of the lines, and CLIP's limit
