"""Cut the fonts of formulas, titles and text to what this book uses, so that they arrive before their text is shown.

Why ours: no Sphinx extension cuts fonts; fontTools does the work.
"""

import logging
import re
from html import unescape
from pathlib import Path

from fontTools import subset

from chapters.mathematics import formulas

STYLE, FONTS = "_static/katex/katex.min.css", "_static/katex/fonts"
TITLES, TEXT = "_static/titles", "_static/text"
IN_TITLES = re.compile(r'<h[12][^>]*>(.*?)</h[12]>|<p class="question">(.*?)</p>', re.DOTALL)
VARIABLE = re.compile(r'<span class="[^"]*\bmathnormal\b[^>]*>([^<]*)')
WITH_TEXT = ("**/*.html", "_static/page/*.js", "_static/live/**/*.mjs")
PRELOADED = ("KaTeX_Main-Regular", "KaTeX_Math-Italic")  # by layout.html
logging.getLogger("fontTools").setLevel("WARNING")


def cut_fonts(app, exception):
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    variables, others = formula_characters()
    for path in (site / FONTS).glob("*.woff2"):
        cut(path, variables if path.name.startswith("KaTeX_Math-") else others, ["*"])
    for path in (site / TITLES).glob("*.woff2"):
        cut(path, title_characters(site), ["kern", "liga"])
    for path in (site / TEXT).glob("*.woff2"):
        cut(path, text_characters(site), ["kern", "liga", "tnum"])


def formula_characters() -> tuple[set[str], set[str]]:
    """Those of variables, which have a face of their own, and all others."""
    shown = "".join(formula.partition("</math>")[2] for formula in formulas)
    variables, others = "".join(VARIABLE.findall(shown)), re.sub("<[^>]*>", "", VARIABLE.sub("", shown))
    return set(unescape(variables)), set(unescape(others))


def title_characters(site: Path) -> set[str]:
    titles = (match for page in site.glob("**/*.html") for match in IN_TITLES.findall(page.read_text("utf-8")))
    return set(unescape(re.sub("<[^>]*>", "", "".join(map("".join, titles)))))


def text_characters(site: Path) -> set[str]:
    """Those of pages and of what scripts write into them."""
    files = (path for pattern in WITH_TEXT for path in site.glob(pattern))
    return set().union(*(unescape(path.read_text("utf-8")) for path in files))


def cut(path: Path, kept: set[str], features: list[str]) -> None:
    options = subset.Options(flavor="woff2", layout_features=features, hinting=False)
    font = subset.load_font(path, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, kept))
    subsetter.subset(font)
    subset.save_font(font, path, options)


def never_swap_fonts(app, exception):
    """A preloaded font that is late for the first paint waits for the next page: the text may not move."""
    if exception or app.builder.format != "html":
        return
    path = Path(app.outdir, STYLE)
    text = path.read_text("utf-8")
    for name in PRELOADED:
        text = text.replace(f"src:url(fonts/{name}.woff2)", f"font-display:optional;src:url(fonts/{name}.woff2)")
    path.write_text(text, "utf-8")


def setup(app):
    app.connect("build-finished", cut_fonts, priority=600)  # after the fonts are copied
    app.connect("build-finished", never_swap_fonts, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": False}  # `formulas` is of one process
