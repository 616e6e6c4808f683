"""The other doors: the header's menus, bare figures, the folder that opens by double-click, the PDF, `make live`."""

import itertools
import json
import re
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect
from pypdf import PdfReader

import pack
import pdf
import softmax_lib
from accessibility import violations
from support import CHAPTERS, FIGURES, PAGES, ROOT, letters, running_server, serving

PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(27, 33, 41)"}  # of a figure's card
NAMES = sorted(Path(figure.module).stem for figure in FIGURES)


# --- the header's menus


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("width", [1280, 360])
def test_menus_open_by_keyboard_and_touch_without_a_script(new_page, site, width, scripts):
    page = new_page(viewport={"width": width, "height": 640}, java_script_enabled=scripts)
    page.goto(f"{site}/book/temperature.html")
    for name, entries in (("Launch interactive content", 1), ("Download this page", 3)):
        button = page.get_by_role("button", name=name)
        links = page.locator(f"#{button.get_attribute('popovertarget')} a")
        assert not links.first.is_visible()
        button.focus()
        page.keyboard.press("Enter")
        assert links.count() == entries
        for link in links.all():
            box = link.bounding_box()
            assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
        assert not links.first.is_visible()
    assert page.problems == []


# --- one figure a page


@pytest.mark.parametrize("name", NAMES)
def test_bare_figure_lives_alone(new_page, site, name):
    page = new_page(reduced_motion="reduce")
    page.goto(f"{site}/figures/{name}.html")
    expect(page.locator("live-figure[live]")).to_have_count(1)
    assert page.title() == f"{page.get_by_role('group').first.get_attribute('aria-label')} · Softmax & Temperature"
    assert page.locator("html").get_attribute("lang") == "en"
    card = page.locator(".lf-host .lf")
    for width, scheme in ((1280, "light"), (360, "dark"), (320, "light")):
        page.set_viewport_size({"width": width, "height": 640})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert card.evaluate("(card) => getComputedStyle(card).backgroundColor") == PAPER[scheme]
        assert violations(page) == [], (width, scheme)
    link = page.get_by_role("link")
    chapter = BeautifulSoup(page.request.get(link.evaluate("(link) => link.href")).text(), "html.parser")
    assert chapter.select_one(f'live-figure[module="{name}/{name}.js"]')
    assert chapter.h1.text.startswith(link.inner_text())
    assert page.problems == []


def test_bare_figures_are_all_there_is(built_book):
    assert sorted(path.stem for path in (built_book / "figures").glob("*.html")) == NAMES


def test_bare_figure_can_be_embedded_by_another_site(new_page, site, tmp_path):
    (tmp_path / "_headers").write_text("/*\n", "utf-8")
    frame = f'<iframe src="{site}/figures/dial.html" title="Dial" width="700" height="900"></iframe>'
    course = f"<!doctype html><title>A course</title>{frame}"
    (tmp_path / "course.html").write_text(course, "utf-8")
    with serving(tmp_path) as address:
        page = new_page()
        page.goto(f"{address.replace('127.0.0.1', 'localhost')}/course.html")
        figure = page.frame_locator("iframe")
        figure.get_by_role("button", name="T → 0", exact=True).click()
        expect(figure.get_by_role("status")).to_contain_text("T = 0")
        with page.context.expect_page() as opened:
            figure.get_by_role("link").click()
        opened.value.wait_for_url("**/book/temperature.html")
    assert urlsplit(page.url).path == "/course.html"


LISTENER = re.search(
    r"```html\n<script>\n(.*?)</script>\n```", (ROOT / "book/for-instructors.md").read_text("utf-8"), re.S
)[1]
COURSE = """<!doctype html><title>A course</title><script>{listener}</script>
<iframe src="{site}/figures/dial.html" title="Dial" width="100%" height="300"></iframe>
<iframe src="{site}/figures/sampler.html" title="Sampler" width="100%" height="300"></iframe>"""


@pytest.mark.parametrize("width", [1000, 360])
def test_frames_take_the_height_that_figures_tell(new_page, site, tmp_path, width):
    (tmp_path / "_headers").write_text("/*\n", "utf-8")
    (tmp_path / "course.html").write_text(COURSE.format(listener=LISTENER, site=site), "utf-8")
    with serving(tmp_path) as address:
        page = new_page(viewport={"width": 700, "height": 900}, reduced_motion="reduce")
        page.goto(f"{address.replace('127.0.0.1', 'localhost')}/course.html")
        page.set_viewport_size({"width": width, "height": 900})
        for nth in (0, 1):
            page.locator("iframe").nth(nth).scroll_into_view_if_needed()  # a browser lays out what is in sight
            frame = page.frame_locator("iframe").nth(nth)
            expect(frame.locator("live-figure[live]")).to_have_count(1)
            inside = frame.locator("html")
            whole = inside.evaluate("(html) => Math.ceil(html.getBoundingClientRect().height)")
            expect(page.locator("iframe").nth(nth)).to_have_js_property("clientHeight", whole)
            assert inside.evaluate("(html) => html.scrollHeight <= innerHeight")


