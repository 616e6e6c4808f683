"""The static figure of section 5.1."""

from __future__ import annotations

import matplotlib as mpl
from IPython.display import SVG
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from . import LIGHT, style, themed_svg


def variety(temperatures: ArrayLike, distinct: ArrayLike, entropies: ArrayLike) -> SVG:
    """Distinct-2 of some texts, and the mean entropy at their tokens, against the temperature."""
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 4.6), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True)
        for axes, values, colour in ((above, distinct, "bar"), (below, entropies, "now-ink")):
            axes.plot(temperatures, values, "o-", color=LIGHT[colour], linewidth=2.5, markersize=7)
        above.set(ylim=(0, 1.05), ylabel="distinct-2, 8 texts")
        below.set(ylim=(0, None), xlim=(0, None), ylabel="entropy (nats)", xlabel="temperature T")
        return themed_svg(figure)
