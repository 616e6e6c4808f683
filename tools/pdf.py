"""Print the built book as one PDF: a real browser prints the pages of _toc.yml, joined into one.

    python tools/pdf.py    writes _build/softmax-and-temperature.pdf

Before them goes a title page. Joined, a link to another page becomes a link inside the document, and page numbers run
through; at the head of a page stands the title of its chapter. Paper can't unfold: solutions and answers are printed
open, and live figures as their tables.
"""

import posixpath
from html import escape
from pathlib import Path
from urllib.parse import unquote, urldefrag

import yaml
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Fit

import browser
from serve import serving

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build/html"
PDF = ROOT / "_build/softmax-and-temperature.pdf"
NOT_FOR_PAPER = "script, iframe, .pst-js-only, .lf-trouble"
IN_OUTLINE = ":is(h1, h2) > .headerlink"
REFERRING = ["aria-labelledby", "aria-describedby", "aria-controls", "for"]
DRAWING = ROOT / "book/assets/miniatures/temperature.svg"
STYLE = """
@page {
  size: A4;
  margin: 20mm 18mm;
  font: 8pt sans-serif;
  color: #57606a;
  @bottom-center { content: counter(page); }
}
@page title { @bottom-center { content: none; } }
.title-page { page: title; break-after: page; padding-top: 30mm; }
.title-page p { margin: 0; }
.title-page .title { font: 40pt Titles, sans-serif; line-height: 1.15; }
.title-page .subtitle { margin-top: 3mm; font-size: 20pt; color: #57606a; }
.title-page svg { display: block; width: 100%; height: auto; margin: 24mm 0 0; }
.title-page .ramp { height: 3mm; margin: 10mm 0 16mm; background: linear-gradient(90deg, #5b8fce, #d3d9e0, #e0701c); }
.title-page .question { max-width: none; margin: 0 0 24mm; font-size: 18pt; }
body, .bd-main, .bd-content, .bd-article-container {
  display: block; width: auto; max-width: none; margin: 0; padding: 0;
}
article { break-before: page; padding: 0 !important; }
.bd-main .bd-content .bd-article h1:first-of-type { display: block; }
:is(h1, h2) > a { color: inherit; text-decoration: none; }
details.hide > summary { display: none !important; }
figure, tr, .cell_input, .exercise, .katex-display { break-inside: avoid; }
pre { white-space: pre-wrap; }
.katex-display { overflow: visible !important; }
"""
RUNNING_HEAD = """
#{page} {{ page: {page}; }}
@page {page} {{ @top-center {{ content: "{title}"; }} }}
"""
TITLE_PAGE = """
<header class="title-page">
  <p class="title">{title}</p>
  <p class="subtitle">{subtitle}</p>
  {drawing}
  <p class="ramp"></p>
  <p class="question">{question}</p>
  <p>{authors}</p>
  <p>{edition}</p>
  <p>{address}</p>
</header>
"""


def main() -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.FLAGS)
        print_book(SITE, chromium, PDF)
        chromium.close()
    print(f"printed: {PDF}")


def print_book(site: Path, chromium: Browser, target: Path) -> None:
    whole = joined(site, pages())
    with serving(site) as address:
        page = chromium.new_page(java_script_enabled=False, color_scheme="light")
        beside_the_pages = f"{address}/book/whole.html"  # there their pictures are found
        page.route(
            beside_the_pages, lambda route: route.fulfill(body=str(whole), content_type="text/html; charset=utf-8")
        )
        page.goto(beside_the_pages, wait_until="networkidle")
        page.pdf(
            path=target,
            tagged=True,
            print_background=True,
            prefer_css_page_size=True,
            scale=0.8,
        )
        page.close()
    write_outline(target, headings(whole))


def pages() -> list[str]:
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    return [contents["root"], *(chapter["file"] for part in contents["parts"] for chapter in part["chapters"])]


def joined(site: Path, names: list[str]) -> BeautifulSoup:
    """Return one page with the articles of all; an address becomes an anchor if it leads to one of them."""
    soups = {name: BeautifulSoup((site / f"{name}.html").read_text("utf-8"), "html.parser") for name in names}
    articles = {name: soup.select_one("article.bd-article") for name, soup in soups.items()}
    for name, article in articles.items():
        for_paper(article)
        name_apart(article, name)
    anchors = {
        name: {element["id"] for element in article.select("[id]")} | {article["id"]}
        for name, article in articles.items()
    }
    for name, article in articles.items():
        for link in article.select("a[href]"):
            lead_inside(link, name, anchors)
    whole = BeautifulSoup(
        '<!DOCTYPE html><html lang="en" data-theme="light"><head></head><body><main class="bd-main">'
        '<div class="bd-content"><div class="bd-article-container"></div></div></main></body></html>',
        "html.parser",
    )
    cover = soups[names[0]]
    whole.head.extend(
        [
            whole.new_tag("title", string=cover.h1.contents[0].text),
            *cover.select("link[rel=stylesheet], link[as=font]"),
            whole.new_tag("style", string=STYLE + "".join(map(running_head, articles.values()))),
        ]
    )
    whole.select_one(".bd-article-container").extend([title_page(cover), *articles.values()])
    return whole


