"""The look of the book's static figures and animations; the modules of this package draw them.

A figure is one SVG that carries two palettes: the colour scheme of the page chooses, and a card of its own keeps the
figure legible where a browser ignores that choice. An animation is a video, so it has one palette; it lies in
`book/_generated/`, and its caption says in words what moves.

In a chapter the cell names the text alternative and the caption:

    ```{code-cell} ipython3
    ---
    mystnb:
      image: {alt: "What the figure shows, in words.", classes: dark-light}
      figure: {name: chapter-figure, caption: "What to look for."}
    ---
    entropy_curve(logits, temperature=1)
    ```
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from IPython.display import HTML, SVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

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

WIDTH, HEIGHT = 960, 720  # of an animation, in pixels
# Safari plays the first, and a browser without H.264, as Firefox on many a Linux, the second.
CODECS = {
    ".mp4": ["libx264", "-preset", "medium", "-tune", "animation", "-crf", "20", "-movflags", "+faststart"],
    ".webm": ["libvpx-vp9", "-crf", "36", "-b:v", "0", "-deadline", "realtime", "-cpu-used", "7"],
}
GENERATED = Path(__file__).parents[1] / "_generated"  # not committed; the animations' files


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


def themed_svg(figure: Figure) -> SVG:
    """The figure, drawn in the light palette, as an SVG that follows the page's colour scheme."""
    fix_places(figure)
    buffer = StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    drawing = buffer.getvalue()
    for name, (light, _) in PALETTE.items():
        drawing = drawing.replace(light, f"var(--{name})")
    rules = f"svg{{{_properties(LIGHT)}}}@media(prefers-color-scheme:dark){{svg{{{_properties(DARK)}}}}}"
    return SVG(drawing.replace("<defs>", f"<style>{rules}</style><defs>", 1))


def fix_places(figure: Figure) -> None:
    """Let the layout place the axes once, and round.

    Its solver's last digits differ from run to run, and the SVG hashes them.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        axes.set_position(np.round(axes.get_position().bounds, 6).tolist())


def film_figure() -> Figure:
    """The canvas of an animation."""
    return Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)


def film(
    name: str, picture: Any, moments: Iterable[tuple[Any, ...]], poster: tuple[Any, ...], description: str, folder: Path
) -> HTML:
    """Encode a picture's frames at these moments; the player shows the one at `poster` until it plays.

    Python in the page can't encode: there the player shows the published film.
    """
    if sys.platform == "emscripten":
        return video_player(name, description)
    folder.mkdir(exist_ok=True)
    encode([folder / f"{name}{kind}" for kind in CODECS], (picture.frame(*moment) for moment in moments))
    picture.frame(*poster)
    picture.figure.savefig(folder / f"{name}.webp", pil_kwargs={"lossless": True, "method": 6})
    return video_player(name, description)


def encode(paths: Iterable[Path], frames: Iterable[NDArray[np.uint8]], *, frames_per_second: int = 24) -> None:
    """Write frames of equal size as videos, H.264 for .mp4 and VP9 for .webm, the same bytes every time."""
    import imageio_ffmpeg

    # One thread and no library versions in the header: encoders split their work, and so their bytes, by thread.
    exact = ["-threads", "1", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]
    unfinished = {path: path.with_name(f"unfinished-{path.name}") for path in paths}
    writers: list[Any] = []
    for frame in frames:
        if not writers:
            height, width, _ = frame.shape
            for path in unfinished.values():
                codec, *small = CODECS[path.suffix]
                writer = imageio_ffmpeg.write_frames(
                    str(path),
                    (width, height),
                    fps=frames_per_second,
                    codec=codec,
                    quality=None,
                    output_params=exact + small,
                )
                writer.send(None)
                writers.append(writer)
        for writer in writers:
            writer.send(np.ascontiguousarray(frame))
    for writer in writers:
        writer.close()
    for path, written in unfinished.items():
        os.replace(written, path)


def video_player(name: str, description: str) -> HTML:
    """A player that loads nothing but its poster until the reader presses play."""
    file = f"{GENERATED.name}/{name}"  # beside the chapter: its notebook there, and its page on the site
    sources = "".join(f'<source src="{file}{kind}" type="video/{kind[1:]}">' for kind in CODECS)
    return HTML(
        f'<video controls muted playsinline preload="none" width="{WIDTH}" height="{HEIGHT}" '
        f'poster="{file}.webp" aria-label="{description}">'
        f'{sources}<a href="{file}.mp4">Download the animation</a></video>'
    )


def _properties(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
