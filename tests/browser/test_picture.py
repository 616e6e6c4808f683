"""Save picture: a PNG and an SVG of the figure as it stands, with its name, what it says, and the page's address."""

import re
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image
from playwright.sync_api import expect

from harness import Dial, Figure
from softmax_lib.live import TemperatureDial
from test_every_figure import ACTS, do, each_figure, made

SVG = "{http://www.w3.org/2000/svg}"
BAR = (62, 111, 168)  # the blue of what follows, on light ground
NUMBERS = """() => {
    const card = document.querySelector(".lf-host .lf"), found = [];
    const shown = (element) => element.checkVisibility({ visibilityProperty: true })
        && !element.closest(".lf-top, .lf-stops, .lf-presets, .lf-foot, .lf-status, .lf-hidden, select");
    for (const element of [...card.querySelectorAll("*")].filter(shown)) {
        if (element.matches("input[type=text]")) found.push(element.value);
        for (const node of element.childNodes) if (node.nodeType === 3 && /\\d/.test(node.data)) found.push(node.data);
    }
    return found;
}"""


def saved(figure, kind):
    """The name and the place of the picture that a reader saves."""
    with figure.page.expect_download() as download:
        figure.press(kind)
    expect(figure.status).to_have_text(f"Saved as {download.value.suggested_filename}.")
    return download.value.suggested_filename, Path(download.value.path())


def is_drawn(image):
    """The paper is white, and bars, words and lines are on it."""
    colours = {colour[:3]: count for count, colour in image.convert("RGBA").getcolors(1 << 24)}
    return 0.4 < colours[255, 255, 255] / (image.width * image.height) < 0.99 and colours.get(BAR, 0) > 100


def texts(svg):
    """What a picture shows: its words, and what stands in its fields."""
    shown = next(svg.iter(f"{SVG}foreignObject"))
    return " ".join([*shown.itertext(), *(field.get("value", "") for field in shown.iter())])


def wanting(numbers, svg):
    told = re.sub(r"\s+", " ", texts(svg))
    return [number for number in numbers if re.sub(r"\s+", " ", number) not in told]


@each_figure
def test_the_pictures_show_what_the_figure_shows(show, kind):
    page = show(made(kind), viewport={"width": 800, "height": 800}, color_scheme="dark", theme="dark")
    figure = Figure(page, kind.title)
    do(figure, ACTS[kind.__name__][0])
    figure.settle()
    numbers = figure.page.evaluate(NUMBERS)
    told = figure.figure.locator(".lf-status").text_content()
    figure.figure.get_by_text("Save picture").click()
    name, path = saved(figure, "SVG")
    assert re.fullmatch(r"[a-z-]+\.svg", name)
    svg = ElementTree.fromstring(path.read_text("utf-8"))
    assert wanting(numbers, svg) == []
    for words in (kind.title, told, figure.page.url):
        assert words in texts(svg)
    assert not re.search(r":\s*;", svg.find(f"{SVG}style").text), "a rule that no picture gets: see its shorthands"
    width, height = (int(svg.get(side)) for side in ("width", "height"))
    assert width == figure.figure.bounding_box()["width"]
    name, path = saved(figure, "PNG")
    with Image.open(path) as image:
        assert (image.format, image.size) == ("PNG", (2 * width, 2 * height))
        assert is_drawn(image)


def test_a_blank_picture_and_one_of_another_state_are_noticed(show):
    dial = Dial(show(viewport={"width": 800, "height": 800}))
    assert not is_drawn(Image.new("RGB", (1440, 1000), "white"))
    dial.figure.get_by_text("Save picture").click()
    svg = ElementTree.parse(saved(dial, "SVG")[1]).getroot()
    dial.press("T → ∞")
    dial.settle()
    assert "2.32" in wanting(dial.page.evaluate(NUMBERS), svg)


def test_other_programs_find_the_png_in_the_svg(show):
    dial = Dial(show())
    dial.figure.get_by_text("Save picture").click()
    choice = ElementTree.parse(saved(dial, "SVG")[1]).getroot().find(f"{SVG}switch")
    assert [part.tag for part in choice] == [f"{SVG}foreignObject", f"{SVG}image"]
    assert choice[0].get("requiredFeatures") and choice[1].get("href").startswith("data:image/png;base64,")


def test_nothing_of_it_is_loaded_before_the_press(show):
    page = show()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    loaded = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('picture')).length"
    page.get_by_text("Save picture").click()
    assert page.evaluate(loaded) == 0 and asked == []
    saved(Dial(page), "PNG")
    assert page.evaluate(loaded) == 1


def test_a_picture_that_cannot_be_drawn_is_told(show, new_page):
    page = new_page(reduced_motion="reduce")
    page.add_init_script("HTMLImageElement.prototype.decode = () => Promise.reject(new Error('no'))")
    show(TemperatureDial(), page=page)
    page.get_by_text("Save picture").click()
    dial = Dial(page)
    dial.press("PNG")
    expect(dial.status).to_have_text("This browser could not draw the picture.")
