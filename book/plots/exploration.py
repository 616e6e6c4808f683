"""What section 5.4 shows of bandits."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from IPython.display import SVG
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from experiments.bandits import Record
from experiments.repeats import mean_and_error

from . import LIGHT, style, themed_svg

LOOKS = [("soft", ":"), ("soft", "--"), ("bar", "-"), ("now-ink", "-"), ("ink", "-")]


def regret_curves(records: Mapping[str, Record], most: float) -> SVG:
    """The regret of up to five policies as pulls go by, named at the right; bands are two standard errors each way."""
    if len(records) > len(LOOKS):
        raise ValueError(
            f"records must hold at most {len(LOOKS)} policies, not {len(records)}: more lines could not be told apart"
        )
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 4.2), layout="constrained")
        axes = figure.subplots()
        for (name, record), (colour, line) in zip(records.items(), LOOKS, strict=False):
            mean, error = mean_and_error(record.regret)
            pulls = np.arange(1, len(mean) + 1)
            axes.fill_between(pulls, mean - 2 * error, mean + 2 * error, color=LIGHT[colour], alpha=0.25, linewidth=0)
            axes.plot(pulls, mean, color=LIGHT[colour], linestyle=line, linewidth=2)
            height = min(mean[-1], most * 0.98)
            place = np.searchsorted(mean, height) + 1
            inside = mean[-1] > most
            axes.annotate(
                name,
                (min(place, len(mean)), height),
                (-14 if inside else 5, 0),
                textcoords="offset points",
                color=LIGHT[colour],
                verticalalignment="center",
                horizontalalignment="right" if inside else "left",
                annotation_clip=False,
            )
        axes.set(xlim=(0, len(mean)), ylim=(0, most), xlabel="pulls", ylabel="regret, summed so far")
        return themed_svg(figure)


def against_temperature(temperatures: ArrayLike, regrets: ArrayLike, others: Mapping[str, ArrayLike]) -> SVG:
    """The regret of fixed temperatures (a row a temperature, a column a bandit), and that of others as lines across."""
    mean, error = mean_and_error(np.transpose(regrets))
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.4), layout="constrained")
        axes = figure.subplots()
        for (name, values), colour in zip(others.items(), ("now-ink", "ink"), strict=True):
            level, spread = mean_and_error(values)
            axes.axhspan(level - 2 * spread, level + 2 * spread, color=LIGHT[colour], alpha=0.2, linewidth=0)
            axes.axhline(level, color=LIGHT[colour], linewidth=2)
            axes.text(
                np.max(temperatures) * 1.1,
                level * 1.04,
                name,
                color=LIGHT[colour],
                horizontalalignment="right",
                verticalalignment="bottom",
            )
        axes.errorbar(temperatures, mean, 2 * error, color=LIGHT["bar"], marker="o", linewidth=2, markersize=6)
        axes.set(xscale="log", yscale="log", xlabel="temperature T, fixed", ylabel="regret after 1,000 pulls")
        axes.set_ylim(45, 900)
        axes.set_xlim(np.min(temperatures) / 1.2, np.max(temperatures) * 1.2)
        for axis, ticks in ((axes.xaxis, (0.1, 0.25, 0.5, 1)), (axes.yaxis, (50, 100, 200, 400, 800))):
            axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
        return themed_svg(figure)
