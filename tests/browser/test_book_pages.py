"""The dial on the pages of the built book, among everything that the theme brings."""

import pytest
from playwright.sync_api import expect

from harness import LOGITS, Dial, Figure


@pytest.fixture
def read(site, new_page):
    def open_page(name, page=None, hash="", **options):
        page = page or new_page(**{"reduced_motion": "reduce", **options})
        page.goto(f"{site}/book/{name}.html{hash}")
        return page

    return open_page


def test_the_dial_is_live(read):
    page = read("temperature")
    dial = Dial(page)
    dial.shows(LOGITS, 1)
    dial.slider("Temperature").press("End")
    dial.field("Logit of dog").fill("-5")
    dial.shows([2, -5, 0.5, -0.5, -2], 20)
    dial.press("Reset")
    dial.shows(LOGITS, 1)
    assert page.problems == []


def test_the_state_follows_from_the_cover_to_the_chapter(read):
    page = read("index")
    cover = Figure(page, "Large temperature dial")
    cover.press("T → ∞")
    cover.figure.get_by_text("Change the scores").click()
    cover.press("peaked")
    read("temperature", page)
    dial = Dial(page)
    expect(dial.notice).to_have_text("Your logits and T came with you; Reset restores the text's.")
    dial.shows([5, -0.5, -1, -1.5, -2], float("inf"))
    read("index", page, hash="#T=0.3")
    expect(cover.field("Temperature")).to_have_value("0.3")
    cover.figure.get_by_text("Change the scores").click()
    expect(cover.field("Logit of cat")).to_have_value("5")
    assert page.problems == []


def test_on_a_phone_the_slider_and_every_bar_are_visible_together_below_the_header(read):
    page = read("temperature", viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    dial = Dial(page)
    dial.shows(LOGITS, 1)
    header = page.locator(".bd-header-article").bounding_box()["height"]
    rows = dial.figure.locator(".lf-rows")
    page.evaluate(
        "top => scrollTo({ top, behavior: 'instant' })", page.evaluate("scrollY") + rows.bounding_box()["y"] - header
    )
    dial.settle()
    slider = dial.slider("Temperature").bounding_box()
    assert rows.bounding_box()["y"] >= header - 1
    assert slider["y"] + slider["height"] <= 640


def test_without_javascript_the_chapter_has_its_table(read):
    page = read("temperature", java_script_enabled=False)
    card = page.get_by_role("group", name="Temperature dial")
    rows = card.get_by_role("row").all_inner_texts()
    assert [row.split() for row in rows[1:]] == [
        ["cat", "2", "0.591"],
        ["dog", "1", "0.217"],
        ["owl", "0.5", "0.132"],
        ["fox", "−0.5", "0.049"],
        ["bee", "−2", "0.011"],
    ]
    bar, cell = (card.locator(query).first.bounding_box()["width"] for query in ("td.lf-bar i", "td.lf-bar"))
    assert bar / cell == pytest.approx(0.591, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_themes_card_does_not_show_around_the_figure(read, theme):
    page = read("temperature", color_scheme=theme)
    expect(page.locator("live-figure[live]")).to_have_count(1)
    around = page.locator(".cell_output .text_html:has(live-figure)").first.evaluate(
        "output => [getComputedStyle(output).backgroundColor, getComputedStyle(output).padding]"
    )
    assert around == ["rgba(0, 0, 0, 0)", "0px"]
