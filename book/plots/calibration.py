"""The static figures of the chapter on calibration."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from IPython.display import SVG
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from . import LIGHT, style, themed_svg


def perfect_against_ours(perfect: ArrayLike, before: float, after: float) -> SVG:
    """A histogram of the errors of perfect models, and where ours lies before and after."""
    errors = np.asarray(perfect)
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 2.9), layout="constrained")
        axes = figure.subplots()
        counts, _, _ = axes.hist(errors, np.arange(0, 0.0801, 0.002), color=LIGHT["bar"], edgecolor=LIGHT["paper"])
        top = counts.max()
        for x, words, line, height, side in [
            (before, "ours at T = 1", "--", 0.85, "right"),
            (after, "ours at the fitted T", "-", 1.12, "left"),
        ]:
            axes.axvline(x, color=LIGHT["now-ink"], linestyle=line, linewidth=2.5)
            axes.text(
                x + (-0.003 if side == "right" else 0.003),
                height * top,
                f"{words}: {x:.3f}",
                color=LIGHT["now-ink"],
                weight="bold",
                horizontalalignment=side,
                verticalalignment="top",
            )
        axes.text(errors.mean() + 0.018, 0.5 * top, f"{len(errors):,} perfect models,\nmean {errors.mean():.3f}")
        axes.set(
            xlim=(0, max(0.18, before + 0.01)),
            ylim=(0, 1.2 * top),
            xlabel="expected calibration error (15 bins)",
            ylabel="models",
            yticks=[],
        )
        axes.spines["left"].set_visible(False)
        return themed_svg(figure)


def losses_by_epoch(epochs: Sequence[int], before: ArrayLike, after: ArrayLike, temperatures: ArrayLike) -> SVG:
    """The mean NLL against the epochs, at T = 1 and at the fitted T, whose mean stands below each point.

    A row is a seed.
    """
    first, second, fitted = (np.asarray(values).mean(axis=0) for values in (before, after, temperatures))
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.5), layout="constrained")
        axes = figure.subplots()
        axes.plot(epochs, first, "o--", color=LIGHT["soft"], linewidth=2.5, label="at T = 1")
        axes.plot(epochs, second, "o-", color=LIGHT["bar"], linewidth=2.5, label="at the fitted T")
        for epoch, temperature in zip(epochs, fitted, strict=True):
            axes.text(
                epoch, 0.42, f"{temperature:.2f}", color=LIGHT["now-ink"], weight="bold", horizontalalignment="center"
            )
        axes.text(epochs[0], 0.54, "fitted T:", color=LIGHT["now-ink"], weight="bold")
        axes.set(
            xscale="log",
            xlim=(0.7 * epochs[0], None),
            ylim=(0.35, None),
            xlabel="epochs of training",
            ylabel="NLL on new digits (nats)",
        )
        axes.set_xticks(list(epochs), [str(epoch) for epoch in epochs])
        axes.minorticks_off()
        axes.legend(frameon=False)
        return themed_svg(figure)
