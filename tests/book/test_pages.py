"""Every page of the built book as a reader's browser meets it, under the readers' policy."""

import gzip
import random
import re
import tomllib
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

from accessibility import violations
from support import PAGES, ROOT, serving

BUDGET = tomllib.loads((ROOT / "tests/book/budget.toml").read_text("utf-8"))
SHIFT = 0.02
COMPRESSED = (".woff2", ".png", ".mp4", ".webm", ".webp")
IMAGES = (".png", ".svg", ".webp", ".mp4", ".webm")

# Signs of the theme's icon font, which is not shipped, would show as empty boxes.
MISSING_SIGNS = r"""[...document.querySelectorAll("*")].flatMap((element) => ["::before", "::after"]
    .filter((part) => element.checkVisibility() && /[\ue000-\uf8ff]/.test(getComputedStyle(element, part).content))
    .map((part) => element.outerHTML.slice(0, 80) + part))"""
WATCH_SHIFTS = """
window.shift = 0;
const add = (entry) => { if (!entry.hadRecentInput) window.shift += entry.value; };
new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({ type: "layout-shift", buffered: true });
"""
# axe takes a text's background from where things stood before it scrolled there.
LAY_OUT_ALL = "section { content-visibility: visible !important; }"


def settle(page):
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "() => [...document.querySelectorAll('live-figure')].every((figure) => figure.hasAttribute('live'))"
    )


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
@pytest.mark.parametrize("name", [*PAGES, "search", "genindex"])
def test_page_arrives_clean_light_and_still_and_is_accessible(new_page, site, name, width, scheme):
    page = new_page(viewport={"width": width, "height": 640}, color_scheme=scheme)
    page.add_init_script(WATCH_SHIFTS)
    received = []
    page.on("response", lambda response: received.append(response))
    page.goto(f"{site}/{name}.html")
    settle(page)
    assert page.problems == []
    assert over_budget(received) == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.shift") <= SHIFT
    page.emulate_media(reduced_motion="reduce")
    page.add_style_tag(content=LAY_OUT_ALL)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(MISSING_SIGNS) == []
    assert violations(page) == []


def over_budget(received) -> dict[str, int]:
    """The kinds of files that weigh more than budget.toml allows, with their weight."""
    weights = Counter()
    for response in received:
        weights[response.request.resource_type] += weight(response)
        weights["total"] += weight(response)
    return {kind: size for kind, size in weights.items() if size > BUDGET.get(kind, 0)}


def weight(response) -> int:
    if response.url.endswith(IMAGES) or not response.ok:
        return 0
    body = response.body()
    return len(body) if response.url.endswith(COMPRESSED) else len(gzip.compress(body))


def test_a_page_that_is_too_heavy_is_noticed(new_page, site):
    page = new_page()
    received = []
    page.on("response", lambda response: received.append(response))
    page.route(
        "**/host.js",
        lambda route: route.fulfill(body=random.Random(1).randbytes(200_000).hex(), content_type="text/javascript"),
    )
    page.goto(f"{site}/book/cite.html")
    page.wait_for_load_state("networkidle")
    assert set(over_budget(received)) == {"script", "total"}


def test_code_can_be_copied_once_the_reader_comes_to_it(new_page, site):
    page = new_page(viewport={"width": 1280, "height": 640}, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/book/temperature.html")
    settle(page)
    assert page.locator("button.copybtn").count() == 0
    code = page.locator("div.highlight:visible").first
    code.scroll_into_view_if_needed()
    code.locator("button.copybtn").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.includes('import numpy'))")
    assert page.problems == []


def test_no_script_of_ours_carries_comments(built_book):
    scripts = [path for path in built_book.glob("_static/scripts-*/live/**/*.js") if path.parent.name != "parts"]
    assert len(scripts) > 50
    assert [path.name for path in scripts if re.search(r"^\s*//", path.read_text("utf-8"), re.MULTILINE)] == []


def test_every_image_keeps_its_place_and_waits_for_the_reader(built_book):
    images = [
        image
        for path in pages(built_book)
        for image in BeautifulSoup(path.read_text("utf-8"), "html.parser").select("article img")
    ]
    assert len(images) > 15
    assert [
        image["src"]
        for image in images
        if not (image.get("width") and image.get("height") and image.get("loading") == "lazy")
    ] == []


def test_a_sign_of_the_missing_font_is_noticed(new_page):
    page = new_page()
    page.set_content(r'<style>a::before { content: "\f09b" }</style><a href="#">a link</a>')
    assert page.evaluate(MISSING_SIGNS) == ['<a href="#">a link</a>::before']


@pytest.mark.parametrize("kind", ["prose", "lf"])
def test_text_too_pale_is_noticed(new_page, kind):
    page = new_page()
    paragraphs = (
        "<p hidden>Unseen.</p><p>Well.</p><p>Well too.</p>"
        '<p id="pale" style="color: #bbb">Pale.</p><p id="grey" style="background: #555">On grey.</p>'
    )
    page.set_content(
        f'<!doctype html><html lang="en"><title>A page</title><main class="{kind}"><h1>A page</h1>{paragraphs}'
    )
    assert violations(page) == [["color-contrast", ["#pale", "#grey"]]]


