"""What section 7.2 shows of encoders that learn by contrast, against the temperature they learned at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from IPython.display import SVG
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from experiments.contrast import COLDEST, Learned
from experiments.repeats import mean_and_error

from . import LIGHT, style, themed_svg

LOOKS = [("bar", "-", "o"), ("now-ink", "--", "s"), ("ink", "-.", "^")]
TICKS = (0.01, 0.05, 0.2, 1, 5, 20)


def band(axes: Axes, x: ArrayLike, rows: ArrayLike, look: int, name: str, marker: bool = True) -> None:
    """The mean over the seeds, the first axis of the rows; the band is two standard errors each way."""
    (mean, error), (colour, line, symbol) = mean_and_error(rows), LOOKS[look]
    axes.fill_between(x, mean - 2 * error, mean + 2 * error, color=LIGHT[colour], alpha=0.25, linewidth=0)
    axes.plot(
        x, mean, color=LIGHT[colour], linestyle=line, linewidth=2, marker=symbol * marker, markersize=5, label=name
    )


def temperature_axis(axes: Axes) -> None:
    axes.set(xscale="log", xlabel="temperature T")
    axes.set_xticks(TICKS, [f"{T:g}" for T in TICKS])
    axes.minorticks_off()


def places(temperatures: Sequence[float], learned: Learned, own_share: float) -> SVG:
    """Above, the mean cosines within and between classes; below, the share of the push that the own class has.

    `own_share` is its share of the negatives.
    """
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 5.4), layout="constrained")
        above, below = figure.subplots(2, sharex=True)
        band(above, temperatures, learned.same, 0, "same class")
        band(above, temperatures, learned.other, 1, "other class")
        above.set(ylabel="mean cosine", ylim=(-0.15, 1.02))
        above.legend(frameon=False, fontsize=10)
        band(below, temperatures, learned.own_class, 0, "of the push")
        below.axhline(own_share, color=LIGHT["soft"], linestyle=":", linewidth=2, label="of the negatives")
        below.set(ylabel="share of the own class", ylim=(0, 1))
        below.legend(frameon=False, fontsize=10)
        temperature_axis(below)
        return themed_svg(figure)


def accuracies(
    temperatures: Sequence[float], learned: Learned, pixels: ArrayLike, published: Mapping[float, float]
) -> SVG:
    """Above, ours on the digits, with the pixels' own as a line across; below, what was published of pictures."""
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 5.8), layout="constrained")
        above, below = figure.subplots(2, sharex=True)
        band(above, temperatures, learned.hidden, 1, "before the last layer")
        band(above, temperatures, learned.probe, 0, "places on the sphere")
        above.axhline(np.mean(pixels), color=LIGHT["soft"], linestyle=":", linewidth=2, label="pixels alone")
        above.set(ylabel="accuracy, ours", ylim=(0.74, 0.97))
        above.legend(frameon=False, fontsize=10, loc="lower left")
        below.plot(
            [*published],
            [*published.values()],
            color=LIGHT["ink"],
            linewidth=2,
            marker="^",
            markersize=5,
            linestyle="-.",
        )
        below.set(ylabel="accuracy, published", ylim=(0.47, 0.58))
        temperature_axis(below)
        return themed_svg(figure)


def settling(starts: Sequence[float], path: ArrayLike) -> SVG:
    """The temperature after each epoch, a line a start; the path has a row a seed, then an epoch, then a start."""
    rows = np.log10(np.asarray(path, np.float64))
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.6), layout="constrained")
        axes = figure.subplots()
        for k, start in enumerate(starts):
            band(axes, np.arange(rows.shape[1]), rows[:, :, k], k, f"from {start:g}", marker=False)
        axes.axhline(np.log10(COLDEST), color=LIGHT["soft"], linestyle=":", linewidth=2)
        axes.text(0, np.log10(COLDEST) + 0.03, "CLIP's limit", color=LIGHT["soft"], fontsize=10)
        ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]
        axes.set_yticks(np.log10(ticks), [f"{T:g}" for T in ticks])
        axes.set(xlabel="epoch", ylabel="temperature T")
        axes.legend(frameon=False, fontsize=10)
        return themed_svg(figure)
