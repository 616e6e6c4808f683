"""The figures of the distillation chapter: what soft targets look like, and what they are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from IPython.display import SVG
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from softmax_lib import softmax

from . import LIGHT, style, themed_svg


def soft_targets(images: Sequence[ArrayLike], logits: Sequence[ArrayLike], temperatures: Sequence[float]) -> SVG:
    """A row for each image: the digit, drawn as squares of ink, and the teacher's probabilities at each temperature."""
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(6.4, 1.75 * len(images)), layout="constrained")
        grid = figure.subplots(
            len(images), 1 + len(temperatures), width_ratios=[1] + [2.4] * len(temperatures), squeeze=False
        )
        for row, (image, scores) in enumerate(zip(images, logits, strict=True)):
            draw_digit(grid[row, 0], np.asarray(image).reshape(8, 8))
            for axes, temperature in zip(grid[row, 1:], temperatures, strict=True):
                axes.bar(range(10), softmax(scores, temperature), color=LIGHT["bar"])
                axes.set(ylim=(0, 1), yticks=[0, 0.5, 1], xticks=range(10))
                axes.tick_params(length=0, labelsize=9)
                if row == 0:
                    axes.set_title(f"T = {temperature:g}", fontsize=11)
        return themed_svg(figure)


def draw_digit(axes: mpl.axes.Axes, image: np.ndarray) -> None:
    """Ink as squares whose area is its amount, so that the drawing keeps to the colours of the page."""
    rows, columns = np.nonzero(image)
    axes.scatter(columns, rows, s=60 * image[rows, columns] ** 2, marker="s", color=LIGHT["ink"], linewidths=0)
    axes.set(xlim=(-1, 8), ylim=(8, -1), aspect="equal")
    axes.set_axis_off()


def scores_by_target(scores: Mapping[str, Mapping[object, tuple[float, float]]], label: str) -> SVG:
    """For each named series, the mean and standard error of each kind of target; hard labels stand on the left."""
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(5.4, 3.4), layout="constrained")
        axes = figure.subplots()
        for (name, series), colour, marker in zip(scores.items(), ("now-ink", "bar"), "os", strict=False):
            means, errors = np.transpose(list(series.values()))
            places = [list(next(iter(scores.values()))).index(kind) for kind in series]
            axes.errorbar(
                places, means, errors, fmt=f"{marker}-", color=LIGHT[colour], linewidth=2, markersize=7, capsize=4
            )
            axes.annotate(
                name,
                (places[-1], means[-1]),
                (-4, 12),
                textcoords="offset points",
                color=LIGHT[colour],
                horizontalalignment="right",
            )
        kinds = list(next(iter(scores.values())))
        axes.set_xticks(range(len(kinds)), [str(kind) if isinstance(kind, str) else f"T = {kind}" for kind in kinds])
        axes.set(xlabel="what the student learns from", ylabel=label)
        axes.margins(y=0.2)
        return themed_svg(figure)
