"""The readers' policy on hosts that send no headers, and whose frames may show what."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from publishing import policy
from support import serving

ACTS = {
    "script-src-elem": "const script = document.createElement('script');"
    "script.text = 'window.ran = 1'; document.body.append(script)",
    "script-src-attr": "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')",
    "img-src": "document.body.append(Object.assign(new Image(), { src: 'http://localhost:9/stolen.png' }))",
    "connect-src": "fetch('http://localhost:9/stolen').catch(() => 0)",
    "frame-src": "document.body.insertAdjacentHTML('beforeend', '<iframe src=http://localhost:9/></iframe>')",
    "base-uri": "document.head.append(Object.assign(document.createElement('base'), { href: 'http://localhost:9/' }))",
}
WATCH = "addEventListener('securitypolicyviolation', (event) => (window.broken ??= []).push(event.effectiveDirective))"


@pytest.fixture(scope="session")
def plain_site(built_book, tmp_path_factory):
    """The book on a host that sends no headers, such as GitHub Pages."""
    folder = shutil.copytree(built_book, tmp_path_factory.mktemp("plain") / "site")  # the server follows no links
    (folder / "_headers").write_text("/*\n", "utf-8")
    with serving(folder) as address:
        yield address


@pytest.mark.parametrize("directive", ACTS)
@pytest.mark.parametrize("query", ["", "?live"])
def test_page_keeps_the_policy_where_the_host_sends_none(new_page, plain_site, query, directive):
    page = new_page()
    page.add_init_script(WATCH)
    page.goto(f"{plain_site}/book/cite.html{query}")
    page.evaluate(f"() => {{ {ACTS[directive]} }}")
    page.wait_for_function(f"(window.broken ?? []).includes('{directive}')")
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("name", ["book/temperature", "book/api", "figures/dial", "search", "genindex", "404"])
def test_pages_break_no_policy_of_their_own(new_page, plain_site, site, name):
    for address in (plain_site, site):
        page = new_page()
        page.add_init_script(WATCH)
        page.goto(f"{address}/{name}.html")
        page.wait_for_load_state("networkidle")
        assert page.locator("meta[http-equiv='Content-Security-Policy']").count() == 1
        assert page.evaluate("window.broken ?? []") == []


def test_live_code_gets_its_wider_policy(new_page, plain_site, built_book):
    readers, live = policy.POLICY.findall((built_book / "_headers").read_text("utf-8"))
    page = new_page()
    for query, hosts in (("", readers), ("?live", live), ("?live=1", readers)):
        page.goto(f"{plain_site}/book/temperature.html{query}")
        content = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
        without_hashes = [re.sub(r" 'sha256-[^']+'", "", words) for words in (content, hosts)]
        assert without_hashes[0] == without_hashes[1].replace(policy.FOR_WORKERS, "")


def test_guard_is_the_first_script_of_every_page(built_book):
    for path in built_book.rglob("*.html"):
        text = path.read_text("utf-8")
        if "<script" in text:
            assert text.index("<script") == text.index('<script id="guard">') < 400, path


# --- frames

FRAME = '<!doctype html><title>Another site</title><iframe src="{}" title="the book" width="700" height="500"></iframe>'


@pytest.fixture
def elsewhere(tmp_path):
    """Show an address in a frame of another site."""
    (tmp_path / "_headers").write_text("/*\n", "utf-8")
    with serving(tmp_path) as address:

        def show(page, url):
            (tmp_path / "frame.html").write_text(FRAME.format(url), "utf-8")
            page.goto(f"{address.replace('127.0.0.1', 'localhost')}/frame.html")
            return page.frame_locator("iframe")

        yield show


@pytest.mark.parametrize("name", ["book/temperature", "search", "404"])
def test_no_foreign_frame_shows_a_page_even_without_headers(new_page, plain_site, elsewhere, name):
    page = new_page()
    frame = elsewhere(page, f"{plain_site}/{name}.html")
    expect(frame.get_by_role("link", name="Open this page by itself")).to_be_visible()
    page.wait_for_timeout(300)
    assert frame.locator("body *").count() == 1


def test_no_foreign_frame_shows_a_chapter_where_headers_are_sent(new_page, site, elsewhere):
    page = new_page()
    frame = elsewhere(page, f"{site}/book/temperature.html")
    page.wait_for_timeout(500)
    assert frame.get_by_role("heading").count() == 0
    assert any("frame-ancestors" in problem or "X-Frame-Options" in problem for problem in page.problems)


@pytest.mark.parametrize("host", ["site", "plain_site"])
def test_every_frame_may_show_a_figure(new_page, request, elsewhere, host):
    page = new_page()
    frame = elsewhere(page, f"{request.getfixturevalue(host)}/figures/dial.html")
    expect(frame.locator("live-figure[live]")).to_have_count(1)
