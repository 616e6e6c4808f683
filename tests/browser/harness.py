"""A bare page around figures: what the book's pages give them (policy, style, host script) and nothing else."""

import itertools
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from accessibility import violations
from softmax_lib import entropy, perplexity, softmax
from softmax_lib.live import LiveFigure, TemperatureDial, data_url
from softmax_lib.live.base.figure import style_sheet

ROOT = Path(__file__).resolve().parents[2]
LIVE = ROOT / "softmax_lib/live"
LABELS = ["cat", "dog", "owl", "fox", "bee"]
LOGITS = [2, 1, 0.5, -0.5, -2]
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
TOO_SMALL = """figure => [...figure.querySelectorAll("input, select, textarea, button, summary")].filter((target) => {
    const { width, height } = target.getBoundingClientRect();
    return width && height && target.checkVisibility({ visibilityProperty: true }) && Math.min(width, height) < 44;
}).map((target) => target.outerHTML)"""
MODULE = "./_static/live/base/softmax.mjs"
PAGE = """<!doctype html>
<html lang="en"{theme}><head><meta charset="utf-8"><title>A figure</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font: 16px/1.5 sans-serif; max-width: 720px; margin: 0 auto; padding: 16px }}
html[data-theme=dark] {{ background: #14181e; color: #ced6dd }}</style>
<link rel="stylesheet" href="_static/live/live.css"><script async src="_static/live/base/host.js"></script></head>
<body><main><h1>A figure</h1>{figures}<p id="after">Text after it.</p></main></body></html>
"""


@dataclass
class Harness:
    """A folder of pages, and the address of its server."""

    folder: Path
    address: str = ""
    numbers: itertools.count = field(default_factory=itertools.count)

    def __post_init__(self):
        shutil.copytree(
            LIVE, self.folder / "_static/live", ignore=shutil.ignore_patterns("*.py", "*.css", "__pycache__")
        )
        shutil.copytree(ROOT / "book/assets/parts/uqr", self.folder / "_static/live/base/parts", dirs_exist_ok=True)
        (self.folder / "_static/live/language_model/place.json").write_text('{"why": "No model here."}', "utf-8")
        (self.folder / "_static/live/live.css").write_text(style_sheet(), "utf-8")
        policy = (ROOT / "book/assets/_headers").read_text("utf-8")
        (self.folder / "_headers").write_text(
            policy.replace("{inline-scripts}", "").replace("{model-host}", ""), "utf-8"
        )

    def write(self, *figures: LiveFigure, theme: str = "", inlined: bool = False) -> str:
        """Write a page with these figures and return its name; inlined, their modules need no server."""
        attribute = f' data-theme="{theme}"' if theme else ""
        spelled = [figure.html(data_url(figure.module) if inlined else None) for figure in figures]
        name = f"page{next(self.numbers)}.html"
        page = PAGE.format(theme=attribute, figures="\n<p>Text between.</p>\n".join(spelled))
        (self.folder / name).write_text(page, "utf-8")
        return name

    def broken(self, right: str, wrong: str) -> str:
        """Return the address of a copy of the mathematics with one thing wrong in it."""
        base = self.folder / "_static/live/base"
        source = (base / "softmax.mjs").read_text("utf-8")
        assert source.count(right) == 1
        name = f"broken-{next(self.numbers)}.mjs"
        (base / name).write_text(source.replace(right, wrong), "utf-8")
        return f"./_static/live/base/{name}"


def answers(page, script, module, cases):
    """What a module says to each case. Few are asked at a time, so that a wrong copy is known after few."""
    for start in range(0, len(cases), 20):
        yield from page.evaluate(script, [module, cases[start : start + 20]])


