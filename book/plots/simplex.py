"""What section 7.3 shows on the simplex of three classes, of gradients through a draw, and of exact zeros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from IPython.display import SVG
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from experiments.relaxed_draws import Errors
from experiments.repeats import mean_and_error

from . import LIGHT, style, themed_svg

CORNERS = np.array([[0, 0], [1, 0], [0.5, np.sqrt(0.75)]])  # of the classes, in their order
LOOKS = [("bar", "-", "o"), ("now-ink", "--", "s"), ("ink", "-.", "^"), ("soft", ":", "v")]


def placed(p: ArrayLike) -> NDArray[np.float64]:
    """Where distributions over three classes lie in the triangle: each corner's share of the weight."""
    rows = np.asarray(p, np.float64)
    if rows.shape[-1] != 3:
        raise ValueError(
            f"p must have three classes on the last axis, not {rows.shape[-1]}: a triangle has three corners"
        )
    places: NDArray[np.float64] = rows @ CORNERS
    return places


def triangle(axes: Axes, names: Sequence[str]) -> None:
    """An empty triangle with its corners named."""
    axes.add_patch(mpl.patches.Polygon(CORNERS, closed=True, fill=False, edgecolor=LIGHT["soft"], linewidth=1.2))
    for (x, y), name, (side, across) in zip(
        CORNERS, names, [(-0.05, "left"), (0.05, "right"), (0, "center")], strict=True
    ):
        axes.text(
            x + side,
            y + (0.05 if y else -0.05),
            name,
            horizontalalignment=across,
            verticalalignment="bottom" if y else "top",
        )
    axes.set(xlim=(-0.08, 1.08), ylim=(-0.16, 1.02), aspect="equal")
    axes.set_axis_off()


def paths(curves: Mapping[str, ArrayLike], names: Sequence[str]) -> SVG:
    """From the centre, T = ∞, to a corner, T = 0: where each of up to four functions passes."""
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 4.2), layout="constrained")
        axes = figure.subplots()
        triangle(axes, names)
        for (name, rows), (colour, line, _) in zip(curves.items(), LOOKS, strict=False):
            axes.plot(*placed(rows).T, color=LIGHT[colour], linestyle=line, linewidth=2.4, label=name)
        axes.plot(*placed(np.full(3, 1 / 3)), marker="o", markersize=6, color=LIGHT["soft"])
        axes.legend(frameon=False, loc="upper right")
        return themed_svg(figure)


def bias_and_noise(temperatures: Sequence[float], measured: Mapping[str, Sequence[Errors]]) -> SVG:
    """Bias and standard deviation of one draw, in lengths of the exact gradient; bands are two standard errors.

    An estimator with one entry has no temperature, and is a line across.
    """
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 5.6), layout="constrained")
        above, below = figure.subplots(2, sharex=True)
        for (name, found), (colour, line, marker) in zip(measured.items(), LOOKS, strict=False):
            for axes, part in ((above, "squared_bias"), (below, "variance")):
                mean, error = mean_and_error(np.transpose([getattr(errors, part) for errors in found]))
                x, alone = (temperatures, False) if len(found) > 1 else ([min(temperatures), max(temperatures)], True)
                low, middle, high = (
                    np.sqrt(np.maximum(np.broadcast_to(level, len(x)), 0))
                    for level in (mean - 2 * error, mean, mean + 2 * error)
                )
                axes.fill_between(x, low, high, color=LIGHT[colour], alpha=0.25, linewidth=0)
                axes.plot(
                    x,
                    middle,
                    color=LIGHT[colour],
                    linestyle=line,
                    linewidth=2,
                    marker="" if alone else marker,
                    markersize=5,
                    label=name,
                )
        above.set(ylim=(-0.05, None), ylabel="bias")
        below.set(yscale="log", ylabel="standard deviation", xscale="log", xlabel="temperature T")
        below.set_xticks(temperatures, [f"{T:g}" for T in temperatures])
        below.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
        for axes in (above, below):
            axes.minorticks_off()
        above.legend(frameon=False, fontsize=10, ncols=2, loc="lower left", bbox_to_anchor=(-0.12, 1))
        return themed_svg(figure)
