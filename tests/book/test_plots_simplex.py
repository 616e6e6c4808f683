"""The figures of section 7.3 are drawn the same every time, in the book's colours, from what they are given."""

import numpy as np
import pytest

from drawings import is_steady_and_themed
from experiments.relaxed_draws import Errors
from plots import simplex

NAMES = ["cat", "dog", "owl"]
DRAWS = np.random.default_rng(0).dirichlet([2, 1, 1], (4, 30))
MEASURED = {
    name: [Errors(*np.random.default_rng([seed, k]).uniform(0.5, 2, (2, 5))) for k in range(temperatures)]
    for seed, (name, temperatures) in enumerate({"soft": 3, "hard": 3, "without": 1}.items())
}


def paths(rows=DRAWS):
    return simplex.paths(dict(zip(["softmax", "entmax", "sparsemax"], rows, strict=False)), NAMES)


def noise(measured=MEASURED):
    return simplex.bias_and_noise([0.1, 1, 5], measured)


@pytest.mark.parametrize("draw", [paths, noise])
def test_figures_are_the_same_every_time_and_know_only_the_palette(draw):
    is_steady_and_themed(draw)


def test_figures_follow_their_numbers():
    assert paths().data != paths(DRAWS[::-1]).data
    more = {name: [Errors(2 * e.squared_bias, e.variance) for e in errors] for name, errors in MEASURED.items()}
    assert noise().data != noise(more).data


def test_each_class_has_its_corner_and_mixtures_lie_between():
    corners = simplex.placed(np.eye(3))
    sides = [np.linalg.norm(corners[a] - corners[b]) for a, b in ((0, 1), (1, 2), (2, 0))]
    assert sides == pytest.approx([1, 1, 1])
    assert simplex.placed([0.5, 0.5, 0]) == pytest.approx((corners[0] + corners[1]) / 2)
    assert simplex.placed([1 / 3] * 3) == pytest.approx(corners.mean(axis=0))


def test_four_classes_have_no_triangle():
    with pytest.raises(ValueError, match="p must have three classes on the last axis, not 4"):
        simplex.placed(np.full(4, 0.25))
