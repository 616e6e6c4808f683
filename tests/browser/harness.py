"""A bare page around figures: what the book's pages give them (policy, style, host script) and nothing else."""

import itertools
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from softmax_lib.live import LiveFigure, data_url

ROOT = Path(__file__).resolve().parents[2]
LIVE = ROOT / "softmax_lib/live"
PAGE = """<!doctype html>
<html lang="en"{theme}><head><meta charset="utf-8"><title>A figure</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font: 16px/1.5 sans-serif; max-width: 720px; margin: 0 auto; padding: 16px }}
html[data-theme=dark] {{ background: #14181e; color: #ced6dd }}</style>
<link rel="stylesheet" href="_static/live/live.css"><script async src="_static/live/host.js"></script></head>
<body><main><h1>A figure</h1>{figures}<p id="after">Text after it.</p></main></body></html>
"""


@dataclass
class Harness:
    """A folder of pages, and the address of its server."""

    folder: Path
    address: str = ""
    numbers: itertools.count = field(default_factory=itertools.count)

    def __post_init__(self):
        shutil.copytree(LIVE, self.folder / "_static/live", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        policy = (ROOT / "book/assets/_headers").read_text("utf-8")
        (self.folder / "_headers").write_text(policy.replace("{inline-scripts}", ""), "utf-8")

    def write(self, *figures: LiveFigure, theme: str = "", inlined: bool = False) -> str:
        """Write a page with these figures and return its name; inlined, their modules need no server."""
        attribute = f' data-theme="{theme}"' if theme else ""
        spelled = [figure.html(data_url(figure.module) if inlined else None) for figure in figures]
        name = f"page{next(self.numbers)}.html"
        page = PAGE.format(theme=attribute, figures="\n<p>Text between.</p>\n".join(spelled))
        (self.folder / name).write_text(page, "utf-8")
        return name
