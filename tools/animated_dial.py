"""Draw the README's dial: five bars while T goes from 0.05 to 20 and back, an SVG that moves by itself.

python tools/animated_dial.py    writes book/assets/dial.svg
"""

from pathlib import Path

import numpy as np

from softmax_lib import softmax

TARGET = Path(__file__).resolve().parent.parent / "book/assets/dial.svg"
NAMES, LOGITS = ["cat", "dog", "owl", "fox", "bee"], [2, 1, 0.5, -0.5, -2]
COLDEST, HOTTEST, STOPS = 0.05, 20, 41
LEFT, WIDTH, ROW = 60, 520, 30
STYLE = """
text { font: 15px sans-serif; fill: #1c2128; }
.soft { fill: #57606a; }
.track { fill: #d3d9e0; }
.bar { fill: #3e6fa8; transform-box: fill-box; transform-origin: left; }
.now { fill: #b8450a; }
.bar, .now { animation: 5s linear infinite alternate; }
@media (prefers-color-scheme: dark) {
  text { fill: #e8ebef; } .soft { fill: #a3acb8; } .track { fill: #3a424d; } .bar { fill: #7fb0e6; } \
.now { fill: #ffa45c; }
}
@media (prefers-reduced-motion: reduce) { .bar, .now { animation: none; } }
"""


def drawing() -> str:
    temperatures = np.geomspace(COLDEST, HOTTEST, STOPS)
    moments = np.linspace(0, 100, STOPS)
    shares = softmax(np.tile(LOGITS, (STOPS, 1)), temperatures)
    rules, rows = [STYLE], []
    for k, (name, rest) in enumerate(zip(NAMES, softmax(LOGITS), strict=True)):
        y = 12 + ROW * k
        rules.append(
            keyframes(
                name,
                (
                    f"{moment:g}% {{ transform: scaleX({p:.4f}); }}"
                    for moment, p in zip(moments, shares[:, k], strict=True)
                ),
            )
        )
        rows.append(
            f'<text x="{LEFT - 12}" y="{y + 15}" text-anchor="end">{name}</text>'
            f'<rect class="track" x="{LEFT}" y="{y + 19}" width="{WIDTH}" height="1"/>'
            f'<rect class="bar" x="{LEFT}" y="{y}" width="{WIDTH}" height="20" '
            f'style="animation-name: {name}; transform: scaleX({rest:.4f})"/>'
        )
    y = 12 + ROW * len(NAMES) + 14
    rules.append(
        keyframes(
            "dial",
            (f"0% {{ transform: translateX({LEFT}px); }}", f"100% {{ transform: translateX({LEFT + WIDTH}px); }}"),
        )
    )
    rows.append(
        f'<text x="{LEFT - 12}" y="{y + 8}" text-anchor="end">T</text>'
        f'<rect class="track" x="{LEFT}" y="{y}" width="{WIDTH}" height="4" rx="2"/>'
        f'<circle class="now" cy="{y + 2}" r="9" style="animation-name: dial; transform: translateX({place(1):g}px)"/>'
    )
    rows += [
        f'<text class="soft" x="{place(T):g}" y="{y + 30}" text-anchor="middle">{T:g}</text>'
        for T in (COLDEST, 0.2, 1, 5, HOTTEST)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 20} {y + 40}" role="img" '
        'aria-label="Five bars of probability while the temperature goes from 0.05 to 20: '
        'one bar takes everything, then all become alike.">\n'
        f"<style>{''.join(rules)}</style>\n" + "\n".join(rows) + "\n</svg>\n"
    )


def place(temperature: float) -> float:
    """Where on its logarithmic scale a temperature stands."""
    return round(LEFT + WIDTH * np.log(temperature / COLDEST) / np.log(HOTTEST / COLDEST), 1)


def keyframes(name: str, stops) -> str:
    return f"@keyframes {name} {{ {' '.join(stops)} }}\n"


if __name__ == "__main__":
    TARGET.write_text(drawing(), "utf-8")
