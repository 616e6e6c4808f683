"""The figures of Step 6, on inputs small enough to draw in a moment."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from drawings import is_steady_and_themed
from plots import misconceptions

GRID = np.geomspace(0.1, 20, 7)
CURVES = {
    "Adam": {"right": [[0.2, 0.8, 0.9], [0.3, 0.7, 0.9]], "doubled": [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]},
    "gradient descent": {"right": [[0.5, 0.8, 0.9], [0.4, 0.7, 0.9]], "doubled": [[0.1, 0.1, 0.2], [0.1, 0.2, 0.2]]},
}
COSTS = [0.3 - 0.1 * np.exp(-(np.log(GRID) ** 2)), 0.28 - 0.1 * np.exp(-(np.log(GRID) ** 2))]
SHARES = {1: np.linspace(0.7, 0.2, 7), 5: [0.7, 0.75, 0.8, 0.9, 0.8, 0.7, 0.6]}
DRAWINGS = {
    "curves": lambda: misconceptions.learning_curves(CURVES),
    "cost": lambda: misconceptions.cost_against_temperature(GRID, COSTS, 0.27, 0.2, 2.5),
    "tries": lambda: misconceptions.solved_against_temperature(GRID, SHARES),
}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_figures_are_the_same_every_time_and_know_only_the_palette(draw):
    is_steady_and_themed(draw)
    drawing = draw().data
    assert "var(--now-ink)" in drawing and "var(--bar)" in drawing


def test_a_learning_curve_shows_every_seed_and_their_mean():
    axes = Figure().subplots()
    misconceptions.draw_seeds(axes, np.array([[0.2, 0.8], [0.4, 0.6]]), "doubled")
    heights = [line.get_ydata().tolist() for line in axes.lines]
    assert heights[:2] == [[0.2, 0.8], [0.4, 0.6]] and heights[2] == pytest.approx([0.3, 0.7])
    assert axes.lines[2].get_linestyle() == "--" and axes.texts[0].get_text() == "doubled"


def test_the_dots_stand_on_the_best_temperatures(monkeypatch):
    figures = []
    monkeypatch.setattr(misconceptions, "themed_svg", figures.append)
    misconceptions.solved_against_temperature(GRID, SHARES)
    axes = figures[0].axes[0]
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() == "o"]
    assert dots == [(GRID[0], 0.7), (GRID[3], 0.9)]
    assert [text.get_text() for text in axes.texts] == ["n = 1", "n = 5"]


def test_the_cost_stands_beside_the_two_ways_to_do_without_a_rule(monkeypatch):
    figures = []
    monkeypatch.setattr(misconceptions, "themed_svg", figures.append)
    misconceptions.cost_against_temperature(GRID, COSTS, 0.27, 0.2, 2.5)
    axes = figures[0].axes[0]
    assert [text.get_text() for text in axes.texts] == [
        "answer everything: 0.270",
        "refuse everything: 0.200",
        "fitted T = 2.50",
    ]
    np.testing.assert_allclose(axes.lines[0].get_ydata(), np.mean(COSTS, axis=0))
