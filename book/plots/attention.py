"""What section 7.1 shows of the heads of a language model, and of the text that they foretell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from IPython.display import SVG
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from experiments.repeats import mean_and_error

from . import LIGHT, style, themed_svg


def by_layer(measured: Mapping[str, ArrayLike], levels: Sequence[float]) -> SVG:
    """A panel a measure, (pieces, layers, heads): a dot a head, a line through the means, and a level to compare."""
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 5.4), layout="constrained")
        panels = np.atleast_1d(figure.subplots(len(measured), sharex=True))
        for axes, (name, values), level in zip(panels, measured.items(), levels, strict=True):
            heads = np.asarray(values, np.float64).mean(axis=0)
            layers = np.arange(1, len(heads) + 1)
            axes.plot(
                np.repeat(layers, heads.shape[1]),
                heads.ravel(),
                linestyle="",
                marker="o",
                markersize=3.6,
                markeredgewidth=0,
                color=LIGHT["bar"],
                alpha=0.6,
            )
            axes.plot(layers, heads.mean(axis=1), color=LIGHT["ink"], linewidth=2)
            axes.axhline(level, color=LIGHT["now-ink"], linewidth=1.6, linestyle="--")
            axes.set(ylabel=name, ylim=(0, None))
        panels[-1].set_xlabel("layer")
        return themed_svg(figure)


def rise(heats: Sequence[float], nll: ArrayLike) -> SVG:
    """How much each piece's NLL, (pieces, heats), lies above that at √d; the band is two standard errors each way."""
    values = np.asarray(nll, np.float64)
    mean, error = mean_and_error(values - values[:, [list(heats).index(1)]])
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.3), layout="constrained")
        axes = figure.subplots()
        axes.axhline(0, color=LIGHT["line"], linewidth=1.2)
        axes.fill_between(heats, mean - 2 * error, mean + 2 * error, color=LIGHT["bar"], alpha=0.25, linewidth=0)
        axes.plot(heats, mean, color=LIGHT["bar"], linewidth=2.2, marker="o", markersize=5)
        axes.plot(1, 0, color=LIGHT["now-ink"], marker="o", markersize=9)
        axes.set(xscale="log", xlabel="temperature of all heads, in units of √d", ylabel="NLL above that at √d, nats")
        axes.set_xticks(heats, [f"{heat:g}" for heat in heats])
        axes.minorticks_off()
        return themed_svg(figure)
