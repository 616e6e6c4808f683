"""The notebooks that readers launch and download: the chapter's own cells, readable in any Jupyter, numbered alike."""

import json
import os
import re
import subprocess
import sys
import zipfile
from functools import cache

import nbformat
import pytest
from bs4 import BeautifulSoup
from myst_nb.core.read import read_myst_markdown_notebook

from launching import notebooks
from publishing.repository import PLACEHOLDER
from support import ADDRESS, ROOT, serving

CHAPTERS = notebooks.chapters(ROOT / "book")
WITH_SOLUTIONS = [path for path in CHAPTERS if notebooks.has_solutions(path)]
MARKS = re.compile(r"\{[\w:-]+\}`|^```\{|^:::|^\(.*\)=$", re.M)
named = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)

pytestmark = pytest.mark.slow  # it turns every chapter into notebooks, and starts programs


@cache
def read(path, **options):
    found = nbformat.reads(notebooks.notebook(path, **options), as_version=4)
    nbformat.validate(found)
    return found


def sources(notebook, kind):
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def is_fetching(source):
    return source.startswith(notebooks.FETCH.partition("\n")[0])


@named
def test_notebook_has_the_chapters_cells_in_order(path):
    chapter = read_myst_markdown_notebook(path.read_text("utf-8"), path=path)
    cells = [source for source in sources(read(path), "code") if not is_fetching(source)]
    assert cells == [source.strip() for source in sources(chapter, "code")]


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


# --- a notebook opened alone

RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for source in json.load(sys.stdin):
    shell.run_cell(source, store_history=True).raise_error()
"""
USE = """
import os, plots, softmax_lib, tables
from softmax_lib.live import TemperatureDial
TemperatureDial()
print(os.path.dirname(softmax_lib.__file__), os.path.dirname(tables.__file__), os.getcwd(), sep="\\n")
"""


@pytest.fixture
def archive(tmp_path):
    """The address of the repository's archive, as its host packs one."""
    (tmp_path / "host").mkdir()
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    with zipfile.ZipFile(tmp_path / "host/main.zip", "w") as packed:
        packed.mkdir("softmax-main")
        for name in tracked.rstrip("\0").split("\0"):
            packed.write(ROOT / name, f"softmax-main/{name}")
    (tmp_path / "host/_headers").write_text("/*\n", "utf-8")
    with serving(tmp_path / "host") as address:
        yield f"{address}/main.zip"


def run_in(folder, *cells):
    environment = {**os.environ, "PIP_DRY_RUN": "1", "PIP_NO_DEPS": "1", "IPYTHONDIR": os.devnull}
    command = [sys.executable, "-c", RUN]
    done = subprocess.run(
        command, cwd=folder, env=environment, input=json.dumps(cells), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-3:]


def test_notebook_opened_alone_fetches_the_book(tmp_path, archive):
    alone = tmp_path / "alone"
    alone.mkdir()
    fetch = notebooks.fetching(archive).source
    repository = alone / "softmax-main"
    assert run_in(alone, fetch, fetch, USE) == [str(repository / "softmax_lib"), *[str(repository / "book")] * 2]


def test_in_a_clone_the_first_cell_does_nothing():
    fetch = notebooks.fetching("http://127.0.0.1:9/nobody-asks-for-this.zip").source
    assert run_in(ROOT / "book", fetch, USE)[1:] == [str(ROOT / "book")] * 2


@pytest.mark.parametrize("address", [PLACEHOLDER, "https://github.com/ada/softmax"])
def test_first_cell_fetches_from_the_address_of_the_repository(tmp_path, monkeypatch, address):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    book = tmp_path / "book"
    book.symlink_to(ROOT / "book")
    configuration = (ROOT / "_config.yml").read_text("utf-8")
    (tmp_path / "_config.yml").write_text(configuration.replace(PLACEHOLDER, address), "utf-8")
    found = nbformat.reads(notebooks.notebook(book / "temperature.md"), as_version=4)
    asked = re.findall(r'urlopen\("(.*)"\)', sources(found, "code")[0])
    assert asked == ([] if address == PLACEHOLDER else [f"{address}/archive/HEAD.zip"])
    assert found.cells[0].source.startswith("# ")