HEIGHTS = {
    name: (int(wide), int(narrow))
    for name, wide, narrow in re.findall(
        r"^\| `(\w+)` \| (\d+) \| (\d+) \|$", (ROOT / "book/for-instructors.md").read_text("utf-8"), re.M
    )
}


@pytest.mark.parametrize("name", NAMES)
def test_instructors_are_told_the_height_of_each_figure(new_page, site, name):
    page = new_page(viewport={"width": 700, "height": 600}, reduced_motion="reduce")
    page.goto(f"{site}/figures/{name}.html")
    expect(page.locator("live-figure[live]")).to_have_count(1)
    for width, told in zip((700, 360), HEIGHTS[name], strict=True):
        page.set_viewport_size({"width": width, "height": 600})
        height = page.evaluate("document.documentElement.scrollHeight")
        assert height <= told <= height + 60


# --- copying code


@pytest.mark.parametrize("name", ["book/api", "book/temperature"])
def test_copied_code_is_python(new_page, site, name):
    """Without prompts and results where the code has them, and whole where it has none."""
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/{name}.html")
    page.locator("div.highlight:visible").first.scroll_into_view_if_needed()  # the buttons come with it
    blocks = page.locator(
        "div.highlight:has(> button.copybtn):is(.highlight-default *, .highlight-ipython3 *, .highlight-python *)"
    )
    expect(blocks.first).to_be_attached()
    assert blocks.count() > 3
    for block in blocks.all():
        shown = block.locator("pre").text_content()
        block.locator("button.copybtn").dispatch_event("click")
        copied = page.evaluate("navigator.clipboard.readText()")
        compile(copied, name, "exec")
        prompts = re.findall(r"^(?:>>>|\.\.\.) ?(.*)$", shown, re.M)
        assert copied.strip() == ("\n".join(prompts) if prompts else shown).strip()


# --- the folder that opens by double-click


@pytest.fixture(scope="module")
def unpacked(built_book, tmp_path_factory):
    folder = tmp_path_factory.mktemp("packed")
    pack.pack(built_book, folder / "book.zip")
    with zipfile.ZipFile(folder / "book.zip") as archive:
        archive.extractall(folder)
    return folder / pack.NAME


def test_every_figure_lives_from_disk(unpacked, new_page):
    page = new_page(reduced_motion="reduce")
    pages = [path for path in sorted(unpacked.rglob("*.html")) if "<live-figure" in path.read_text("utf-8")]
    assert {path.stem for path in pages} > set(NAMES)
    for path in pages:
        page.goto(path.as_uri())
        page.wait_for_function(
            "() => [...document.querySelectorAll('live-figure')].every((figure) => figure.hasAttribute('live'))"
        )
    assert page.problems == []


def test_reader_walks_through_the_folder(unpacked, new_page):
    page = new_page(reduced_motion="reduce")
    page.goto((unpacked / "index.html").as_uri())
    page.wait_for_url("**/book/index.html")
    page.get_by_role("button", name="T → ∞", exact=True).click()
    page.get_by_role("link", name="Step 2: The temperature dial").first.click()
    page.wait_for_url("file:**/book/temperature.html")
    expect(page.get_by_role("group", name="Temperature dial").get_by_role("status")).to_contain_text("T = ∞")
    assert page.problems == []


def test_site_itself_does_not_live_from_disk(built_book, new_page):
    page = new_page()
    page.goto((built_book / "book/temperature.html").as_uri())
    page.wait_for_timeout(500)
    assert page.locator("live-figure[live]").count() == 0


