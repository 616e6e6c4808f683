"""Draw the small pictures of the chapters' figures that the cover's contents show.

python tools/miniatures.py    writes book/assets/miniatures/*.svg
"""

from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np

from softmax_lib import softmax

TARGET = Path(__file__).resolve().parent.parent / "book/assets/miniatures"
WIDTH, HEIGHT, EDGE = 120, 60, 4
LOGITS = np.array([2, 1, 0.5, -0.5, -2])
BLUE, ORANGE, GREY = "#5b8fce", "#e0701c", "#8a94a0"  # seen on light grounds and on dark ones


def rect(x: float, y: float, width: float, height: float, colour: str = BLUE) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>'


def line(points: Iterable[tuple[float, float]], colour: str = GREY, width: float = 2, dash: str = "none") -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dash}"/>'


def dot(x: float, y: float, radius: float = 5, colour: str = ORANGE) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'


def columns(heights: np.ndarray, left: float, width: float, base: float = HEIGHT - EDGE, full: float = 50) -> str:
    """Bars side by side; a negative one hangs below the base."""
    step = width / len(heights)
    return "".join(
        rect(left + k * step, base - max(height, 0) * full, step - 2, max(abs(height) * full, 1))
        for k, height in enumerate(heights)
    )


def rows(shares: np.ndarray, left: float, width: float, top: float = EDGE, bottom: float = HEIGHT - EDGE) -> str:
    step = (bottom - top) / len(shares)
    return "".join(rect(left, top + k * step, max(share * width, 1), step - 2) for k, share in enumerate(shares))


def why_softmax() -> str:
    middle = HEIGHT / 2
    divided = columns(LOGITS / 4, EDGE, 52, middle) + line([(EDGE, middle), (54, middle)], width=1)
    return divided + columns(softmax(LOGITS), 66, 50)


def logits_to_probabilities() -> str:
    sides = "".join(rect(30 + min(z, 0) * 12, EDGE + k * 10.4, abs(z) * 12, 8.4, GREY) for k, z in enumerate(LOGITS))
    return sides + line([(30, 2), (30, 58)], width=1) + rows(softmax(LOGITS), 66, 80)


def temperature() -> str:
    return line([(8, 9), (112, 9)], width=3) + dot(44, 9, 7) + rows(softmax(LOGITS, 0.6), 8, 104, top=22)


def sampling() -> str:
    ends = np.cumsum(softmax(LOGITS)) * 112
    parts = [rect(EDGE + start, 26, end - start - 1.5, 16) for start, end in zip([0, *ends], ends, strict=False)]
    return "".join(parts) + line([(82, 4), (82, 48)], ORANGE, 3) + dot(82, 6, 4)


def law_of_large_numbers() -> str:
    p, share = softmax(LOGITS, 2), [0.45, 0.2, 0.19, 0.1, 0.06]
    step = 112 / 5
    whiskers = "".join(
        line(
            [(EDGE + (k + 0.45) * step, 56 - 100 * (x - 0.06)), (EDGE + (k + 0.45) * step, 56 - 100 * (x + 0.06))],
            ORANGE,
        )
        for k, x in enumerate(p)
    )
    return columns(np.array(share), EDGE, 112, full=100) + whiskers


def practice() -> str:
    turns = np.radians([150, 105, 75, 30, 60])
    return "".join(
        f'<circle cx="{14 + 23 * k}" cy="30" r="9" fill="none" stroke="{GREY}" stroke-width="2"/>'
        + line([(14 + 23 * k, 30), (14 + 23 * k + 9 * np.cos(turn), 30 - 9 * np.sin(turn))], ORANGE, 3)
        for k, turn in enumerate(turns)
    )


def text_generation() -> str:
    lines = [
        [(6, 30, BLUE), (40, 18, BLUE), (62, 40, ORANGE)],
        [(6, 22, BLUE), (32, 44, BLUE), (80, 14, BLUE)],
        [(6, 46, BLUE)],
    ]
    words = [rect(x, 8 + 17 * row, width, 10, colour) for row, words in enumerate(lines) for x, width, colour in words]
    return "".join(words) + line([(58, 41), (58, 53)], ORANGE, 2)


def distillation() -> str:
    teacher = np.array([0, 0.1, 0.6, 2.5, 5, 3, 0.5, 1, 2.2, 0])
    return columns(softmax(teacher * 3), EDGE, 52) + columns(softmax(teacher, 1.6), 66, 52, full=110)


