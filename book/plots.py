"""The look of the book's static figures, the figures themselves, and the animations.

A figure is one SVG that carries two palettes: the colour scheme of the page chooses, and a card of its own keeps the
figure legible where a browser ignores that choice. An animation is a video, so it has one palette.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path

import imageio_ffmpeg
import matplotlib as mpl
import numpy as np
from IPython.display import HTML, SVG
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from softmax_lib import entropy, entropy_slope, softmax

# name: (on a light page, on a dark page), as in the live figures' style. Orange means "now".
PALETTE = {
    "paper": ("#ffffff", "#1b2129"),
    "ink": ("#1c2128", "#e8ebef"),
    "soft": ("#57606a", "#a3acb8"),
    "line": ("#d3d9e0", "#3a424d"),
    "bar": ("#3e6fa8", "#7fb0e6"),
    "now-ink": ("#b8450a", "#ffa45c"),
}
LIGHT = {name: light for name, (light, _) in PALETTE.items()}
DARK = {name: dark for name, (_, dark) in PALETTE.items()}

COLDEST, HOTTEST = 0.05, 20.0  # the ends of the live dial
GENERATED = Path(__file__).parent / "_generated"  # not committed; the animations' files


def style(colours: dict[str, str]) -> dict[str, object]:
    """Matplotlib settings that every figure of the book shares."""
    return {
        "figure.facecolor": colours["paper"],
        "axes.facecolor": colours["paper"],
        "axes.edgecolor": colours["soft"],
        "axes.labelcolor": colours["ink"],
        "axes.spines.top": False,
        "axes.spines.right": False,
        "font.family": "DejaVu Sans",
        "font.size": 11,
        "text.color": colours["ink"],
        "xtick.color": colours["soft"],
        "ytick.color": colours["soft"],
        "xtick.labelcolor": colours["ink"],
        "ytick.labelcolor": colours["ink"],
        "svg.hashsalt": "softmax-temperature",  # the same bytes from every build
    }


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


def temperature_sweep(
    logits: ArrayLike, names: Sequence[str], *, folder: Path = GENERATED, frames: int = 168
) -> HTML:
    """A video of the bars as T climbs its logarithmic scale; its poster is the frame at T = 1."""
    folder.mkdir(exist_ok=True)
    video, poster = folder / "temperature-sweep.mp4", folder / "temperature-sweep.png"
    with mpl.rc_context(style(DARK) | {"font.size": 20}):
        picture = SweepPicture(logits, names)
        encode(video, map(picture.frame, np.geomspace(COLDEST, HOTTEST, frames)))
        picture.frame(1.0)
        picture.figure.savefig(poster, metadata={"Software": None})
    description = f"Animation: the probabilities of {len(names)} classes as the temperature climbs"
    return video_player(video.name, poster.name, description)


class SweepPicture:
    """One frame of the sweep: bars on a fixed axis from 0 to 1, the temperature, the entropy."""

    width, height, dots_per_inch = 960, 720, 100

    def __init__(self, logits: ArrayLike, names: Sequence[str]) -> None:
        self.logits, self.uniform = logits, np.log(len(names))
        self.figure = Figure(figsize=(self.width / self.dots_per_inch, self.height / self.dots_per_inch))
        self.figure.set_dpi(self.dots_per_inch)
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


def themed_svg(figure: Figure) -> SVG:
    """The figure, drawn in the light palette, as an SVG that follows the page's colour scheme."""
    buffer = StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    drawing = buffer.getvalue()
    for name, (light, _) in PALETTE.items():
        drawing = drawing.replace(light, f"var(--{name})")
    rules = f"svg{{{_properties(LIGHT)}}}@media(prefers-color-scheme:dark){{svg{{{_properties(DARK)}}}}}"
    return SVG(drawing.replace("<defs>", f"<style>{rules}</style><defs>", 1))


def encode(path: Path, frames: Iterable[NDArray[np.uint8]], *, frames_per_second: int = 24) -> None:
    """Write frames of equal size as an H.264 video, the same bytes every time."""
    # One thread and no library versions in the header: x264 splits its work, and so its bytes, by thread.
    exact = ["-threads", "1", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]
    small = ["-preset", "slow", "-tune", "animation", "-crf", "20", "-movflags", "+faststart"]
    unfinished = path.with_name(f"unfinished-{path.name}")
    for index, frame in enumerate(frames):
        if index == 0:
            height, width, _ = frame.shape
            writer = imageio_ffmpeg.write_frames(
                str(unfinished), (width, height), fps=frames_per_second, quality=None, output_params=exact + small
            )
            writer.send(None)
        writer.send(np.ascontiguousarray(frame))
    writer.close()
    os.replace(unfinished, path)


def video_player(video: str, poster: str, description: str) -> HTML:
    """A player that loads nothing but its poster until the reader presses play."""
    folder = "../_static/generated"  # where the build copies GENERATED, seen from a chapter's page
    return HTML(
        f'<video controls muted playsinline preload="none" width="{SweepPicture.width}" height="{SweepPicture.height}" '
        f'poster="{folder}/{poster}" aria-label="{description}">'
        f'<source src="{folder}/{video}" type="video/mp4"><a href="{folder}/{video}">Download the animation</a></video>'
    )


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


def _properties(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
