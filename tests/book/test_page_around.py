"""The page around the figures at every size of text, on paper, in forced colours, from the right, and by keyboard."""

import re

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from support import PAGES

ALL = [*PAGES, "search", "genindex"]
LAY_OUT_ALL = "section { content-visibility: visible !important; } live-figure { display: none; }"
BROKEN_WORDS = r"""() => [...document.querySelectorAll("article :is(th, td), .lf-host .lf")].flatMap((place) => {
    const found = [], walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        if (!text.parentElement.checkVisibility() || text.parentElement.closest("code, pre, .katex")) continue;
        for (const { 0: word, index } of text.data.matchAll(/[\p{L}\p{N}]+/gu)) {
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) found.push(word);
        }
    }
    return found;
})"""
DARK = {"color_scheme": "dark", "reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def soups(built_book):
    return {name: BeautifulSoup((built_book / f"{name}.html").read_text("utf-8"), "html.parser") for name in ALL}


def test_no_page_scrolls_sideways(new_page, site):
    """At several widths and sizes of text, from the left and from the right.

    The figures themselves are measured by their own tests.
    """
    page = new_page(reduced_motion="reduce")
    wide = {}
    for name in ALL:
        page.goto(f"{site}/{name}.html", wait_until="load")
        page.add_style_tag(content=LAY_OUT_ALL)
        for width, size in [(320, 16), (360, 32), (390, 24), (1280, 32)]:
            page.set_viewport_size({"width": width, "height": 640})
            for direction in ("ltr", "rtl"):
                reach = page.evaluate(
                    """([direction, size]) => {
                        const root = document.documentElement;
                        root.dir = direction;
                        root.style.fontSize = `${size}px`;
                        return root.scrollWidth;
                    }""",
                    [direction, size],
                )
                if reach > width:
                    wide[name, width, size, direction] = reach
    assert wide == {}


@pytest.mark.parametrize("width", [1280, 360])
def test_no_word_of_a_table_or_a_figure_breaks(new_page, site, width):
    page = new_page(viewport={"width": width, "height": 640}, reduced_motion="reduce")
    broken = {}
    for name in PAGES:
        page.goto(f"{site}/{name}.html")
        page.wait_for_function(
            "() => [...document.querySelectorAll('live-figure')].every((one) => one.hasAttribute('live'))"
        )
        page.add_style_tag(content="section { content-visibility: visible !important; }")
        if words := page.evaluate(BROKEN_WORDS):
            broken[name] = words
    assert broken == {}


def test_a_word_that_breaks_is_noticed(new_page):
    page = new_page()
    cell = '<td style="width: 3em; overflow-wrap: anywhere">Temperature, a word</td>'
    page.set_content(f'<article><table style="table-layout: fixed; width: 3em"><tr>{cell}</tr></table></article>')
    assert page.evaluate(BROKEN_WORDS) == ["Temperature"]


def test_icons_show_in_forced_colours(new_page, site):
    page = new_page(forced_colors="active")
    page.goto(f"{site}/book/temperature.html")
    icons = page.locator(".bd-header-article :is(.fa-solid, .fas)").evaluate_all(
        """icons => icons.filter((icon) => icon.checkVisibility())
            .map((icon) => [getComputedStyle(icon).backgroundColor, getComputedStyle(document.body).backgroundColor])"""
    )
    assert len(icons) >= 5
    assert [colour for colour, ground in icons if colour in (ground, "rgba(0, 0, 0, 0)")] == []


@pytest.mark.parametrize("name", ["book/temperature", "book/sampling", "book/index"])
def test_paper_is_light(new_page, site, name):
    page = new_page(**DARK)
    page.goto(f"{site}/{name}.html")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    looks = """() => ["body", "h1", "article p", "pre", ".highlight span", ".cell_output img"].flatMap((query) => {
        const element = document.querySelector(query);
        if (!element) return [];
        const { color, backgroundColor, colorScheme, filter } = getComputedStyle(element);
        return [[query, color, backgroundColor, colorScheme, filter].join()];
    })"""
    dark = page.evaluate(looks)
    page.emulate_media(media="print")
    printed = page.evaluate(looks)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert printed == page.evaluate(looks) != dark


def test_no_contents_between_title_and_text_on_paper(soups):
    assert [name for name, soup in soups.items() if soup.select("#jb-print-toc, .onlyprint")] == []


def test_nothing_that_is_looked_at_whole_breaks_across_sheets(new_page, site):
    page = new_page()
    page.goto(f"{site}/book/temperature.html")
    page.emulate_media(media="print")
    inside = "elements => [...new Set(elements.map((element) => getComputedStyle(element).breakInside))]"
    assert page.locator("article :is(figure, img, video, pre, tr)").evaluate_all(inside) == ["avoid"]
    assert page.locator(".lf").evaluate_all(inside) == ["auto"]


@pytest.mark.parametrize("way", ["link", "close", "Escape"])
def test_the_drawer_closes(new_page, site, way):
    page = new_page(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
    page.goto(f"{site}/book/temperature.html")
    toggle = page.locator(".secondary-toggle")
    toggle.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="Contents")
    expect(drawer).to_be_visible()
    match way:
        case "link":
            drawer.get_by_role("link", name="Exercises").click()
            assert page.url.endswith("#exercises")
        case "close":
            drawer.get_by_role("button", name="Close").click()
        case "Escape":
            page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    if way == "link":
        expect(page.locator("#exercises > h2")).to_be_in_viewport()
    else:
        expect(toggle).to_be_focused()


def test_a_second_skip_link_leads_to_the_figure(new_page, site):
    page = new_page()
    page.goto(f"{site}/book/temperature.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("live-figure")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('live-figure') !== null")


def test_every_skip_link_leads_somewhere(soups):
    for soup in soups.values():
        targets = [link["href"][1:] for link in soup.select(".skip-link a")]
        assert all(len(soup.find_all(id=target)) == 1 for target in targets)
        assert len(targets) == 1 + bool(soup.select("live-figure"))


def test_ids_are_unique(soups):
    for name, soup in soups.items():
        ids = [element["id"] for element in soup.find_all(id=True)]
        assert {id for id in ids if ids.count(id) > 1} == set(), name


def test_formulas_and_code_are_not_translated_and_read_from_the_left(soups):
    for name, soup in soups.items():
        kept = soup.select("article :is(.math, code.literal, div[class*=highlight-])")
        assert all((part.get("translate"), part.get("dir")) == ("no", "ltr") for part in kept), name
        assert all("notranslate" in part["class"] for part in kept), name
    assert len(soups["book/temperature"].select("article .math")) > 50


def test_no_mark_after_a_formula_can_leave_it(soups):
    loose = [
        formula.next_sibling
        for soup in soups.values()
        for formula in soup.select("article span.math")
        if isinstance(formula.next_sibling, str) and re.match(r"[.,;:)”’]", formula.next_sibling)
        and formula.parent.get("class") != ["glued"]
    ]  # fmt: skip
    assert loose == []
    assert len(soups["book/temperature"].select(".glued")) > 10


def test_no_page_is_fetched_ahead(soups):
    assert [
        name for name, soup in soups.items() if soup.select("link[rel~=next], link[rel~=prev], link[rel~=prefetch]")
    ] == []


def test_sheet_keeps_old_browsers_whole(built_book):
    sheet = re.sub(r"\s+", "", (built_book / "_static/book-styles.css").read_text("utf-8"))
    assert "@supportsnotselector(:popover-open){.header-menu{display:none;}}" in sheet
    before, _, _ = sheet.partition("content-visibility:auto")
    assert before.rstrip("{").rpartition("@supports")[2].startswith("(overflow-anchor:auto)")


def test_nothing_lies_over_a_resting_animation(new_page, site):
    page = new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{site}/book/temperature.html")
    film, play = page.locator("video"), page.get_by_role("button", name="Play the animation")
    play.scroll_into_view_if_needed()
    assert not film.evaluate("film => film.controls")
    assert play.bounding_box()["y"] >= film.bounding_box()["y"] + film.bounding_box()["height"]
    play.click()
    expect(play).to_be_hidden()
    assert film.evaluate("film => film.controls")
    film.dispatch_event("ended")
    expect(play).to_be_visible()


def test_every_animation_has_a_second_source(soups, built_book):
    films = [film for soup in soups.values() for film in soup.select("video")]
    assert len(films) >= 4
    for film in films:
        kinds = {source["type"]: built_book / "book" / source["src"] for source in film.select("source")}
        assert list(kinds) == ["video/mp4", "video/webm"]
        assert all(path.stat().st_size < 300_000 for path in kinds.values())


def test_a_number_stays_with_its_unit(soups):
    assert not re.search(r"\d minutes", soups["book/index"].select_one("article").text)


def test_on_a_phone_code_waits_behind_a_line_and_results_are_seen(new_page, site):
    page = new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{site}/book/temperature.html")
    cell = page.locator(".cell", has_text="What does halving T do to cat").first
    cell.scroll_into_view_if_needed()
    code = cell.locator(".cell_input pre")
    expect(code).to_be_hidden()
    expect(cell.locator(".cell_output")).to_be_visible()
    cell.get_by_text("Checked by a cell").click()
    expect(code).to_be_visible()


@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1280, "height": 800}}, {"java_script_enabled": False}], ids=str
)
def test_elsewhere_and_without_a_script_code_is_seen(new_page, site, options):
    page = new_page(**{"viewport": {"width": 360, "height": 640}} | options)
    page.goto(f"{site}/book/temperature.html")
    code = page.locator(".cell_input pre", has_text="What does halving T do to cat").first
    code.scroll_into_view_if_needed()
    expect(code).to_be_visible()
