"""The static figures and animations of the Opening and Steps 1 to 4."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from IPython.display import HTML, SVG
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from numpy.typing import ArrayLike, NDArray

from softmax_lib import empirical_distribution, entropy, entropy_slope, pick, sample, softmax

from . import DARK, GENERATED, LIGHT, film, film_figure, style, themed_svg

COLDEST, HOTTEST = 0.05, 20.0  # the ends of the live dial


def shifted_shares(logits: ArrayLike, names: Sequence[str]) -> SVG:
    """Shares after adding c to every logit, against c; dashed, the softmax, for which c does not matter."""
    z, p = np.asarray(logits, float), softmax(logits)
    shifts = np.linspace(-z.min(), 20, 201)
    shares = (z + shifts[:, None]) / (z + shifts[:, None]).sum(axis=1, keepdims=True)
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.6), layout="constrained")
        axes = figure.subplots()
        for k, colour in [(0, "bar"), (len(z) - 1, "soft")]:
            axes.axhline(p[k], color=LIGHT[colour], linestyle="--", linewidth=1.5)
            axes.text(20, p[k] + 0.012, f"{names[k]}, softmax: {p[k]:.3f}", horizontalalignment="right")
            axes.plot(shifts, shares[:, k], color=LIGHT[colour], linewidth=2.5)
            axes.text(20, shares[-1, k] + (-0.045, 0.016)[k == 0], f"{names[k]}, shifted", horizontalalignment="right")
        axes.axhline(1 / len(z), color=LIGHT["line"], linewidth=1, zorder=0)
        axes.set(xlim=(0, 20), ylim=(0, 0.7), xticks=[0, 5, 10, 15, 20], xlabel="shift c", ylabel="share of the whole")
        return themed_svg(figure)


def sigmoid_curve(gap: float) -> SVG:
    """The probability of the first of two classes against the gap between their logits, with one gap marked."""
    gaps = np.linspace(-6, 6, 201)
    p = softmax([gap, 0])[0]
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.2), layout="constrained")
        axes = figure.subplots()
        axes.plot(gaps, softmax(np.stack([gaps, 0 * gaps], axis=-1))[:, 0], color=LIGHT["bar"], linewidth=2.5)
        axes.vlines(gap, 0, p, color=LIGHT["now-ink"], linewidth=6)
        axes.vlines(gap, p, 1, color=LIGHT["soft"], linewidth=6)
        axes.plot(gap, p, "o", color=LIGHT["now-ink"], markersize=9)
        axes.text(gap + 0.25, p / 2, f"p = {p:.3f}", color=LIGHT["now-ink"], verticalalignment="center")
        axes.text(gap + 0.25, 1.06, f"1 − p = {1 - p:.3f}", verticalalignment="center")
        axes.set(xlim=(-6, 6), ylim=(0, 1.12), yticks=[0, 0.25, 0.5, 0.75, 1])
        axes.set(xlabel="gap Δ between the two logits", ylabel="probability of the first class")
        return themed_svg(figure)


def entropy_curve(logits: ArrayLike, temperature: float = 1.0) -> SVG:
    """H(T) on a logarithmic axis, with the tangent of slope dH/dT at one temperature."""
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.4), layout="constrained")
        axes = figure.subplots()
        temperatures = np.geomspace(COLDEST, HOTTEST, 201)
        uniform = np.log(np.size(logits))
        axes.axhline(uniform, color=LIGHT["soft"], linestyle="--", linewidth=1)
        axes.text(COLDEST * 1.1, uniform + 0.03, f"all classes equal: {uniform:.3f}", color=LIGHT["soft"])
        axes.plot(temperatures, entropy(softmax(logits, temperatures)), color=LIGHT["bar"], linewidth=2.5)
        draw_tangent(axes, logits, temperature)
        axes.set(xscale="log", xlim=(COLDEST, HOTTEST), ylim=(0, uniform * 1.15))
        axes.set(xlabel="temperature T", ylabel="entropy H (nats)")
        ticks = [0.1, 0.3, 1, 3, 10]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.set_xticks([], minor=True)
        return themed_svg(figure)


def temperature_sweep(logits: ArrayLike, names: Sequence[str], *, folder: Path = GENERATED, frames: int = 120) -> HTML:
    """A video of the bars as T climbs its logarithmic scale; its poster is the frame at T = 1."""
    description = f"Animation: the probabilities of {len(names)} classes as the temperature climbs"
    with mpl.rc_context(style(DARK) | {"font.size": 20}):
        moments = [(T,) for T in np.geomspace(COLDEST, HOTTEST, frames)]
        return film("temperature-sweep", SweepPicture(logits, names), moments, (1.0,), description, folder)


class SweepPicture:
    """One frame of the sweep: bars on a fixed axis from 0 to 1, the temperature, the entropy."""

    def __init__(self, logits: ArrayLike, names: Sequence[str]) -> None:
        self.logits, self.uniform = logits, np.log(len(names))
        self.figure = film_figure()
        self.canvas = FigureCanvasAgg(self.figure)
        self._draw_read_out()
        self._draw_bars(names)
        self._draw_scale()

    def frame(self, temperature: float) -> NDArray[np.uint8]:
        """The picture at one temperature, as rows of red, green and blue."""
        probabilities = softmax(self.logits, temperature)
        for bar, value, probability in zip(self.bars, self.values, probabilities, strict=True):
            bar.set_width(probability)
            value.set(x=probability + 0.02, text=f"{probability:.3f}")
        self.temperature.set_text(f"T = {temperature:.2f}")
        self.entropy.set_text(f"H = {entropy(probabilities):.2f} of {self.uniform:.2f} nats")
        self.marker.set_xdata([temperature])
        self.canvas.draw()
        return np.asarray(self.canvas.buffer_rgba())[..., :3]

    def _draw_read_out(self) -> None:
        self.temperature = self.figure.text(0.15, 0.88, "", color=DARK["now-ink"], fontsize=32, weight="bold")
        self.entropy = self.figure.text(0.93, 0.88, "", fontsize=28, horizontalalignment="right")

    def _draw_bars(self, names: Sequence[str]) -> None:
        axes = self.figure.add_axes((0.15, 0.36, 0.78, 0.47))
        self.bars = axes.barh(names, np.zeros(len(names)), color=DARK["bar"], height=0.7)
        self.values = [axes.text(0, row, "", verticalalignment="center") for row in range(len(names))]
        axes.set(xlim=(0, 1.16), xticks=[0, 0.5, 1])
        axes.invert_yaxis()
        axes.spines["bottom"].set_bounds(0, 1)
        axes.tick_params(length=0)

    def _draw_scale(self) -> None:
        # The lowest part of the picture stays empty: the player's controls lie there.
        axes = self.figure.add_axes((0.15, 0.22, 0.78 / 1.16, 0.05))
        axes.set(xscale="log", xlim=(COLDEST, HOTTEST), yticks=[], ylim=(-1, 1))
        axes.axhline(0, color=DARK["line"], linewidth=6)
        ticks = [COLDEST, 1, HOTTEST]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.set_xticks([], minor=True)
        axes.spines[:].set_visible(False)
        (self.marker,) = axes.plot([1], [0], "o", color=DARK["now-ink"], markersize=20, clip_on=False)


def staircase(logits: ArrayLike, names: Sequence[str], u: float) -> SVG:
    """The cumulative sums as stairs; u goes right until it meets a riser, then down to the name of the pick."""
    p = softmax(logits)
    sums, picked = np.cumsum(p), pick(p, u)
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.6), layout="constrained")
        axes = figure.subplots()
        axes.bar(names, p, bottom=sums - p, width=1, color=LIGHT["bar"], alpha=0.35)
        axes.bar(names[picked], p[picked], bottom=sums[picked] - p[picked], width=1, color=LIGHT["now-ink"])
        axes.stairs(sums, np.arange(len(p) + 1) - 0.5, color=LIGHT["bar"], linewidth=2.5, baseline=None)
        for k, total in enumerate(sums):
            axes.text(k, total + 0.015, f"{total:.3f}", horizontalalignment="center", verticalalignment="bottom")
        axes.plot([-0.5, picked - 0.5], [u, u], color=LIGHT["now-ink"], linewidth=2)
        axes.text(-0.45, u + 0.015, f"u = {u:g}", color=LIGHT["now-ink"], weight="bold")
        arrow = {"arrowstyle": "-|>", "color": LIGHT["now-ink"], "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (picked, 0), (picked, sums[picked] - p[picked]), arrowprops=arrow)
        axes.set(
            xlim=(-0.5, len(p) - 0.5),
            ylim=(0, 1.12),
            yticks=[0, 0.2, 0.4, 0.6, 0.8, 1],
            ylabel="cumulative probability",
        )
        axes.tick_params(axis="x", length=0)
        return themed_svg(figure)


def sample_fall(
    logits: ArrayLike, names: Sequence[str], uniforms: Sequence[float], *, folder: Path = GENERATED, frames: int = 28
) -> HTML:
    """A video in which each number falls on the cumulative bar and its pick joins the others."""
    description = f"Animation: {len(uniforms)} random numbers fall on the cumulative bar of {len(names)} classes"
    with mpl.rc_context(style(DARK) | {"font.size": 20}):
        moments = [(n, step / (frames - 1)) for n in range(len(uniforms)) for step in range(frames)]
        return film("sample-fall", FallPicture(logits, names, uniforms), moments, moments[-1], description, folder)


class FallPicture:
    """One frame of the fall: a line drops from u to the bar, then a dot follows the funnel to its class."""

    scale, top, bottom, slot, floor = 0.79, 0.69, 0.58, 0.36, 0.24  # heights, from 0 to 1
    landed = 0.4  # the part of a fall after which the line has reached the bar

    def __init__(self, logits: ArrayLike, names: Sequence[str], uniforms: Sequence[float]) -> None:
        self.p, self.uniforms = softmax(logits), uniforms
        self.sums, self.picks = np.cumsum(self.p), pick(self.p, uniforms)
        self.figure = film_figure()
        self.canvas = FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0.06, 0, 0.88, 1), xlim=(0, 1), ylim=(0, 1))
        self.axes.set_axis_off()
        self._draw_still_parts(names)
        orange = {"color": DARK["now-ink"], "zorder": 3}
        self.hit = self.axes.add_patch(
            Polygon([(0, 0)], facecolor=DARK["now-ink"], edgecolor=DARK["paper"], linewidth=2)
        )
        (self.line,) = self.axes.plot([], [], linewidth=6, solid_capstyle="butt", **orange)
        (self.marker,) = self.axes.plot([], [], "o", markersize=20, clip_on=False, **orange)
        (self.past,) = self.axes.plot([], [], "o", markersize=18, color=DARK["bar"])
        self.number = self.axes.text(0, 0.9, "", color=DARK["now-ink"], fontsize=32, weight="bold")
        self.answer = self.axes.text(1, 0.9, "", fontsize=32, weight="bold", horizontalalignment="right")
        self.names = names

    def frame(self, n: int, progress: float) -> NDArray[np.uint8]:
        """The picture during fall `n`, its progress from 0 to 1, as rows of red, green and blue."""
        u, k = self.uniforms[n], self.picks[n]
        drop, slide = (np.clip(part, 0, 1) for part in (progress / self.landed, (progress - self.landed) / 0.4))
        self.line.set_data([u, u], [self.scale, self.scale - (self.scale - self.bottom) * drop**2])
        self.marker.set_data([u], [self.scale])
        self.hit.set_visible(slide > 0)
        if slide > 0:
            low, high = self.sums[k] - self.p[k], self.sums[k]
            self.hit.set_xy([(low, self.top), (low, self.bottom), (high, self.bottom), (high, self.top)])
            door = (k + (u - low) / self.p[k]) / len(self.p)  # straight down its funnel, then to its place
            goal = self._resting_place(n)
            path = np.array([(u, self.bottom), (door, self.slot), goal])
            self.marker.set_data(*([np.interp(slide, [0, 0.6, 1], along)] for along in path.T))
        self.past.set_data(*np.transpose([self._resting_place(m) for m in range(n)] or np.empty((0, 2))))
        self.number.set_text(f"u = {u:.3f}")
        self.answer.set_text(self.names[k] if slide > 0 else "")
        self.canvas.draw()
        return np.asarray(self.canvas.buffer_rgba())[..., :3]

    def _resting_place(self, n: int) -> tuple[float, float]:
        """Under the name of the class, beside those that came before."""
        k, before = self.picks[n], int(np.sum(self.picks[:n] == self.picks[n]))
        column, row = before % 4, before // 4
        return (k + 0.5) / len(self.p) + (column - 1.5) * 0.03, self.floor - 0.05 * row

    def _draw_still_parts(self, names: Sequence[str]) -> None:
        # The lowest part of the picture stays empty: the player's controls lie there.
        classes = len(names)
        self.axes.plot([0, 1], [self.scale, self.scale], color=DARK["line"], linewidth=6, clip_on=False)
        for end in (0, 1):
            self.axes.text(end, self.scale + 0.03, str(end), horizontalalignment="center")
        for k, name in enumerate(names):
            low, high, left, right = self.sums[k] - self.p[k], self.sums[k], k / classes, (k + 1) / classes
            shade = 0.95 if k % 2 == 0 else 0.45
            self.axes.fill_between([low, high], self.bottom, self.top, color=DARK["bar"], alpha=shade, linewidth=0)
            corners = [(low, self.bottom), (left, self.slot), (right, self.slot), (high, self.bottom)]
            self.axes.add_patch(Polygon(corners, facecolor=DARK["bar"], alpha=shade / 3, linewidth=0))
            self.axes.text((left + right) / 2, self.slot - 0.06, name, horizontalalignment="center")


def error_against_draws(
    draws: ArrayLike, errors: ArrayLike, runs: dict[str, tuple[ArrayLike, ArrayLike]], floor: float
) -> SVG:
    """Largest errors of many experiments against n, both logarithmic, with long single runs.

    `floor` is the error of a wrong sampler.
    """
    low, middle, high = np.quantile(errors, [0.05, 0.5, 0.95], axis=0)
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 3.9), layout="constrained")
        axes = figure.subplots()
        axes.fill_between(draws, low, high, color=LIGHT["line"], label="90 of 100 experiments")
        axes.plot(draws, middle, color=LIGHT["soft"], linewidth=2.5, label="the median one")
        ends = np.array([1, max(np.max(n) for n, _ in runs.values())])
        axes.plot(ends, ends**-0.5, "--", color=LIGHT["ink"], linewidth=1, label="1/√n")
        for (label, (n, error)), colour in zip(runs.items(), ["bar", "now-ink"], strict=True):
            axes.plot(n, error, "o-", color=LIGHT[colour], markersize=3, label=label)
        axes.axhline(floor, color=LIGHT["now-ink"], linestyle=":", linewidth=1)
        axes.set(xscale="log", yscale="log", xlim=(1, ends[1]), xlabel="draws n", ylabel="largest error of a share")
        axes.set_yticks([1, 0.1, 0.01, 0.001], ["1", "0.1", "0.01", "0.001"])
        ticks = [1, 100, 10_000, 1_000_000]
        axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        axes.minorticks_off()
        axes.legend(frameon=False, fontsize=9, loc="lower left")
        return themed_svg(figure)


def p_value_histograms(p_values: dict[str, ArrayLike], bins: int = 20) -> SVG:
    """One histogram a sampler; the dashed line is what a sampler that is right should give."""
    with mpl.rc_context(style(LIGHT)):
        figure = Figure(figsize=(4.9, 4.6), layout="constrained")
        rows = figure.subplots(len(p_values), sharex=True)
        for axes, (label, values) in zip(rows, p_values.items(), strict=True):
            axes.hist(values, bins, range=(0, 1), color=LIGHT["bar"], edgecolor=LIGHT["paper"])
            axes.axhline(np.size(values) / bins, color=LIGHT["now-ink"], linestyle="--")
            axes.set_title(label, fontsize=11, loc="left")
            axes.set(xlim=(0, 1), ylabel="experiments")
        rows[-1].set_xlabel("p-value")
        return themed_svg(figure)


def histogram_fill(
    logits: ArrayLike, names: Sequence[str], *, folder: Path = GENERATED, frames: int = 72, most: int = 100_000
) -> HTML:
    """A video of draws filling the outlines of p, their number on a logarithmic clock; its poster shows 1,000."""
    description = f"Animation: the shares of {len(names)} classes as the number of draws climbs to {most:,}"
    with mpl.rc_context(style(DARK) | {"font.size": 20}):
        moments = [(n,) for n in np.geomspace(1, most, frames).round().astype(int)]
        return film("histogram-fill", FillPicture(logits, names, most), moments, (1000,), description, folder)


class FillPicture:
    """One frame of the draws: filled shares in the outlines of p, and whiskers of two standard errors."""

    seed = 3  # the live figure's; there from another generator

    def __init__(self, logits: ArrayLike, names: Sequence[str], most: int) -> None:
        self.p = softmax(logits)
        self.picks = sample(self.p, most, rng=self.seed)
        self.figure = film_figure()
        self.canvas = FigureCanvasAgg(self.figure)
        self.draws = self.figure.text(0.15, 0.88, "", color=DARK["now-ink"], fontsize=32, weight="bold")
        self.error = self.figure.text(0.93, 0.88, "", fontsize=28, horizontalalignment="right")
        # The lowest part of the picture stays empty: the player's controls lie there.
        axes = self.figure.add_axes((0.15, 0.22, 0.78, 0.61))
        rows = np.arange(len(names))
        self.bars = axes.barh(names, np.zeros(len(names)), color=DARK["bar"], height=0.5)
        axes.barh(names, self.p, facecolor="none", edgecolor=DARK["ink"], linewidth=3, height=0.66)
        self.whiskers = [
            axes.plot([0, 0], [row, row], "|-", color=DARK["now-ink"], markersize=20, markeredgewidth=3, linewidth=3)[0]
            for row in rows
        ]
        self.values = [
            axes.text(1.16, row, "", horizontalalignment="right", verticalalignment="center") for row in rows
        ]
        axes.set(xlim=(0, 1.16), xticks=[0, 0.5, 1])
        axes.invert_yaxis()
        axes.spines["bottom"].set_bounds(0, 1)
        axes.tick_params(length=0)

    def frame(self, n: int) -> NDArray[np.uint8]:
        """The picture after n draws, as rows of red, green and blue."""
        shares = empirical_distribution(self.picks[:n], len(self.p))
        reach = 2 * np.sqrt(self.p * (1 - self.p) / n)
        for k, share in enumerate(shares):
            self.bars[k].set_width(share)
            self.values[k].set_text(f"{share:.3f}")
            self.whiskers[k].set_xdata(np.clip([self.p[k] - reach[k], self.p[k] + reach[k]], 0, 1))
        self.draws.set_text(f"n = {n:,}")
        self.error.set_text(f"largest error {abs(shares - self.p).max():.4f}")
        self.canvas.draw()
        return np.asarray(self.canvas.buffer_rgba())[..., :3]


def draw_tangent(axes: mpl.axes.Axes, logits: ArrayLike, temperature: float) -> None:
    # On an axis of ln T the slope is dH/d(ln T) = T dH/dT.
    height, slope = entropy(softmax(logits, temperature)), temperature * entropy_slope(logits, temperature)
    span = np.array([-0.9, 0.9])
    axes.plot(temperature * np.exp(span), height + slope * span, color=LIGHT["now-ink"], linewidth=2)
    axes.plot(temperature, height, "o", color=LIGHT["now-ink"], markersize=9)
    axes.annotate(
        f"T = {temperature:g}\nH = {height:.3f}\ndH/dT = {slope / temperature:.3f}",
        (temperature, height), (18, -14), textcoords="offset points", verticalalignment="top",
    )  # fmt: skip
