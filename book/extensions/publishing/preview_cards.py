"""Draw the pictures that link previews show: the book's, and one a chapter, with its miniature.

Why ours: the cards of sphinxext-opengraph have text alone.
"""

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, Patch, PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from PIL import Image

from publishing.discovery import CARD_SIZE
from softmax_lib import softmax

WIDTH, HEIGHT = CARD_SIZE
DOTS = 100  # an inch
POINTS = 72 / DOTS  # a pixel
EDGE = 72
NIGHT, BLUE, ORANGE, GREY, WHITE = "#151b23", "#6ea8fe", "#f76707", "#aab4c0", "#ffffff"
RAMP = LinearSegmentedColormap.from_list("cold to hot", [BLUE, "#3a424d", ORANGE])
RAMP_STEPS, RAMP_HEIGHT = 25, 20
COLOURS = 64
DRAWING_AT, DRAWING_WIDTH, MINIATURE_WIDTH = (556, 288), 572, 120
SVG = "{http://www.w3.org/2000/svg}"


def draw_book(path: Path, title: str) -> None:
    draw(path, title, "The executable explainer", bars)


def draw_chapter(path: Path, title: str, question: str, drawing: Path, book: str) -> None:
    draw(path, title, question, miniature(drawing), book)


def draw(path: Path, title: str, line: str, drawing: Callable[[Axes], None], book: str = "") -> None:
    figure = Figure(figsize=(WIDTH / DOTS, HEIGHT / DOTS), dpi=DOTS, facecolor=NIGHT)
    canvas = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0), autoscale_on=False)
    canvas.axis("off")
    write(canvas, book, (EDGE, 76), 24, GREY)
    write(canvas, title, (EDGE, 172), 57, WHITE, most=2, weight="bold")
    write(canvas, line, (EDGE, 384), 38, GREY, most=4, room=DRAWING_AT[0] - EDGE - 24)
    drawing(canvas)
    step = WIDTH / RAMP_STEPS
    for k, share in enumerate(np.linspace(0, 1, RAMP_STEPS)):
        canvas.add_artist(
            Rectangle((k * step, HEIGHT - RAMP_HEIGHT), step, RAMP_HEIGHT, color=RAMP(share), linewidth=0)
        )
    drawn = FigureCanvasAgg(figure)
    drawn.draw()
    flat = Image.fromarray(np.asarray(drawn.buffer_rgba())).convert("RGB")
    flat.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def write(
    canvas: Axes,
    text: str,
    place: tuple[float, float],
    size: float,
    colour: str,
    *,
    most: int = 1,
    room: float = WIDTH - 2 * EDGE,
    weight: str = "normal",
) -> None:
    """Whole words, as many a line as there is room for; a colon ends one. The first line's foot is at `place`."""
    font = FontProperties(family="DejaVu Sans", weight=weight)
    lines: list[TextPath] = []
    words = ""
    for word in text.split():
        longer = TextPath((0, 0), f"{words} {word}".strip(), size, font)
        if lines and not words.endswith(":") and longer.vertices[:, 0].max() <= room:
            words, lines[-1] = f"{words} {word}", longer
        else:
            words = word
            lines.append(TextPath((0, 0), word, size, font))
    if len(lines) > most or any(line.vertices[:, 0].max() > room for line in lines):
        raise ValueError(f"{text!r} has no room on its preview card: shorten it")
    for number, line in enumerate(lines):
        foot = (place[0], place[1] + number * size * 1.25)
        outline = Outline(line.vertices * (1, -1) + foot, line.codes)
        canvas.add_artist(PathPatch(outline, color=colour, linewidth=0))


def bars(canvas: Axes) -> None:
    left, top = DRAWING_AT
    step = DRAWING_WIDTH / 5
    for k, p in enumerate(softmax([2, 1, 0.5, -0.5, -2], 1.2)):
        height = p * DRAWING_WIDTH * 0.9
        foot = top + DRAWING_WIDTH / 2
        canvas.add_artist(
            Rectangle((left + k * step, foot - height), step - 24, height, color=BLUE if k else ORANGE, linewidth=0)
        )


def miniature(path: Path) -> Callable[[Axes], None]:
    """Draw what tools/miniatures.py wrote: rectangles, lines, circles and the arcs of attention."""
    scale = DRAWING_WIDTH / MINIATURE_WIDTH

    def put(canvas: Axes) -> None:
        for element in ElementTree.parse(path).getroot():
            patch = outlined(element)
            patch.set_transform(Affine2D().scale(scale).translate(*DRAWING_AT) + canvas.transData)
            fill, stroke = element.get("fill"), element.get("stroke")
            patch.set(facecolor=fill, edgecolor=stroke or "none", capstyle="butt")
            patch.set_linewidth(float(element.get("stroke-width", 0)) * scale * POINTS if stroke else 0)
            if (dash := element.get("stroke-dasharray", "none")) != "none":
                patch.set_linestyle((0, [float(part) / float(element.get("stroke-width")) for part in dash.split()]))
            canvas.add_artist(patch)

    return put


def outlined(element: ElementTree.Element) -> Patch:
    kind = element.tag.removeprefix(SVG)
    if kind == "rect":
        x, y, width, height = (float(element.get(name)) for name in ("x", "y", "width", "height"))
        return Rectangle((x, y), width, height)
    if kind == "circle":
        return Circle((float(element.get("cx")), float(element.get("cy"))), float(element.get("r")))
    numbers = re.findall(r"[\d.-]+", element.get("points") or element.get("d"))
    places = np.array(numbers, float).reshape(-1, 2)
    curve = [Outline.MOVETO, Outline.CURVE3, Outline.CURVE3] if kind == "path" else None
    return PathPatch(Outline(places, curve))