def guidance() -> str:
    x = np.linspace(-3, 3, 60)
    place = EDGE + (x + 3) / 6 * 112
    wide, narrow = np.exp(-((x + 0.4) ** 2) / 1.6) * 26, np.exp(-((x - 0.9) ** 2) / 0.16) * 50
    return line(zip(place, 56 - wide, strict=True)) + line(zip(place, 56 - narrow, strict=True), ORANGE, 2.5)


def exploration() -> str:
    pulls = np.linspace(0, 1, 40)
    cold, cooled = 50 * pulls, 30 * (1 - np.exp(-4 * pulls))
    place = EDGE + 112 * pulls
    return line(zip(place, 56 - cold, strict=True)) + line(zip(place, 56 - cooled, strict=True), ORANGE, 2.5)


def calibration() -> str:
    share = np.array([0.1, 0.22, 0.3, 0.42, 0.52, 0.6])
    return columns(share, 32, 56, full=80) + line([(32, 56), (86, 4)], ORANGE, 2, "4 3")


def misconceptions() -> str:
    x = np.linspace(0, 5, 50)
    place = EDGE + x / 5 * 112
    right, doubled = 48 * np.exp(-x), 22 + 26 * np.exp(-x * 0.8)
    return line(zip(place, 54 - right + 4, strict=True), BLUE, 2.5) + line(
        zip(place, 54 - doubled + 4, strict=True), ORANGE, 2.5
    )


def inside() -> str:
    layers = [[(x, y) for y in np.linspace(10, 50, count)] for x, count in ((12, 3), (60, 4), (108, 3))]
    wires = "".join(line([a, b], width=0.7) for left, right in pairwise(layers) for a in left for b in right)
    return wires + "".join(dot(x, y, 4, BLUE) for layer in layers for x, y in layer) + dot(60, 30, 8)


def attention() -> str:
    words = np.linspace(14, 106, 5)
    weights = softmax(np.array([1, 2.4, 0, 0.4]))
    arcs = (
        f'<path d="M106 42Q{(106 + x) / 2:.1f} {42 - 0.7 * (106 - x):.1f} {x:.1f} 42" fill="none" '
        f'stroke="{BLUE}" stroke-width="{1 + 6 * share:.1f}"/>'
        for x, share in zip(words, weights, strict=False)
    )
    return "".join(arcs) + "".join(dot(x, 47, 4.5, BLUE) for x in words[:-1]) + dot(106, 47, 6)


def contrast() -> str:
    centre, angles = np.array([60, 30]), np.radians([20, 140, 205, 300, 75])
    *others, picture = places = centre + 25 * np.stack([np.cos(angles), -np.sin(angles)], axis=1)
    ring = f'<circle cx="60" cy="30" r="25" fill="none" stroke="{GREY}" stroke-width="2"/>'
    push = softmax(np.cos(angles[:-1] - angles[-1]), 0.5)
    lines = "".join(line([place, picture], BLUE, 9 * share) for place, share in zip(others, push, strict=True))
    return ring + lines + "".join(dot(*place, 4, BLUE) for place in places[:-1]) + dot(*picture, 5)


def simplex() -> str:
    corners = np.array([[22, 56], [98, 56], [60, 4]])
    noise = np.random.default_rng(0).gumbel(size=(40, 3))
    places = softmax(np.array([1, 0.5, 0]) + noise, 0.7) @ corners
    return (
        line([*corners, corners[0]])
        + "".join(dot(x, y, 1.8, BLUE) for x, y in places)
        + dot(*softmax([1, 0.5, 0]) @ corners, 4)
    )


MINIATURES: dict[str, Callable[[], str]] = {
    drawing.__name__.replace("_", "-"): drawing
    for drawing in (
        why_softmax,
        logits_to_probabilities,
        temperature,
        sampling,
        law_of_large_numbers,
        practice,
        text_generation,
        distillation,
        guidance,
        exploration,
        calibration,
        misconceptions,
        inside,
        attention,
        contrast,
        simplex,
    )
}


def picture(name: str) -> str:
    size = f'width="{WIDTH * 0.75:g}pt" height="{HEIGHT * 0.75:g}pt" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{MINIATURES[name]()}</svg>\n'


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for name in MINIATURES:
        (TARGET / f"{name}.svg").write_text(picture(name), "utf-8")


if __name__ == "__main__":
    main()
