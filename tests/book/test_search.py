"""Search as readers use it: the words of this book, excerpts of its text, and a field that can be read."""

import re

import pytest

from publishing.search import HyphenatedEnglish


@pytest.fixture(scope="module")
def search(browser, site):
    """Search the book; gives the page with the results that have their excerpts."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))

    def results(words):
        page.goto(f"{site}/search.html?{words}")
        page.get_by_text(re.compile("Search finished|did not match")).wait_for()
        page.wait_for_load_state("networkidle")
        assert problems == []
        return page

    yield results
    context.close()


def excerpts(page):
    return page.locator("ul.search .context").all_inner_texts()


@pytest.mark.parametrize("word", ["top-p", "min-p", "top-k", "Cross-Entropy", "well-calibrated"])
def test_hyphenated_word_is_one_word(search, word):
    page = search(f"q={word}")
    marked = {text.lower() for text in page.locator("ul.search .highlighted").all_inner_texts()}
    assert marked <= {word.lower()}
    if word in ("top-p", "min-p"):
        assert marked and 1 <= page.locator("ul.search li").count() < 12
        assert page.get_by_role("link", name="5.1 Text generation").count() >= 1


def test_hyphenated_word_is_found_by_its_parts_too():
    split = HyphenatedEnglish({}).split
    assert split("Top-p and min-p, softmax_lib") == ["Top-p", "Top", "p", "and", "min-p", "min", "p", "softmax_lib"]
    assert split("- a -b c- 3") == ["a", "b", "c", "3"]


@pytest.mark.parametrize("word", ["constructor", "__proto__", "constructor top-p", "prototype", "hasownproperty"])
def test_word_that_every_object_knows_is_a_word(search, word):
    page = search(f"q={word}")
    assert page.get_by_role("link", name="undefined").count() == 0
    for link in page.locator("ul.search a").all():
        assert "undefined" not in link.get_attribute("href")


@pytest.mark.parametrize("word", ["logits", "temperature", "softmax", "perplexity"])
def test_excerpts_are_text(search, word):
    texts = excerpts(search(f"q={word}"))
    assert len(texts) > 3
    for text in texts:
        assert not re.search(r"Live code|Launch|\.ipynb|Download|Try again|\\frac|\\log|\^\{", text), text
        assert "\n" not in text


def test_excerpts_say_a_formula_once(search):
    page = search("q=softmax")
    html = (
        '<main role="main"><div class="bd-header-article">Live code</div><p>at <span class="katex">'
        "<span class='katex-mathml'><math><semantics><mi>T</mi><annotation>T</annotation></semantics></math></span>"
        "<span class='katex-html'>T</span></span> it is</p></main>"
    )
    assert page.evaluate("(html) => Search.htmlToText(html)", html).strip() == "at T it is"


def test_magnifier_leaves_the_first_letter_free(search):
    page = search("q=top-p")
    field = page.get_by_role("main").get_by_role("searchbox").first
    icon = page.locator("form.bd-search .fa-magnifying-glass").first
    if icon.is_visible():
        padding = float(field.evaluate("(field) => getComputedStyle(field).paddingInlineStart").removesuffix("px"))
        end_of_icon = icon.bounding_box()["x"] + icon.bounding_box()["width"]
        assert end_of_icon <= field.bounding_box()["x"] + padding


def test_words_of_two_blocks_stay_apart(search):
    html = (
        '<main role="main"><dl><dt>top-p</dt><dd>A cut.</dd></dl><table><tr><td>0.5</td><td>2</td></tr></table></main>'
    )
    assert search("q=top-p").evaluate("(html) => Search.htmlToText(html)", html).split() == [
        "top-p",
        "A",
        "cut.",
        "0.5",
        "2",
    ]
