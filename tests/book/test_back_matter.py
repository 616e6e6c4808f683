"""The back matter keeps up with what it lists."""

import hashlib
import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import anywidget
import pytest
from bs4 import BeautifulSoup

import softmax_lib
from softmax_lib import live
from support import FIGURES, ROOT

REFERENCE = (ROOT / "book/api.md").read_text("utf-8")
LICENCES = (ROOT / "book/licences.md").read_text("utf-8")
NOT_ARGUMENTS = {"program", "gumbel_program", "own_program", "start"}

# Files that a builder writes from a template, and so have the bytes of no package.
WRITTEN_BY = {
    "basic.css": "Sphinx",
    "documentation_options.js": "Sphinx",
    "language_data.js": "Sphinx",
    "copybutton.js": "sphinx-copybutton",
    "pygments.css": "Pygments",
}
OURS = {"book-styles.css", "card.png", "favicon.svg", "search.js"}
OUR_FOLDERS = {
    "cards",
    "css",
    "generated",
    "icons",
    "katex",
    "live",
    "page",
    "live-code",
    "page-python",
    "thebe",
    "text",
    "titles",
}  # what of them is not ours is in browser-parts.toml

HASH = re.compile(r"\.[0-9a-f]{64}")  # in the name of MyST-NB's style sheet


def linked_twice(entries: str) -> list[str]:
    """Papers whose number at arXiv, which becomes a link, stands beside an address that is the same link."""
    return [entry for entry in re.split(r"(?m)^@", entries) if "eprint" in entry and "arxiv.org/abs" in entry]


def test_no_paper_has_the_same_link_twice():
    entries = (ROOT / "book/references.bib").read_text("utf-8")
    assert linked_twice(entries) == []
    again = entries.replace("eprint", "url = {https://arxiv.org/abs/1602.02068},\n  eprint", 1)
    assert len(linked_twice(again)) == 1


def test_reference_lists_every_public_name_once():
    listed = re.findall(r"auto(?:function|class):: (\w+)", REFERENCE)
    assert sorted(listed) == sorted([*softmax_lib.__all__, *live.__all__])


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_reference_explains_all_that_a_figure_takes(built_book, figure):
    page = BeautifulSoup((built_book / "book/api.html").read_text("utf-8"), "html.parser")
    entry = page.find(id=f"softmax_lib.live.{figure.__name__}").parent
    explained = {term.strong.text: term.find_next_sibling("dd").text for term in entry.select("dl.field-list dl > dt")}
    every = set(anywidget.AnyWidget.class_trait_names())
    takes = {trait for trait in figure.class_traits(sync=True) if trait[0] != "_"} - every - NOT_ARGUMENTS
    assert set(explained) == takes and all(len(words) > 10 for words in explained.values())
    assert {argument.text for argument in entry.select("dt.sig .sig-param")} - {"*"} == takes


def test_licences_name_every_part_that_a_browser_loads():
    parts = tomllib.loads((ROOT / "browser-parts.toml").read_text("utf-8")).values()
    assert [part["package"] for part in parts if f"`{part['package']}`" not in LICENCES] == []


def folder_of(path: Path, roots: list[Path]) -> str:
    """The first part of its name below the first of the roots that it lies in."""
    return next(path.relative_to(root).parts[0] for root in roots if path.is_relative_to(root))


def unnamed(site: Path, page: str) -> list[str]:
    """The files of a built site whose origin the page of licences does not name."""
    static = site / "_static"
    roots = [*static.glob("scripts-*"), static]
    shipped = [path for path in static.rglob("*") if path.is_file() and folder_of(path, roots) not in OUR_FOLDERS]
    packages = packages_by_digest({HASH.sub("", path.name) for path in shipped})
    found = []
    for path in shipped:
        name = path.relative_to(static).as_posix()
        origins = packages.get(digest(path), {WRITTEN_BY.get(name)})
        if name not in OURS and not any(f"`{origin}`" in page for origin in origins):
            found.append(f"{name} ({', '.join(map(str, origins))})")
    return found


def packages_by_digest(names: set[str]) -> dict[str, set[str]]:
    """Which installed packages hold a file with these bytes."""
    packages: dict[str, set[str]] = {}
    for distribution in distributions():
        places = [line.rsplit(",", 2)[0] for line in (distribution.read_text("RECORD") or "").splitlines()]
        for path in (distribution.locate_file(place) for place in places if place.rpartition("/")[2] in names):
            if path.exists():
                packages.setdefault(digest(path), set()).add(distribution.name)
    return packages


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_licences_name_everything_that_is_shipped(built_book):
    assert unnamed(built_book, LICENCES) == []


@pytest.mark.parametrize("package", ["Sphinx", "sphinx-book-theme", "Pygments", "sphinx-copybutton"])
def test_a_package_that_is_not_named_is_noticed(built_book, package):
    assert any(f"({package})" in file for file in unnamed(built_book, LICENCES.replace(f"`{package}`", "")))


@pytest.mark.parametrize("name", ["jquery.js", "other/css/jquery.js", "scripts-0/other/jquery.js"])
def test_a_file_from_nowhere_is_noticed(tmp_path, name):
    path = tmp_path / "_static" / name
    path.parent.mkdir(parents=True)
    path.write_text("// from somewhere", "utf-8")
    assert unnamed(tmp_path, LICENCES) == [f"{name} (None)"]


def test_licences_of_browser_parts_are_shipped_with_them(built_book):
    parts = "scripts-*/live/base/parts"
    for name in (
        "katex/LICENSE",
        "icons/LICENSE.txt",
        f"{parts}/lit-html-LICENSE",
        "titles/LICENSE",
        "text/LICENSE",
        f"{parts}/uqr-LICENSE",
    ):
        (licence,) = built_book.glob(f"_static/{name}")
        assert licence.stat().st_size > 500
