"""A presented figure carries a QR code that opens it, as it stands, on the telephones of the class."""

import io
import re
import time

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from harness import Dial
from softmax_lib.live import LargeDial, TemperatureDial

SCREEN = {"viewport": {"width": 1920, "height": 1080}, "reduced_motion": "reduce"}
PATIENCE = 15  # seconds, on a machine that does much else
HOST = "http://softmax.example"  # a telephone reaches it, as it does not reach this computer


@pytest.fixture
def present(harness, new_page):
    """Fill the screen with a figure of a page that is published; gives the page."""

    def present_figure(figure, host=HOST, theme="", before=lambda page: None, **options):
        page = new_page(**{**SCREEN, **options})
        page.route(
            f"{HOST}/**",
            lambda route: route.fulfill(response=route.fetch(url=route.request.url.replace(HOST, harness.address))),
        )
        before(page)
        page.goto(f"{host}/{harness.write(figure, theme=theme)}")
        page.get_by_role("button", name="Present").click()
        expect(page.locator(".lf:fullscreen")).to_have_count(1)
        return page

    return present_figure


def code(page):
    return page.get_by_role("img", name="QR code: opens this figure, as it stands, on a telephone")


def scanned(page):
    """What the code says, as a telephone sees it on the screen."""
    with Image.open(io.BytesIO(page.screenshot())) as screen:
        return [found.text for found in zxingcpp.read_barcodes(screen.convert("RGB"))]


def leads_to(page, state):
    """Wait until the code on the screen leads to this state of the figure."""
    wanted, end = page.url + state, time.monotonic() + PATIENCE
    while (found := scanned(page)) != [wanted]:
        assert time.monotonic() < end, found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_code_opens_the_figure_as_it_stands(present, theme):
    page = present(TemperatureDial(), theme=theme)
    expect(code(page)).to_be_visible()
    leads_to(page, "#z=2,1,0.5,-0.5,-2&T=1")
    page.keyboard.press("3")
    leads_to(page, "#z=2,1,0.5,-0.5,-2&T=inf")
    page.keyboard.press("1")
    leads_to(page, "#z=2,1,0.5,-0.5,-2&T=0")
    assert page.url.endswith(".html")  # the reader's address stays


def test_a_screen_without_the_code_says_nothing(present):
    page = present(TemperatureDial())
    leads_to(page, "#z=2,1,0.5,-0.5,-2&T=1")
    page.add_style_tag(content=".lf-scan svg { opacity: 0.02 }")
    assert scanned(page) == []


def test_it_is_large_and_stands_beside_the_figure(present):
    page = present(LargeDial())
    box = code(page).bounding_box()
    assert min(box["width"], box["height"]) >= 160
    card = page.locator(".lf:fullscreen")
    assert card.evaluate("(card) => card.scrollHeight - card.clientHeight") <= 0
    for part in card.locator("input, button, .lf-bar, .lf-p").all():
        if part.is_visible():
            place = part.bounding_box()
            assert place["x"] + place["width"] <= box["x"]


def test_around_it_is_a_quiet_zone_of_four_modules(present):
    page = present(TemperatureDial())
    side = int(code(page).get_attribute("viewBox").split()[2])
    path = code(page).locator("path").get_attribute("d")
    modules = [int(number) for place in re.findall(r"M(\d+ \d+)h", path) for number in place.split()]
    assert (min(modules), max(modules)) == (4, side - 5)


def test_only_a_presented_figure_loads_and_shows_it(show):
    page = show(TemperatureDial(), **SCREEN)
    loaded = "performance.getEntriesByType('resource').filter(({ name }) => /scan|uqr/.test(name)).length"
    assert page.evaluate(loaded) == 0


def test_leaving_the_screen_hides_it(present):
    page = present(TemperatureDial())
    expect(code(page)).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator(".lf:fullscreen")).to_have_count(0)
    expect(page.locator(".lf-scan")).to_be_hidden()


def test_a_page_on_this_computer_has_none(present, harness):
    page = present(TemperatureDial(), host=harness.address)
    Dial(page).press("T → ∞")
    expect(Dial(page).slider("Temperature")).to_have_attribute("aria-valuetext", "T = ∞")
    assert page.evaluate("performance.getEntriesByType('resource').every(({ name }) => !/scan|uqr/.test(name))")
    expect(page.locator(".lf-scan")).to_have_count(0)


def test_without_its_parts_the_figure_is_presented_all_the_same(present):
    page = present(
        TemperatureDial(), before=lambda page: page.route("**/uqr.mjs", lambda route: route.abort(), times=1)
    )
    page.keyboard.press("3")
    expect(Dial(page).slider("Temperature")).to_have_attribute("aria-valuetext", "T = ∞")
    expect(page.locator(".lf-scan")).to_have_count(0)