def test_page_stays_still_while_it_is_read(new_page, site):
    """Sections far below are laid out late: neither scrolling nor a link to one of them may make the page jump."""
    page = new_page(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
    page.add_init_script(WATCH_SHIFTS)
    page.goto(f"{site}/book/temperature.html")
    settle(page)
    while page.evaluate("scrollY + innerHeight < document.documentElement.scrollHeight - 2"):
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(50)
    assert page.evaluate("window.shift") <= SHIFT
    page = new_page(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
    page.goto(f"{site}/book/temperature.html#exercises")
    settle(page)
    assert 0 <= page.locator("#exercises > h2").evaluate("(heading) => heading.getBoundingClientRect().top") < 200


def test_page_takes_the_readers_colours_where_nothing_may_be_stored(new_page, site):
    page = new_page(color_scheme="dark")
    page.add_init_script(
        "const blocked = { get() { throw new DOMException('blocked', 'SecurityError'); } };"
        "Object.defineProperty(window, 'localStorage', blocked);"
    )
    page.goto(f"{site}/book/cite.html")
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_page_reads_without_javascript(new_page, site):
    page = new_page(java_script_enabled=False)
    page.goto(f"{site}/book/temperature.html")
    assert page.get_by_role("navigation", name="Main").get_by_role("link", name="Glossary").is_visible()
    assert page.locator(".katex").first.is_visible()
    page.locator("details.solution summary").first.click()
    assert page.locator("details.solution").first.evaluate("(e) => e.open")


def test_search_finds_a_word(new_page, site):
    page = new_page()
    page.goto(f"{site}/book/index.html")
    page.get_by_role("searchbox").first.fill("perplexity")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=perplexity")
    page.get_by_role("link", name=re.compile("temperature dial")).first.wait_for()
    assert page.problems == []


def test_policy_stops_a_script_from_elsewhere(new_page, built_book, tmp_path):
    """The server that the other tests rely on does enforce the policy."""
    (tmp_path / "_headers").write_bytes((built_book / "_headers").read_bytes())
    (tmp_path / "page.html").write_text("<!doctype html><script>document.title = 'ran'</script>", "utf-8")
    with serving(tmp_path) as address:
        page = new_page()
        page.goto(f"{address}/page.html")
    assert page.title() == "" and any("Content Security Policy" in problem for problem in page.problems)


def test_fonts_keep_every_character_of_the_formulas(built_book):
    formulas = [
        formula
        for path in pages(built_book)
        for formula in BeautifulSoup(path.read_text("utf-8"), "html.parser").select(".katex-html")
    ]
    assert len(formulas) > 100
    variables = {
        ord(sign) for formula in formulas for one in formula.select(".mathnormal") for sign in one.extract().text
    }
    others = {ord(sign) for formula in formulas for sign in formula.text}
    assert len(variables) > 40 and len(others) > 40
    for path in (ROOT / "book/assets/parts/katex/fonts").glob("*.woff2"):
        shown = variables if "_Math-" in path.name else others
        cut = built_book / "_static/katex/fonts" / path.name
        assert shown & glyphs(path) <= glyphs(cut), path.name
        assert cut.stat().st_size < path.stat().st_size, path.name


def test_the_font_of_titles_has_every_character_of_them(built_book):
    (font,) = (built_book / "_static/titles").glob("*.woff2")
    shown = set()
    for name in [*PAGES, "404", "genindex", "search"]:
        page = BeautifulSoup((built_book / f"{name}.html").read_text("utf-8"), "html.parser")
        for formula in page.select(".katex, .headerlink"):  # with fonts of their own
            formula.decompose()
        shown |= {ord(sign) for title in page.select("h1, h2, p.question, .book-title") for sign in title.text} - {
            ord("\n")
        }
    assert len(shown) > 40
    assert shown <= glyphs(font)
    assert font.stat().st_size < 9_000


def test_the_font_of_text_has_every_character_of_it_that_the_face_has(built_book):
    (font,) = (built_book / "_static/text").glob("*.woff2")
    whole = ROOT / "book/assets/parts/text" / font.name
    text = "".join(
        BeautifulSoup((built_book / f"{name}.html").read_text("utf-8"), "html.parser").text for name in PAGES
    )
    assert {ord(sign) for sign in text} & glyphs(whole) <= glyphs(font)
    assert font.stat().st_size < 13_000


def glyphs(font: Path) -> set[int]:
    return set(TTFont(font).getBestCmap())


def test_no_inline_handler(built_book):
    for path in pages(built_book):
        assert not re.search(r"<[^>]+\son[a-z]+=", without_code(path)), path


def pages(site: Path) -> list[Path]:
    return [path for path in site.rglob("*.html") if "_static" not in path.parts]


def without_code(path: Path) -> str:
    return re.sub(r"<(script|style|pre)\b.*?</\1>", "", path.read_text("utf-8"), flags=re.S)


def test_links_inside_the_book_lead_somewhere(built_book):
    anchors = {path: set(re.findall(r'\b(?:id|name)="([^"]+)"', path.read_text("utf-8"))) for path in pages(built_book)}
    for path in anchors.keys() - {built_book / "404.html"}:  # its links start at the root of the host
        for link in re.findall(r'(?:href|src|poster)="([^"]+)"', without_code(path)):
            if re.match(r"[a-z]+:|//", link):
                continue
            address, anchor = urldefrag(link.split("?")[0] if "#" not in link else link)
            target = (path.parent / unquote(address.split("?")[0])).resolve() if address else path
            assert target.exists(), f"{path.name} links to {link}"
            if anchor and target.suffix == ".html":
                assert unquote(anchor) in anchors[target], f"{path.name} links to {link}"
