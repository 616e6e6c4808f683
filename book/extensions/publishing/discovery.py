"""What search engines and link previews read.

Description, Open Graph, canonical addresses, sitemap, robots.txt and pictures: a chapter's has what its card on the
cover says, other pages share the book's.

Why ours: sphinxext-opengraph cuts descriptions within a sentence and calls all pages one type; sphinx-sitemap lists
the search page and the bare figures unless they are excluded, and writes no robots.txt.
"""

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from xml.sax.saxutils import escape as escape_xml

from docutils import nodes

CARD = "_static/card.png"
CARD_SIZE = (1200, 630)
CARD_WORDS = "Five bars of probability; the tallest is orange."
CHAPTER_CARDS = "_static/cards"
LONGEST = 300


@dataclass(frozen=True)
class Card:
    """What a card of the cover's contents says."""

    title: str
    question: str
    drawing: Path
    words: str


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
        picture, words = preview(app, pagename)
        graph |= {
            "url": context["pageurl"],
            "image": base + picture,
            "image:alt": words,
            "image:width": str(CARD_SIZE[0]),
            "image:height": str(CARD_SIZE[1]),
        }
    context["metatags"] += "".join(
        f'\n    <meta name="{name}" content="{escape(value)}">' for name, value in named.items()
    )
    context["metatags"] += "".join(
        f'\n    <meta property="og:{name}" content="{escape(value)}">' for name, value in graph.items()
    )


def preview(app, pagename: str) -> tuple[str, str]:
    """Where the picture of this page lies in the site, and what it shows."""
    card = cards(app).get(Path(pagename).name)
    if card is None:
        return CARD, CARD_WORDS
    return f"{CHAPTER_CARDS}/{card.drawing.stem}.png", f"{card.title}. {card.question} {card.words}"


@cache
def cards(app) -> dict[str, Card]:
    """Those of the cover, by the name of their page."""
    found = {}
    for contents in app.env.get_doctree(app.config.root_doc).findall(nodes.bullet_list):
        for text in contents.findall(nodes.paragraph) if "cards" in contents["classes"] else []:
            image = text.next_node(nodes.image)
            found[Path(image["uri"]).stem] = Card(
                text.next_node(nodes.strong).astext(),
                "".join(part for part in text.children if isinstance(part, nodes.Text)).strip(),
                Path(app.srcdir, image["uri"]),
                image["alt"],
            )
    return found


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
    rules = "User-agent: *\nAllow: /\n"
    if base:
        draw_cards(app, site)
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


def draw_cards(app, site: Path) -> None:
    from publishing.preview_cards import draw_book, draw_chapter  # Matplotlib takes its time

    book = app.config.html_title
    draw_book(site / CARD, book)
    (site / CHAPTER_CARDS).mkdir(exist_ok=True)
    for name, card in cards(app).items():
        draw_chapter(site / CHAPTER_CARDS / f"{name}.png", card.title, card.question, card.drawing, book)


def setup(app):
    app.connect("html-page-context", describe)
    app.connect("build-finished", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