def test_packing_twice_gives_the_same_bytes(built_book, unpacked, tmp_path):
    pack.pack(built_book, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (unpacked.parent / "book.zip").read_bytes()


# --- the PDF


@pytest.fixture(scope="module")
def printed(built_book, browser, once):
    return PdfReader(once("book.pdf", lambda path: pdf.print_book(built_book, browser, path)))


@pytest.fixture(scope="module")
def texts(printed, once):
    """Of each page."""
    read = once(
        "book.json", lambda path: path.write_text(json.dumps([page.extract_text() for page in printed.pages]), "utf-8")
    )
    return json.loads(read.read_text("utf-8"))


def test_every_chapter_is_in_the_outline_in_order(built_book, printed, texts):
    titles = [
        BeautifulSoup((built_book / f"{name}.html").read_text("utf-8"), "html.parser").h1.contents[0].text
        for name in PAGES
    ]
    chapters = [entry for entry in printed.outline if not isinstance(entry, list)]
    assert [entry.title for entry in chapters] == titles
    numbers = [printed.get_destination_page_number(entry) for entry in chapters]
    assert numbers == sorted(set(numbers))
    for entry in itertools.chain(chapters, *(entry for entry in printed.outline if isinstance(entry, list))):
        text = texts[printed.get_destination_page_number(entry)]
        if not re.search(r"[\^_]", entry.title):  # a formula is set in two dimensions
            assert letters(entry.title) in letters(text)


def test_title_page_says_what_the_book_is_and_which_edition(built_book, texts):
    cover = BeautifulSoup((built_book / "book/index.html").read_text("utf-8"), "html.parser")
    site = cover.select_one("link[rel=canonical]")["href"].removesuffix("book/index.html")
    said = [
        "Softmax & Temperature",
        "The executable explainer",
        cover.select_one(".question").text,
        "The Softmax & Temperature authors",
        f"Version {softmax_lib.__version__}, {cover.select_one('.edition time').text}",
        site,
    ]
    assert [letters(line) for line in texts[0].splitlines()] == [letters(line) for line in said]


def test_every_page_is_headed_by_its_chapter(printed, texts):
    chapters = [entry for entry in printed.outline if not isinstance(entry, list)]
    begins = [printed.get_destination_page_number(entry) for entry in chapters]
    assert begins[0] == 1  # after the title page
    for entry, first, last in zip(chapters, begins, [*begins[1:], len(texts)], strict=True):
        for text in texts[first:last]:
            assert letters(text.splitlines()[0]) == letters(entry.title)


def test_every_link_inside_the_book_leads_somewhere(built_book, printed):
    links = [
        note
        for page in printed.pages
        for note in (part.get_object() for part in page.get("/Annots", []))
        if note["/Subtype"] == "/Link"
    ]
    inside = {str(note["/Dest"]).removeprefix("/") for note in links if "/Dest" in note}
    whole = pdf.joined(built_book, pdf.pages())
    assert inside == {link["href"].removeprefix("#") for link in whole.select("a[href^='#']")}
    assert inside <= {name.removeprefix("/") for name in printed.named_destinations}
    outside = [note["/A"]["/URI"] for note in links if "/A" in note]
    assert len(inside) > 200 and len(outside) > 50
    assert not [address for address in outside if not address.startswith(("https://", "http://incompleteideas.net/"))]


def test_pages_are_numbered_and_solutions_unfolded(texts):
    for number in (1, 9, 49):
        assert texts[number].splitlines()[1] == str(number + 1)
    text = " ".join("\n".join(texts).split())
    assert "temperatures multiply" in text  # a solution
    assert "It climbs to 0.839" in text  # an answer to a prediction


def test_link_to_nothing_is_noticed():
    links = BeautifulSoup(
        '<p><a href="../_sources/cite.md">x</a> <a href="cite.html#here">y</a> <a href="cite.html#gone">z</a></p>',
        "html.parser",
    )
    outside, inside, broken = links.select("a")
    anchors = {"book/cite": {"book-cite", "book-cite--here"}, "book/index": {"book-index"}}
    pdf.lead_inside(outside, "book/index", anchors)
    pdf.lead_inside(inside, "book/index", anchors)
    assert links.text == "x y z" and links.select("a") == [inside, broken] and inside["href"] == "#book-cite--here"
    with pytest.raises(ValueError, match=r"book/index links to cite\.html#gone, which is not there"):
        pdf.lead_inside(broken, "book/index", anchors)


# --- JupyterLab on this machine


def test_live_opens_the_cover_as_a_notebook(repository, tmp_path, new_page):
    for notebook in (repository / "book").glob("*.ipynb"):  # of Binder's postBuild
        notebook.unlink()
    command = [sys.executable, repository / "tools/live.py"]
    with running_server(command, repository, tmp_path, {"PYTHONPATH": str(repository)}) as server:
        page = new_page(viewport={"width": 1200, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(server["url"])
        expect(page.locator(".jp-NotebookPanel .jp-MarkdownOutput h1").first).to_contain_text(
            "Softmax & Temperature", timeout=60_000
        )
    for name in CHAPTERS:
        assert (repository / "book" / f"{name}.ipynb").exists()
