"""The joined style sheet keeps every rule that applies to a page. The browser is the judge of what applies."""

import pytest
import tinycss2

from weight import styles, unused

SHEETS = [
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "copybutton.css",
    "sphinx-design.min.css",
    "katex/katex.min.css",
    "css/book.css",
    "css/figures.css",
    "live/live.css",
]

# Selectors of the sheets that match an element of the document, but are not in the joined sheet.
LOST = """async ([sheets, joinedText]) => {
  const parts = (selector) => {                    // split at the commas outside of parentheses
    const found = [""]; let depth = 0;
    for (const c of selector) {
      depth += "([".includes(c) - ")]".includes(c);
      if (c === "," && !depth) found.push(""); else found[found.length - 1] += c;
    }
    return found.map((part) => part.trim());
  };
  const selectors = (text) => {
    const sheet = new CSSStyleSheet(), found = new Set();
    sheet.replaceSync(text.replace(/@import[^;]+;/g, ""));
    const walk = (rules) => { for (const rule of rules) {
      if (rule.selectorText) for (const part of parts(rule.selectorText)) found.add(part);
      else if (rule.cssRules && rule.type !== CSSRule.KEYFRAMES_RULE) walk(rule.cssRules);
    } };
    walk(sheet.cssRules);
    return found;
  };
  const STATES = /::?(before|after|hover|focus|focus-visible|active|marker|placeholder|-[\\w-]+)(?![\\w-])/g;
  const applies = (selector) => {
    const still = selector.replace(STATES, "");
    try { return document.querySelector(still || "*") !== null; } catch { return false; }
  };
  const joined = selectors(joinedText), lost = [];
  for (const address of sheets)
    for (const selector of selectors(await (await fetch(address)).text()))
      if (!joined.has(selector) && applies(selector)) lost.push(selector);
  return lost;
}"""


def lost(page, site: str, name: str, joined: str) -> list[str]:
    page.goto(f"{site}/{name}.html")
    return page.evaluate(LOST, [[f"{site}/_static/{sheet}" for sheet in SHEETS], joined])


@pytest.mark.parametrize("name", ["book/temperature", "book/api", "search"])
def test_every_rule_that_applies_is_kept(page, site, built_book, name):
    assert lost(page, site, name, (built_book / styles.SHEET).read_text("utf-8")) == []


def test_a_lost_rule_is_noticed(page, site, built_book):
    joined = (built_book / styles.SHEET).read_text("utf-8")
    assert ".bd-article" in "".join(lost(page, site, "book/temperature", joined.replace("bd-article", "bd-lost")))


def test_unused_rules_go():
    rules = tinycss2.parse_stylesheet(
        "/* why */ .used, .unused { color: red } .unused:hover { } #here .used:not(.unused) { x: y } "
        "@media print { .unused { } } @media screen { p { a: b } } @font-face { font-family: 'Font Awesome 6' }",
        True,
        True,
    )
    assert styles.kept(rules, {"used", "here"}) == (
        ".used{ color: red }#here .used:not(.unused){ x: y }@media screen {p{ a: b }}"
    )


def test_words_of_a_page_keep_no_rules(tmp_path):
    page, script = tmp_path / "a.html", tmp_path / "a.js"
    page.write_text('<p class="used other" id="here">card</p>', "utf-8")
    script.write_text('element.className = "added";', "utf-8")
    assert styles.names_in_pages([page]) == {"used", "other", "here"}
    assert "added" in styles.names_in_scripts([script])


def test_custom_properties_that_nothing_reads_go():
    kept = ":root{--a:1;--d:3;--e:url('x;y');--f:url(x;y)}p{color:var(--a)}"
    text = kept.replace("--d", "--b:var(--c);--c:2;--d")
    assert styles.without_unread(text, "getPropertyValue('--d')") == kept


def test_paper_takes_the_light_theme():
    rules = tinycss2.parse_stylesheet(
        'html[data-theme="dark"] p, q { a: b } html[data-theme=light] p { c: d } html[data-theme=light] i { e: f }',
        True,
        True,
    )
    assert styles.kept(rules, set()) == (
        'q{ a: b }@media screen{html[data-theme="dark"] p{ a: b }}'
        "html[data-theme=light] p{ c: d }html[data-theme=light] i{ e: f }"
        "@media print{html[data-theme] p{ c: d }html[data-theme] i{ e: f }}"
    )


def test_addresses_follow_the_sheet(tmp_path):
    sheet = tmp_path / "_static/katex/katex.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("a{b:url(fonts/x.woff2)} c{d:url('data:image/png;base64,A')}", "utf-8")
    assert (
        styles.rebased(tmp_path.resolve(), sheet.resolve())
        == "a{b:url(katex/fonts/x.woff2)} c{d:url('data:image/png;base64,A')}"
    )


def test_files_that_no_page_needs_go(built_book, tmp_path):
    assert unused.unused(built_book) == set()
    for name, text in {
        "index.html": '<script src="_static/a.js">',
        "_static/a.js": "b.js a.js.map",
        "_static/b.js": "",
        "_static/c.js": "",
        "_static/a.js.map": "",
        "_static/sheet.css": "c.js",
        "_static/live/figure.mjs": "d.svg",
        "_static/d.svg": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert {path.name for path in unused.unused(tmp_path)} == {"c.js", "a.js.map"}
