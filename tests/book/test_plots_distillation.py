"""The figures of the distillation chapter, on inputs small enough to draw in a moment."""

import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from drawings import is_steady_and_themed
from plots.distillation import draw_digit, scores_by_target, soft_targets

IMAGE = np.linspace(0, 1, 64)
SERIES = {
    "few": {"labels": (0.8, 0.01), 1: (0.85, 0.01), 4: (0.9, 0.01)},
    "all": {"labels": (0.97, 0.01), 4: (0.95, 0.01)},
}


@pytest.mark.parametrize(
    "draw",
    [lambda: soft_targets([IMAGE], [np.arange(10)], (1, 4)), lambda: scores_by_target(SERIES, "accuracy")],
    ids=["targets", "scores"],
)
def test_drawings_repeat_themselves_in_the_colours_of_the_page(draw):
    is_steady_and_themed(draw)


def test_every_pixel_with_ink_is_drawn_where_it_is():
    image = np.zeros((8, 8))
    image[2, 5], image[7, 0] = 1, 0.5
    axes = Figure().subplots()
    draw_digit(axes, image)
    (ink,) = axes.collections
    assert sorted(map(tuple, ink.get_offsets().tolist())) == [(0, 7), (5, 2)]
    sizes = dict(zip(map(tuple, ink.get_offsets().tolist()), ink.get_sizes(), strict=True))
    assert sizes[5, 2] == 4 * sizes[0, 7]


def test_a_kind_that_one_series_leaves_out_keeps_its_place():
    drawing = scores_by_target(SERIES, "accuracy").data
    ticks = re.findall(r"<!-- (.*?) -->", drawing)
    assert ticks[:3] == ["labels", "T = 1", "T = 4"]
