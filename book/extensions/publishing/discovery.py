"""What search engines and link previews read.

Description, Open Graph, canonical addresses, sitemap, robots.txt and one picture.

Why ours: sphinxext-opengraph cuts descriptions within a sentence and calls all pages one type; sphinx-sitemap lists
the search page and the bare figures unless they are excluded, and writes no robots.txt.
"""

import re
from html import escape
from pathlib import Path
from textwrap import fill
from xml.sax.saxutils import escape as escape_xml

from docutils import nodes

from softmax_lib import softmax

CARD = "_static/card.png"
CARD_SIZE = (1200, 630)
CARD_WORDS = "Five bars of probability; the tallest is orange."
NIGHT, BLUE, ORANGE, WHITE = "#151b23", "#6ea8fe", "#f76707", "#ffffff"
LONGEST = 300


def describe(app, pagename, templatename, context, doctree):
    if doctree is None:  # search, index of words, not found: nothing to be found by
        context["pageurl"] = None
        context["metatags"] = context.get("metatags", "") + '\n    <meta name="robots" content="noindex">'
        return
    title, about = app.env.titles[pagename].astext(), description(doctree)
    named = {"description": about, "twitter:card": "summary_large_image"}
    graph = {
        "title": title,
        "description": about,
        "site_name": app.config.html_title,
        "type": "website" if pagename == app.config.root_doc else "article",
    }
    if base := app.config.html_baseurl:  # these must be whole addresses
        graph |= {
            "url": context["pageurl"],
            "image": base + CARD,
            "image:alt": CARD_WORDS,
            "image:width": str(CARD_SIZE[0]),
            "image:height": str(CARD_SIZE[1]),
        }
    context["metatags"] += "".join(
        f'\n    <meta name="{name}" content="{escape(value)}">' for name, value in named.items()
    )
    context["metatags"] += "".join(
        f'\n    <meta property="og:{name}" content="{escape(value)}">' for name, value in graph.items()
    )


def description(doctree) -> str:
    """The page's question or, where it asks none, its first paragraph, as far as whole sentences fit."""
    paragraphs = [node for node in doctree.findall(nodes.paragraph) if isinstance(node.parent, nodes.section)]
    asked = [node for node in paragraphs if "question" in node["classes"]]
    text = " ".join(next(iter(asked + paragraphs), doctree).astext().split())
    kept, *others = re.split(r"(?<=[.?!]) ", text)
    for sentence in others:
        if len(kept) + len(sentence) >= LONGEST or sentence.endswith(":"):
            break
        kept += f" {sentence}"
    return kept


def write_files(app, exception):
    if exception or app.builder.format != "html":
        return
    base, site = app.config.html_baseurl, Path(app.outdir)
    draw_card(app.config.html_title, site / CARD)
    rules = "User-agent: *\nAllow: /\n"
    if base:
        write_sitemap(app, base, site / "sitemap.xml")
        rules += f"Sitemap: {base}sitemap.xml\n"
    (site / "robots.txt").write_text(rules, "utf-8")


def write_sitemap(app, base: str, path: Path) -> None:
    addresses = "".join(
        f"  <url><loc>{escape_xml(base + app.builder.get_target_uri(name))}</loc></url>\n"
        for name in sorted(app.env.found_docs)
    )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{addresses}</urlset>\n",
        "utf-8",
    )


def draw_card(title: str, path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=[side / 100 for side in CARD_SIZE], dpi=100, facecolor=NIGHT)
    bars = figure.add_axes((0.58, 0.16, 0.35, 0.68))
    bars.bar(range(5), softmax([2, 1, 0.5, -0.5, -2], 1.2), color=[ORANGE] + [BLUE] * 4, width=0.72)
    bars.axis("off")
    figure.text(0.07, 0.62, fill(title, 12), color=WHITE, fontsize=42, weight="bold", va="center")
    figure.text(0.07, 0.38, "The executable explainer", color=WHITE, fontsize=24, va="center")
    figure.text(0.07, 0.26, "softmax(logits, T)", color=ORANGE, fontsize=24, family="monospace", va="center")
    figure.savefig(path, metadata={"Software": None})


def setup(app):
    app.connect("html-page-context", describe)
    app.connect("build-finished", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