def parity(compare, mistakes, figure=TemperatureDial):
    """Two tests: the browser's mathematics agrees with Python's, and no copy of it with one mistake does.

    `compare(page, module)` fails where they differ. Each mistake has a name, what is right in the module, and what
    stands there instead.
    """

    def test_agrees(show):
        compare(show(figure()), MODULE)

    def test_broken_copies(show, harness):
        page = show(figure())

        def is_noticed(right, wrong):
            copy = harness.broken(right, wrong)
            try:
                compare(page, copy)
            except AssertionError:
                return True
            return False

        assert [name for name, mistake in mistakes.items() if not is_noticed(*mistake)] == []

    return test_agrees, test_broken_copies


class Figure:
    """A figure as a reader's assistive technology finds it."""

    def __init__(self, page, name, nth=0):
        self.page = page
        self.figure = page.get_by_role("group", name=name, exact=True).nth(nth)
        self.notice = self.figure.locator(".lf-notice")
        self.status = self.figure.get_by_role("status")

    def slider(self, name):
        return self.figure.get_by_role("slider", name=name, exact=True)

    def field(self, name):
        return self.figure.get_by_role("spinbutton", name=name, exact=True)

    def enter(self, name, text):
        """Replace what is in a field and press Enter."""
        self.field(name).fill(text)
        self.field(name).press("Enter")
        self.settle()

    def press(self, name):
        self.figure.get_by_role("button", name=name, exact=True).click()

    def copied(self):
        """Press Copy link; gives the sentence that the clipboard holds, and the link on its last line."""
        self.press("Copy link")
        expect(self.status).to_have_text("Link copied, with what the figure says.")
        sentence, link = self.page.evaluate("navigator.clipboard.readText()").rsplit("\n", 1)
        return sentence, link

    def settle(self):
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def is_accessible(self, when=""):
        """Check that axe finds no violation, and that JupyterLab leaves the keys of every control alone."""
        self.settle()
        found = violations(self.page, ".lf-host")
        assert found == [], f"{when}: {found}"
        kept = self.figure.locator("[data-lm-suppress-shortcuts]").count()
        assert kept == self.figure.locator("input, select, textarea, button, summary, [tabindex]").count()

    def reached_by_tab(self):
        """What the Tab key reaches in turn, from the top of the page to its end: each by the name it is read by."""
        reached = []
        for _ in range(50):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                break
            reached.append(
                self.page.evaluate("(document.activeElement.ariaLabel ?? document.activeElement.textContent).trim()")
            )
        return reached

    def too_small_to_touch(self):
        """Every visible control that is less than 44 pixels high or wide."""
        return self.figure.evaluate(TOO_SMALL)


def plain(text):
    """A number as Python reads it: with a hyphen for a minus."""
    return text.replace("−", "-")


class Dial(Figure):
    """The temperature dial."""

    def __init__(self, page, nth=0):
        super().__init__(page, "Temperature dial", nth)

    @property
    def probabilities(self):
        return [plain(text.rpartition(": ")[2]) for text in self.figure.locator(".lf-p").all_text_contents()]

    @property
    def formula(self):
        self.settle()
        return re.sub(r"\s", "", self.figure.locator("math").text_content())

    def shows(self, logits, temperature):
        """Check that every place that shows the state shows this one."""
        self.settle()
        for label, z in zip(LABELS, logits, strict=True):
            assert float(self.field(f"Logit of {label}").input_value()) == z
            assert float(self.slider(f"Logit of {label}").input_value()) == pytest.approx(z, abs=0.051)
        typed = self.field("Temperature").input_value()
        assert typed == ("" if temperature == np.inf else f"{temperature:g}")
        p = softmax(logits, temperature)
        for text, value in zip(self.probabilities, p, strict=True):
            assert float(text) == pytest.approx(value, abs=0.00051, rel=0.06 if value < 1e-3 else 1)
        shown = self.figure.locator(".lf-readouts b").all_inner_texts()
        wanted = [entropy(p), entropy(p, base=2), perplexity(p)]
        np.testing.assert_allclose([float(plain(text)) for text in shown], wanted, atol=0.0051)
