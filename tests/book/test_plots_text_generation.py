"""The figure of section 5.1 is drawn the same every time, in the book's colours, from what it is given."""

from drawings import is_steady_and_themed
from plots.text_generation import variety


def test_figure_is_the_same_every_time_and_knows_only_the_palette():
    is_steady_and_themed(lambda: variety([0, 1, 2], [0.1, 0.9, 1], [0, 3, 7]))


def test_figure_follows_its_numbers():
    assert variety([0, 1], [0.1, 0.9], [0, 3]).data != variety([0, 1], [0.2, 0.9], [0, 3]).data
