"""The static figures of Step 6."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from IPython.display import SVG
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from experiments.repeats import mean_and_error

from . import LIGHT, style, themed_svg

COLOURS = {"right": "bar", "doubled": "now-ink"}


def learning_curves(accuracies: Mapping[str, Mapping[str, ArrayLike]]) -> SVG:
    """Accuracy after every epoch, a panel an optimiser and a curve a loss: the mean of the seeds, and each of them."""
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 2.8 * len(accuracies)), layout="constrained")
        panels = figure.subplots(len(accuracies), 1, sharex=True, squeeze=False)[:, 0]
        for axes, (optimiser, losses) in zip(panels, accuracies.items(), strict=True):
            for loss, seeds in losses.items():
                draw_seeds(axes, np.asarray(seeds, float), loss)
            epochs = np.shape(next(iter(losses.values())))[1]
            axes.set(
                title=optimiser,
                xlim=(0, epochs),
                ylim=(0, 1.13),
                yticks=[0, 0.25, 0.5, 0.75, 1],
                ylabel="accuracy, unseen digits",
            )
        panels[-1].set_xlabel("epoch")
        return themed_svg(figure)


def draw_seeds(axes: Axes, seeds: np.ndarray, loss: str) -> None:
    """Thin lines for the seeds, a thick one for their mean, and the loss's name where the mean has climbed half-way."""
    epochs = np.arange(1, seeds.shape[1] + 1)
    colour, (mean, _) = LIGHT[COLOURS[loss]], mean_and_error(seeds)
    axes.plot(epochs, seeds.T, color=colour, linewidth=0.7, alpha=0.45)
    axes.plot(epochs, mean, color=colour, linewidth=2.5, linestyle="-" if loss == "right" else "--")
    place = int(0.55 * len(epochs))
    above = loss == "right"
    axes.annotate(
        loss,
        (epochs[place], mean[place]),
        (0, 9 if above else -44),
        textcoords="offset points",
        color=colour,
        horizontalalignment="center",
        weight="bold",
    )


def cost_against_temperature(
    temperatures: ArrayLike, costs: ArrayLike, answering: float, refusing: float, fitted: float
) -> SVG:
    """The mean cost of a question against T, with its standard error, beside answering and refusing everything."""
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.6), layout="constrained")
        axes = figure.subplots()
        mean, error = mean_and_error(costs)
        axes.fill_between(temperatures, mean - error, mean + error, color=LIGHT["line"])
        axes.plot(temperatures, mean, color=LIGHT["bar"], linewidth=2.5)
        ends = temperature_axis(axes, temperatures)
        for cost, words in ((answering, "answer everything"), (refusing, "refuse everything")):
            axes.axhline(cost, color=LIGHT["soft"], linestyle="--", linewidth=1)
            axes.text(
                ends[1],
                cost + 0.004,
                f"{words}: {cost:.3f}",
                color=LIGHT["soft"],
                fontsize=10,
                horizontalalignment="right",
            )
        there = np.interp(np.log(fitted), np.log(temperatures), mean)
        axes.vlines(fitted, 0, there, color=LIGHT["now-ink"], linewidth=1.5)
        axes.plot(fitted, there, "o", color=LIGHT["now-ink"], markersize=8)
        axes.text(fitted * 1.08, 0.015, f"fitted T = {fitted:.2f}", color=LIGHT["now-ink"], fontsize=10)
        axes.set(ylim=(0, 0.3), ylabel="mean cost of a question")
        return themed_svg(figure)


def solved_against_temperature(temperatures: ArrayLike, shares: Mapping[int, ArrayLike]) -> SVG:
    """The share solved in n tries against T, a curve an n, with a dot on the best temperature of each."""
    T = np.asarray(temperatures, float)
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.8), layout="constrained")
        axes = figure.subplots()
        ends = temperature_axis(axes, temperatures)
        styles: Sequence[str] = ["-", "--", "-.", ":"]
        for (tries, share), line in zip(shares.items(), [*styles, *styles], strict=False):
            each = np.asarray(share, float)
            best = int(each.argmax())
            axes.plot(T, each, line, color=LIGHT["bar"], linewidth=2)
            axes.plot(T[best], each[best], "o", color=LIGHT["now-ink"], markersize=8, clip_on=False)
            axes.text(ends[1] * 1.04, each[-1], f"n = {tries}", verticalalignment="center", fontsize=10)
        axes.set(ylim=(0, 1), ylabel="share solved in n tries")
        return themed_svg(figure)


def temperature_axis(axes: Axes, temperatures: ArrayLike) -> tuple[float, float]:
    """A logarithmic axis from the smallest to the largest temperature."""
    low, high = float(np.min(temperatures)), float(np.max(temperatures))
    axes.set(xscale="log", xlim=(low, high), xlabel="temperature T")
    ticks = [tick for tick in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if low <= tick <= high]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xticks([], minor=True)
    return low, high