def title_page(cover: BeautifulSoup) -> Tag:
    """What the record says of the book, and the cover of its edition and address."""
    record = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    title, subtitle = record["title"].split(": ")
    day, address = cover.select_one(".edition time"), cover.select_one("link[rel=canonical]")
    words = {
        "title": title,
        "subtitle": subtitle.capitalize(),
        "question": cover.select_one("p.question").text,
        "authors": ", ".join(author["name"] for author in record["authors"]),
        "edition": ", ".join([f"Version {record['version']}", *([day.text] if day else [])]),
        "address": address["href"].removesuffix(f"{pages()[0]}.html") if address else "",
    }
    filled = TITLE_PAGE.format(
        drawing=DRAWING.read_text("utf-8"), **{name: escape(text) for name, text in words.items()}
    )
    return BeautifulSoup(filled, "html.parser").header


def running_head(article: Tag) -> str:
    """A page of its own name for each chapter: no browser here knows running headers otherwise."""
    title = heading_text(article.select_one("h1 > a"))
    return RUNNING_HEAD.format(page=article["id"], title=title.replace("\\", r"\\").replace('"', r"\""))


def for_paper(article: Tag) -> None:
    for unwanted in article.select(NOT_FOR_PAPER):
        unwanted.decompose()
    for link in article.select(IN_OUTLINE):
        wrap_heading(link)
    for link in article.select(".headerlink"):
        link.decompose()
    for details in article.select("details"):
        details["open"] = ""
    for picture in article.select("[loading]"):
        del picture["loading"]


def wrap_heading(link: Tag) -> None:
    """A heading that links to itself: the browser notes in the PDF only what a visible link leads to."""
    heading = link.parent
    link.extract()
    link.clear()
    del link["class"]  # paper hides these
    link.extend([*heading.contents])
    heading.append(link)


def name_apart(article: Tag, page: str) -> None:
    """Pages may use the same id: each gets its page's name in front."""
    for element in article.select("[id]"):
        element["id"] = anchor(page, element["id"])
    for attribute in REFERRING:
        for element in article.select(f"[{attribute}]"):
            element[attribute] = " ".join(anchor(page, name) for name in element[attribute].split())
    article["id"] = anchor(page)


def anchor(page: str, name: str = "") -> str:
    return "--".join([page.replace("/", "-"), *([name] if name else [])])


def lead_inside(link: Tag, page: str, anchors: dict[str, set[str]]) -> None:
    address, fragment = urldefrag(link["href"])
    if ":" in address:
        return
    target = (
        posixpath.normpath(posixpath.join(posixpath.dirname(page), address)).removesuffix(".html") if address else page
    )
    if target not in anchors:  # a download, or a page that is not part of the book's text
        link.unwrap()
        return
    place = anchor(target, unquote(fragment))
    if place not in anchors[target]:
        raise ValueError(f"{page} links to {link['href']}, which is not there")
    link["href"] = f"#{place}"
    link.attrs.pop("target", None)


def headings(whole: BeautifulSoup) -> list[tuple[int, str, str]]:
    """Level, text and anchor of each heading that the outline shows."""
    return [
        (int(link.parent.name[1]), heading_text(link), link["href"].removeprefix("#"))
        for link in whole.select(":is(h1, h2) > a")
    ]


def heading_text(link: Tag) -> str:
    """A formula as it was typed."""
    words = [
        part
        for part in link.find_all(string=True)
        if part.parent.name == "annotation" or not part.find_parent(class_="katex")
    ]
    return " ".join("".join(words).split())


def write_outline(path: Path, entries: list[tuple[int, str, str]]) -> None:
    """The browser's own outline drops formulas and doubles the headings that it moved to a new page."""
    reader, writer = PdfReader(path), PdfWriter(clone_from=path)
    chapter = None
    for level, title, name in entries:
        place = reader.named_destinations[f"/{name}"]
        entry = writer.add_outline_item(
            title=title,
            page_number=reader.get_destination_page_number(place),
            parent=chapter if level > 1 else None,
            fit=Fit.xyz(top=place.top),
        )
        chapter = entry if level == 1 else chapter
    writer.write(path)


if __name__ == "__main__":
    main()
