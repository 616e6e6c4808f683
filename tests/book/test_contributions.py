"""What the foot of a page leads to, with an address of the repository and without."""

from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import jinja2
import pytest
from bs4 import BeautifulSoup

from publishing import contributions
from support import ADDRESS, PAGES, ROOT


def foot(address, doctree=True, page="book/temperature"):
    app = SimpleNamespace(
        config=SimpleNamespace(repository=address, html_theme_options={"repository_branch": "main"}),
        env=SimpleNamespace(
            titles={page: SimpleNamespace(astext=lambda: "Step 2: The “dial” & more")},
            doc2path=lambda name, base: f"{name}.md",
        ),
    )
    context = {"pathto": lambda name, resource=0: f"../{name}", "release": "1"}
    contributions.offer(app, page, "page.html", context, doctree or None)
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "book/assets/templates"), autoescape=True)
    html = templates.get_template("edition.html").render(context)
    return {link.text: link["href"] for link in BeautifulSoup(html, "html.parser").select("a")}


def test_page_says_where_its_mistakes_are_reported_and_where_it_is_edited():
    links = foot("https://github.com/ada/softmax")
    report = urlsplit(links["Report a mistake"])
    assert report.netloc + report.path == "github.com/ada/softmax/issues/new"
    asked = parse_qs(report.query)
    assert asked["title"] == ["Mistake in Step 2: The “dial” & more"] and "book/temperature.md" in asked["body"][0]
    assert links["Edit this page"] == "https://github.com/ada/softmax/edit/main/book/temperature.md"
    assert (ROOT / "book/temperature.md").exists()


def test_without_an_address_or_a_source_nothing_is_offered():
    assert [*foot("")] == [*foot(ADDRESS, doctree=False)] == ["How to cite"]


def test_every_page_offers_its_own_file(built_book):
    for name in PAGES:
        page = BeautifulSoup((built_book / f"{name}.html").read_text("utf-8"), "html.parser")
        assert page.find("a", string="Edit this page")["href"] == f"{ADDRESS}/edit/main/{name}.md"
        assert page.find("a", string="Report a mistake")["href"].startswith(f"{ADDRESS}/issues/new?")


@pytest.mark.parametrize("build", [True, False], ids=["make downloads", "make book"])
def test_downloads_are_offered_where_they_will_be(monkeypatch, build):
    monkeypatch.delenv("DOWNLOADS", raising=False)
    if build:
        monkeypatch.setenv("DOWNLOADS", "yes")
    links = {Path(link).name for link in foot("").values()}
    files = {f"softmax-and-temperature.{kind}" for kind in ("pdf", "zip")}
    assert files & links == (files if build else set())
