"""The cover: its dial in the first screen, and a card for every chapter."""

import pytest
from playwright.sync_api import expect

SCREENS = [(1280, 800), (360, 640)]


@pytest.mark.parametrize("size", SCREENS, ids=str)
def test_the_dial_and_its_bars_are_in_the_first_screen(new_page, site, size):
    page = new_page(viewport=dict(zip(("width", "height"), size, strict=True)), reduced_motion="reduce")
    page.goto(f"{site}/book/index.html")
    expect(page.locator("live-figure[live]")).to_have_count(1)
    last = page.locator(".lf-class").last.bounding_box()
    assert page.locator("h1").bounding_box()["y"] < page.get_by_role("slider").first.bounding_box()["y"] < last["y"]
    assert last["y"] + last["height"] <= size[1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_card_leads_to_its_chapter_wherever_it_is_pressed(new_page, site, theme):
    page = new_page(viewport={"width": 360, "height": 640}, color_scheme=theme)
    page.goto(f"{site}/book/index.html")
    cards = page.locator("ul.cards > li")
    titles = cards.locator("strong").all_inner_texts()
    assert len(titles) == len(set(titles)) >= 12
    card = cards.filter(has_text="Step 3: Sampling")
    card.scroll_into_view_if_needed()
    ground = "(image) => getComputedStyle(image).backgroundColor"
    assert card.locator("img").evaluate(ground) == "rgba(0, 0, 0, 0)"
    card.click(position={"x": 8, "y": 8})
    expect(page.locator("h1")).to_contain_text("Step 3: Sampling")
