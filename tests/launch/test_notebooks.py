"""The notebooks that readers launch and download: the chapter's own cells, readable in any Jupyter, numbered alike."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from myst_nb.core.read import read_myst_markdown_notebook

from launching import notebooks
from support import ADDRESS, ROOT

CHAPTERS = notebooks.chapters(ROOT / "book")
WITH_SOLUTIONS = [path for path in CHAPTERS if notebooks.has_solutions(path)]
MARKS = re.compile(r"\{[\w:-]+\}`|^```\{|^:::|^\(.*\)=$", re.M)
named = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


def read(path, **options):
    found = nbformat.reads(notebooks.notebook(path, **options), as_version=4)
    nbformat.validate(found)
    return found


def sources(notebook, kind):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


@named
def test_notebook_has_the_chapters_cells_in_order(path):
    chapter = read_myst_markdown_notebook(path.read_text("utf-8"), path=path)
    assert sources(read(path), "code") == [source.strip() for source in sources(chapter, "code")]


@named
def test_no_mark_of_myst_is_left(path):
    text = "\n".join(sources(read(path), "markdown"))
    assert MARKS.findall(text) == []
    assert f"`book/{path.name}`" in text


def test_a_mark_that_is_left_is_noticed():
    for mark in ("a {term}`word`", "```{note}\ntext\n```", ":::{dropdown} A", "(label)="):
        assert MARKS.search(mark)


@named
def test_numbers_and_labels_are_those_of_the_site(built_book, path):
    page = BeautifulSoup((built_book / f"book/{path.stem}.html").read_text("utf-8"), "html.parser")
    text = "\n".join(sources(read(path), "markdown"))
    titles = [
        re.search(r"Exercise ([\d.]+)\s+\((.*)\)", title.text.replace("’", "'")).groups()
        for title in page.select(".exercise > .admonition-title")
    ]
    assert re.findall(r"^### Exercise ([\d.]+): (.*)$", text.replace("’", "'"), re.M) == titles
    assert re.findall(r"\\tag\{(.*)\}", text) == [number.text.strip("()#\uf0c1") for number in page.select(".eqno")]
    works = [work.text.strip("[]") for work in page.select(".citation > .label")]
    assert sorted(re.findall(r"^- \*\*\[(.*)\]\*\*", text, re.M)) == sorted(works)


@pytest.mark.parametrize("path", WITH_SOLUTIONS, ids=lambda path: path.stem)
def test_handout_has_every_exercise_and_no_solution(path):
    whole, handout = read(path), read(path, solutions=False)
    heading = re.compile(r"^### Exercise .*$", re.M)
    exercises = heading.findall("\n".join(sources(whole, "markdown")))
    assert heading.findall("\n".join(sources(handout, "markdown"))) == exercises != []
    empty = [source for source in sources(handout, "code") if not source]
    assert len(empty) == len(exercises)
    kept = [source for source in sources(handout, "code") if source]
    assert kept == sources(whole, "code")[: len(kept)]  # so it runs as far as the chapter does
    solutions = re.findall(r"```\{solution-start\}.*?```\n(.*?)```\{solution-end\}", path.read_text("utf-8"), re.S)
    assert len(solutions) == len(exercises)
    text = notebooks.notebook(path, solutions=False)
    for line in (line for solution in solutions for line in solution.splitlines() if len(line) > 40):
        assert line not in text


@named
def test_download_is_the_notebook_and_the_page_offers_it(built_book, path, monkeypatch):
    monkeypatch.setattr(notebooks, "repository", lambda root: ADDRESS)
    sources = built_book / "_sources/book"
    assert (sources / f"{path.stem}.ipynb").read_text("utf-8") == notebooks.notebook(path)
    page = BeautifulSoup((built_book / f"book/{path.stem}.html").read_text("utf-8"), "html.parser")
    offered = [link["href"].removeprefix("../_sources/book/") for link in page.select("#download-buttons a[download]")]
    handout = [f"{path.stem}-handout.ipynb"] * notebooks.has_solutions(path)
    assert offered == [f"{path.stem}.ipynb", f"{path.stem}.md", *handout]
    assert all((sources / name).exists() for name in offered)
    assert (sources / f"{path.stem}.md").read_bytes() == path.read_bytes()
