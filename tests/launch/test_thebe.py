"""Live code in a reader's browser, against a real Jupyter server, under the policy of `?live`."""

import time

import pytest
from playwright.sync_api import expect

from accessibility import violations
from live_page import assert_dial_and_python_move_each_other
from support import CHAPTERS

WITH_BUTTON = CHAPTERS[1:]


def test_the_button_is_where_code_is(built_book):
    pages = {path.stem: path.read_text("utf-8") for path in (built_book / "book").glob("*.html")}
    assert {name for name, page in pages.items() if '<button id="live-code"' in page} == {*WITH_BUTTON}
    assert {name for name, page in pages.items() if "/live-code/button.js" in page} == {*WITH_BUTTON}


def test_edit_run_new_output(read):
    live = read("temperature").launch()
    cell = live.cell("What does halving T do")
    before = cell.element.inner_text()
    editor = cell.element.get_by_role("textbox", name="Code of cell 3")
    editor.focus()
    live.page.keyboard.press("Control+A")
    live.page.keyboard.insert_text("print('edited', softmax(logits, 0.25)[0].round(3))")
    live.page.keyboard.press("Shift+Enter")
    cell.prints("edited 0.98")  # the cells above it, which import softmax, ran first
    live.says("Cell 3 has run.")
    assert "cat : dog" in before and "cat : dog" not in cell.element.inner_text()
    assert live.page.problems == []


def test_a_figure_keeps_its_caption_its_description_and_its_colours(read):
    live = read("temperature", color_scheme="dark").launch()
    cell = live.cell("entropy_curve")
    figure = cell.element.locator("figure")
    caption, alt = figure.locator("figcaption").inner_text(), figure.locator("img").get_attribute("alt")
    cell.run()
    image = cell.output.locator("img")
    image.wait_for(timeout=60_000)
    assert figure.locator("img").count() == 1
    assert (figure.locator("figcaption").inner_text(), image.get_attribute("alt")) == (caption, alt)
    assert image.get_attribute("src").startswith("data:image/svg+xml")
    assert image.evaluate("image => getComputedStyle(image).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_the_live_figure_and_python_move_each_other(read):
    live = read("temperature").launch()
    assert_dial_and_python_move_each_other(live)


@pytest.mark.parametrize("name", ["speed-and-scale", "temperature"])  # Python in the page runs all, but not its Dask
def test_a_chapter_comes_alive(read, name):
    live = read(name).launch()
    live.press("Run all")
    live.says(f"Cell {len(live.cells)} has run.")
    figures = live.page.locator(".cell_output .lf")
    assert figures.count() >= (name != "speed-and-scale")
    for figure in figures.all():
        figure.scroll_into_view_if_needed()
        expect(figure.locator("[inert]")).to_have_count(0)  # it has its data
        live.run_beside(figure)
        live.says("Your cell below cell 1 has run.")
    expect(live.page.get_by_text("its published result stands")).to_have_count(0)
    assert live.page.problems == []


def test_a_page_that_closes_stops_its_kernel(read, jupyter):
    live = read("why-softmax")

    def sessions():
        listed = live.page.request.get(jupyter.replace("?", "api/sessions?")).json()
        return {session["id"] for session in listed}

    of_others = sessions()  # pages of earlier tests may be closing
    live.launch()
    (mine,) = sessions() - of_others
    live.bar.get_by_role("link", name="Close").click()
    live.button.wait_for()
    for _ in range(50):
        if mine not in sessions():
            return
        time.sleep(0.1)
    pytest.fail("the session goes on")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_live_page_is_accessible(read, width, scheme):
    live = read("why-softmax", viewport={"width": width, "height": 640}, color_scheme=scheme).launch()
    if width == 360:
        live.press("More")
    live.bar.get_by_text("Log").click()
    live.press("Run all")
    live.says(f"Cell {len(live.cells)} has run.")
    page = live.page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    for target in [*live.bar.get_by_role("button").all(), *page.get_by_role("button", name="Run cell").all()]:
        box = target.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 44


def test_tab_leads_out_of_an_editor(read):
    live = read("why-softmax").launch()
    live.page.get_by_role("textbox", name="Code of cell 2").focus()
    live.page.keyboard.press("Tab")
    expect(live.page.get_by_role("button", name="Run cell 2")).to_be_focused()
    live.page.keyboard.press("Shift+Tab")
    expect(live.page.get_by_role("textbox", name="Code of cell 2")).to_be_focused()
