"""What the foot of a page leads to, with an address of the repository and without."""

from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import jinja2
import pytest
from bs4 import BeautifulSoup

from publishing import contributions, repository
from support import PAGES, ROOT


def foot(address, doctree=True, page="book/temperature"):
    app = SimpleNamespace(
        config=SimpleNamespace(html_theme_options={"repository_url": address, "repository_branch": "main"}),
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
    assert [*foot(repository.PLACEHOLDER)] == [*foot("https://github.com/ada/softmax", doctree=False)] == ["How to cite"]


def test_pages_with_the_placeholder_offer_nothing(built_book):
    assert repository.PLACEHOLDER in (ROOT / "_config.yml").read_text("utf-8")
    for name in PAGES:
        assert "Report a mistake" not in (built_book / f"{name}.html").read_text("utf-8")


@pytest.mark.parametrize("build", [True, False], ids=["make downloads", "make book"])
def test_downloads_are_offered_where_they_will_be(monkeypatch, build):
    monkeypatch.delenv("DOWNLOADS", raising=False)
    if build:
        monkeypatch.setenv("DOWNLOADS", "yes")
    links = {Path(link).name for link in foot(repository.PLACEHOLDER).values()}
    files = {f"softmax-and-temperature.{kind}" for kind in ("pdf", "zip")}
    assert files & links == (files if build else set())
