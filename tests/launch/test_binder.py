"""Every launch link of the built site, followed in Binder's environment: its chapter opens as a notebook and runs to the end.

The environment (`.venv-binder`, see tools/environment.py) has what repo2docker would install. Here its last step, postBuild,
runs in a copy of the repository, and JupyterLab starts as in Binder's image.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from support import ROOT, jupyter

ENVIRONMENT = ROOT / ".venv-binder"
CHAPTERS = sorted(path.stem for path in (ROOT / "book").glob("*.md") if "kernelspec:" in path.read_text("utf-8"))
PATH = {"PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"}

RUN_ALL = """async () => {
  const panel = jupyterapp.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
  await jupyterapp.commands.execute("notebook:run-all-cells");
  const cells = [...panel.content.model.cells].filter((cell) => cell.type === "code").map((cell) => cell.toJSON());
  return {
    cells: cells.length,
    executed: cells.filter((cell) => cell.execution_count).length,
    errors: cells.flatMap((cell) => cell.outputs).filter((output) => output.output_type === "error").map((output) => output.evalue),
    results: cells.flatMap((cell) => cell.outputs).length,
  };
}"""


@pytest.fixture(scope="session")
def repository(tmp_path_factory) -> Path:
    """A copy of the committed files, after postBuild: what Binder's image holds."""
    copy = tmp_path_factory.mktemp("binder") / "repository"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in tracked.rstrip("\0").split("\0"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    result = subprocess.run([copy / "binder/postBuild"], cwd=copy, env={**os.environ, **PATH}, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return copy


@pytest.fixture(scope="session")
def binder(repository) -> str:
    command = [repository / "binder/start", "jupyter", "notebook", "--LabApp.expose_app_in_browser=True"]  # the page then answers to RUN_ALL
    with jupyter(command, repository, PATH, repository.parent / "log") as address:
        yield address


def launch_link(site: Path, name: str) -> str | None:
    page = BeautifulSoup((site / f"book/{name}.html").read_text("utf-8"), "html.parser")
    link = page.find("a", href=re.compile("^https://mybinder.org/"))
    return link and link["href"]


def run_all(binder: str, page, path: str) -> dict:
    page.set_default_timeout(180_000)
    page.goto(f"{binder}{path}")
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible(timeout=180_000)
    return page.evaluate(RUN_ALL)


@pytest.mark.parametrize("name", CHAPTERS)
def test_launched_chapter_runs_to_its_end(binder, built_book, new_page, name):
    link = urlsplit(launch_link(built_book, name))
    assert link.path == "/v2/gh/OWNER/REPOSITORY/main"
    page = new_page(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    result = run_all(binder, page, parse_qs(link.query)["urlpath"][0])
    assert result["errors"] == []
    assert result["executed"] == result["cells"] > 0
    assert result["results"] >= result["cells"] / 2


def test_only_chapters_offer_to_launch(built_book):
    offering = {path.stem for path in (built_book / "book").glob("*.html") if launch_link(built_book, path.stem)}
    assert offering == set(CHAPTERS)
