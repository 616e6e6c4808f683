"""Activity sheets: what a chapter asks, on one page of A4, without its answers."""

import io
import re
from types import SimpleNamespace

import pytest
import zxingcpp
from bs4 import BeautifulSoup
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from accessibility import violations
from support import CHAPTERS, ROOT, letters
from teaching.activity_sheets import add_parts

LABELS = ["cat", "dog", "owl", "fox", "bee"]
WITH_SHEET = [
    name
    for name in CHAPTERS
    if all(word in (ROOT / f"book/{name}.md").read_text("utf-8") for word in ("softmax_lib.live import", "{guess}"))
]


def words(element):
    """As letters, between formulas."""
    for formula in element.select(".katex"):
        formula.replace_with("\n")
    return [letters(line) for line in element.get_text().split("\n")]


def parsed(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def on_paper(page):
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages]


def test_every_chapter_with_a_figure_has_a_sheet_that_instructors_find(built_book):
    linked = re.findall(r"\{sheet\}`([\w-]+)`", (ROOT / "book/for-instructors.md").read_text("utf-8"))
    assert linked == WITH_SHEET and len(linked) >= 15
    page = built_book / "book/for-instructors.html"
    found = {(page.parent / link["href"]).resolve() for link in parsed(page).select("a[href*='sheets/']")}
    assert found == {*(built_book / "sheets").iterdir()}
    assert {path.stem for path in found} == {*linked}


@pytest.mark.parametrize("name", WITH_SHEET)
def test_sheet_asks_on_one_page_what_the_chapter_asks_and_keeps_the_answer(built_book, site, new_page, name):
    page = new_page()
    page.goto(f"{site}/sheets/{name}.html")
    (paper,) = on_paper(page)
    assert page.problems == []
    chapter, printed = parsed(built_book / f"book/{name}.html"), letters(paper)
    guess = chapter.select_one(".guess")
    asked = [chapter.select_one(".question"), guess.select_one(".guess-question"), *guess.select("button")]
    exercises = chapter.select(".exercise")[:2]
    for element in [*asked, *exercises]:
        for line in words(element):
            assert line in printed
    answer = chapter.select_one(f"#{guess['id']}-answer")
    answer.summary.decompose()
    answer.strong.decompose()  # one of the choices
    told = max(words(answer), key=len)
    assert len(told) > 10 and told not in printed
    for lines in page.locator(".lines").all():
        assert lines.bounding_box()["height"] > 60


@pytest.mark.parametrize("name", WITH_SHEET)
def test_sheet_asks_to_try_what_the_figure_asks_and_its_code_opens_the_chapter(built_book, site, new_page, name):
    page = new_page()
    page.goto(f"{site}/sheets/{name}.html")
    tries = page.locator(".tries li").all_inner_texts()
    with Image.open(io.BytesIO(page.locator(".code").screenshot())) as code:
        (read,) = zxingcpp.read_barcodes(code.convert("RGB"))
    assert read.text == parsed(built_book / f"book/{name}.html").select_one("link[rel=canonical]")["href"]
    assert page.locator(".source a").get_attribute("href") == read.text
    page.goto(f"{site}/book/{name}.html")
    expect(page.locator(".lf-guide").first).to_contain_text(f"of {len(tries)}")
    expect(page.locator(".lf-guide").first).to_contain_text(tries[0])


def test_no_code_leads_to_a_book_whose_address_is_not_known():
    sheet = {"folder": "dial", "state": {"labels": LABELS}, "address": ""}
    add_parts(SimpleNamespace(confdir=ROOT, activity_sheets={"temperature": sheet}))
    assert len(sheet["tries"]) == 4 and not sheet["code"]


def test_sheet_that_does_not_fit_is_noticed(site, new_page):
    page = new_page()
    page.goto(f"{site}/sheets/temperature.html")
    page.locator(".question").evaluate("(question) => { question.textContent += ' and more'.repeat(300); }")
    assert len(on_paper(page)) == 2


@pytest.mark.parametrize("width", [320, 1280])
def test_sheet_can_be_read_on_a_screen(new_page, site, width):
    page = new_page(viewport={"width": width, "height": 640}, color_scheme="dark")
    for name in ("temperature", "simplex"):
        page.goto(f"{site}/sheets/{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []


def test_sheets_are_found_by_way_of_the_instructors_alone(built_book):
    for path in (built_book / "sheets").iterdir():
        assert parsed(path).head.select_one("meta[name=robots]")["content"] == "noindex"
    for name in ("searchindex.js", "sitemap.xml"):
        assert "sheets/" not in (built_book / name).read_text("utf-8")
