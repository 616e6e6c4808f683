"""What section 5.3 shows of classifier-free guidance."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from IPython.display import HTML, SVG
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from experiments.guidance import Classes, guided_flow, powered, ring, tempered
from softmax_lib import softmax

from . import DARK, GENERATED, LIGHT, film, film_figure, style, themed_svg


def two_targets(classes: Classes, target: int, scale: float, draws: ArrayLike) -> SVG:
    """Above, the classifier powered and tempered; below, the densities that follow, and guided draws as a histogram."""
    grid = np.linspace(-4, 5, 901)
    logits = classes.logits(grid[:, None])
    class_density = np.exp(classes.of(target).log_density(grid[:, None]))
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 5.4), layout="constrained")
        above, below = figure.subplots(2, sharex=True, height_ratios=[2, 3])
        posterior = softmax(logits)[:, target]
        above.plot(grid, posterior, color=LIGHT["bar"], linewidth=1.5, label="p(c|x)")
        above.plot(
            grid,
            softmax(logits, 1 / scale)[:, target],
            color=LIGHT["ink"],
            linestyle="--",
            linewidth=2,
            label=f"softmax at T = 1/{scale:g}",
        )
        above.plot(
            grid, posterior**scale, color=LIGHT["now-ink"], linewidth=2.5, label=f"p(c|x) to the power {scale:g}"
        )
        above.set(ylim=(0, 1.05), yticks=[0, 0.5, 1], ylabel="classifier")
        above.legend(frameon=False, loc="lower right", fontsize=10)
        below.hist(
            np.ravel(draws),
            bins=np.linspace(-4, 5, 91),
            density=True,
            color=LIGHT["soft"],
            alpha=0.35,
            label="guided draws",
        )
        below.plot(grid, class_density, color=LIGHT["bar"], linewidth=1.5, label="p(x|c)")
        below.plot(
            grid,
            tempered(classes, target, scale, grid),
            color=LIGHT["ink"],
            linestyle="--",
            linewidth=2,
            label="with the softmax",
        )
        below.plot(
            grid, powered(classes, target, scale, grid), color=LIGHT["now-ink"], linewidth=2.5, label="with the power"
        )
        below.set(xlim=(-4, 5), xlabel="x", ylabel="density")
        below.legend(frameon=False, loc="upper left", fontsize=10)
        return themed_svg(figure)


def flow_film(
    scales: tuple[float, float] = (1, 5),
    *,
    folder: Path = GENERATED,
    points: int = 90,
    frames: int = 56,
    rest: int = 24,
) -> HTML:
    """A video of the same noise flowing to the modes of one class without and with guidance; its poster is the end."""
    description = (
        "Animation: points flow from noise to the six modes of a class, "
        f"at guidance scale {scales[0]:g} and {scales[1]:g}"
    )
    with mpl.rc_context(style(DARK) | {"font.size": 20}):
        picture = FlowPicture(scales, points, frames)
        moments = [(step,) for step in [*range(frames), *[frames - 1] * rest]]
        return film("guided-flow", picture, moments, (frames - 1,), description, folder)


class FlowPicture:
    """One frame of the flow, shrunk to the size that noise of this level has, so that all points stay in sight."""

    reach = 2.2  # the radius of the ring

    def __init__(self, scales: tuple[float, float], points: int, frames: int) -> None:
        self.classes = ring(radius=self.reach)
        start = np.random.default_rng(3).standard_normal((points, 2))
        self.flows = [
            list(guided_flow(start, self.classes.of(0), self.classes.everything, scale, steps=frames - 1))
            for scale in scales
        ]
        self.figure = film_figure()
        self.canvas = FigureCanvasAgg(self.figure)
        self.noise = self.figure.text(0.5, 0.91, "", fontsize=28, horizontalalignment="center")
        self.sides = [self._draw_side(left, scale) for left, scale in zip((0.02, 0.51), scales, strict=True)]

    def frame(self, step: int) -> NDArray[np.uint8]:
        """The picture after this many steps of the flow."""
        for (dots, *rings), flow in zip(self.sides, self.flows, strict=True):
            noise, x = flow[step]
            shrunk = np.sqrt(1 + (noise / self.reach) ** 2)
            dots.set_data(*(x / shrunk).T)
            for modes, drawn in zip(self.classes.mixtures, rings, strict=True):
                drawn.set_data(*(modes.means / shrunk).T)
        self.noise.set_text(f"noise {noise:.1f}" if noise >= 0.05 else "no noise left")
        self.canvas.draw()
        return np.asarray(self.canvas.buffer_rgba())[..., :3]

    def _draw_side(self, left: float, scale: float):  # type: ignore[no-untyped-def]
        # The lowest part of the picture stays empty: the player's controls lie there.
        axes = self.figure.add_axes((left, 0.15, 0.47, 0.47 * 4 / 3), xlim=(-3.1, 4.5), ylim=(-3.8, 3.8))
        axes.set_axis_off()
        words = "no guidance" if scale == 1 else "guided"
        self.figure.text(
            left + 0.235,
            0.82,
            f"s = {scale:g}, {words}",
            color=DARK["now-ink"],
            fontsize=24,
            weight="bold",
            horizontalalignment="center",
        )
        rings = [
            axes.plot(
                [],
                [],
                "o",
                markersize=40,
                markerfacecolor="none",
                markeredgewidth=2,
                color=DARK["bar" if c == 0 else "line"],
            )[0]
            for c in range(len(self.classes.mixtures))
        ]
        (dots,) = axes.plot([], [], "o", markersize=6, color=DARK["now-ink"], alpha=0.8, markeredgewidth=0)
        return dots, *rings
