"""The same figure three ways: from a site under the readers' policy, from disk, in a kernel."""

import ast
import json
import re
import time

import pytest
from playwright.sync_api import expect

from harness import LOGITS, Dial
from lab import EXPOSED, wait_for_notebook
from softmax_lib.live import TemperatureDial
from softmax_lib.live.base.figure import modules
from softmax_lib.live.next_token.next_token import marked
from support import FIGURES, ROOT, running_jupyter


def test_site_modules_come_from_the_site(show, new_page):
    page = new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    show(page=page)
    Dial(page).press("T → 0")
    Dial(page).shows(LOGITS, 0)
    loaded = {url.rpartition("/live/")[2] for url in asked if "/_static/live/" in url}
    assert loaded == {"live.css", "base/host.js", *modules("dial/dial.mjs")}
    assert all(url.startswith(("http://127.0.0.1", "data:,")) for url in asked)
    assert page.problems == []


def test_the_policy_of_the_site_blocks_inlined_modules(harness, new_page):
    page = new_page()
    page.goto(f"{harness.address}/{harness.write(TemperatureDial(), inlined=True)}")
    expect(page.get_by_role("rowheader", name="cat")).to_be_visible()
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in problem for problem in page.problems)


def test_from_disk_with_inlined_modules(harness, new_page):
    page = new_page(reduced_motion="reduce")
    page.goto(
        (harness.folder / harness.write(TemperatureDial(), TemperatureDial(temperature=3), inlined=True)).as_uri()
    )
    expect(page.locator("live-figure[live]")).to_have_count(2)
    first, second = Dial(page), Dial(page, 1)
    first.press("T → ∞")
    first.slider("Logit of cat").press("Home")
    second.shows([-5, 1, 0.5, -0.5, -2], float("inf"))
    first.press("Copy link")
    assert page.url.startswith("file:")
    assert page.url.endswith("#z=-5,1,0.5,-0.5,-2&T=inf")
    page.reload()
    second.shows([-5, 1, 0.5, -0.5, -2], float("inf"))
    assert page.problems == []


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab of this environment, and the folder that it serves."""
    work = tmp_path / "work"
    work.mkdir()
    quiet = ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with running_jupyter("jupyterlab", work, tmp_path, EXPOSED, *quiet) as server:
        yield server["url"], work


def open_notebook(lab, page, sources):
    """Write a notebook with these cells, open it, and return its cells."""
    address, work = lab
    cells = [
        {"id": f"c{i}", "cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for i, source in enumerate(sources)
    ]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "cells": cells,
    }
    (work / "figures.ipynb").write_text(json.dumps(notebook), "utf-8")
    page.set_default_timeout(60_000)
    page.goto(f"{address}lab/tree/figures.ipynb")
    wait_for_notebook(page)
    shown = page.locator(".jp-Notebook .jp-CodeCell")
    expect(shown).to_have_count(len(cells), timeout=60_000)
    return shown


def watched(name, figure, traits):
    """A cell that shows a figure and writes down what the kernel sees of it."""
    return (
        f"from pathlib import Path\nfrom softmax_lib.live import {figure}\n{name} = {figure}()\n"
        f"state = lambda: {{trait: getattr({name}, trait) for trait in {traits}}}\n"
        f"{name}.observe(lambda change: Path('seen').write_text(repr(state()), 'utf-8'), {traits})\n{name}"
    )


def seen_by_python(work, words):
    for _ in range(100):
        found = work / "seen"
        if found.exists() and words in found.read_text("utf-8"):
            return True
        time.sleep(0.1)
    return False


def execute(page, cell):
    """Run a cell as a reader does."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-InputArea-prompt")).to_have_text(re.compile(r"\[\d+\]:"), timeout=60_000)


def test_in_jupyterlab_the_figure_and_python_move_each_other(lab, new_page):
    _, work = lab
    page = new_page(viewport={"width": 1400, "height": 1300}, reduced_motion="reduce")
    cells = open_notebook(
        lab,
        page,
        [
            watched("dial", "TemperatureDial", ["logits", "temperature"]),
            "dial.temperature = float('inf')",
            "dial.logits = [0, 0, 0, 0, 3.5]",
        ],
    )
    execute(page, cells.nth(0))
    expect(cells.nth(0).locator(".jp-RenderedText")).to_have_count(0)  # no error
    dial = Dial(page)
    expect(dial.status).to_be_visible(timeout=60_000)
    dial.shows(LOGITS, 1)
    assert dial.figure.get_by_role("button", name="Copy link").count() == 0

    dial.slider("Temperature").press("End")
    assert seen_by_python(work, "'temperature': 20.0")
    dial.slider("Logit of dog").press("ArrowRight")  # JupyterLab would take it for itself
    dial.field("Logit of bee").fill("-0.125")
    assert seen_by_python(work, "'logits': [2.0, 1.1, 0.5, -0.5, -0.125]")
    dial.press("T → 0")
    assert seen_by_python(work, "'temperature': 0.0")
    dial.press("Reset")
    assert seen_by_python(work, "'logits': [2.0, 1.0, 0.5, -0.5, -2.0], 'temperature': 1.0")

    execute(page, cells.nth(1))
    assert seen_by_python(work, "'temperature': inf")
    expect(dial.slider("Temperature")).to_have_attribute("aria-valuetext", "T = ∞")
    dial.shows(LOGITS, float("inf"))
    execute(page, cells.nth(2))
    expect(dial.slider("Logit of bee")).to_have_attribute("aria-valuetext", "3.5")
    dial.shows([0, 0, 0, 0, 3.5], float("inf"))
    dial.press("T → 0")
    assert seen_by_python(work, "'temperature': 0.0")
    dial.press("T → ∞")
    assert seen_by_python(work, "'temperature': inf")
    assert [problem for problem in page.problems if "request to" in problem] == []


# Of each figure: its traits, a button to press, what the kernel then sees, what the kernel sets, what the page then
# says.
OTHERS = {
    "Attention": (["query"], "When", "'query': 0", "figure.head = 'itself'", "Layer 12, head 7"),
    "Normalisers": (["shift"], "c = 5", "'shift': 5", "figure.shift = 10", "10"),
    "Probabilities": (["logits"], "tie", "'logits': [2.0, 2.0,", "figure.logits = [0, 0, 0, 0, 0]", "0.200"),
    "Sampler": (["drawn", "u"], "Draw one sample", "'drawn': 1, 'u': 0.0117", "figure.u = 0.99", "bee"),
    "Histogram": (["draws"], "Draw 10", "'draws': 10", "figure.draws = 1000", "1,000"),
    "Bandit": (["played"], "Pull 10", "'played': [[1.0, 10]]", "figure.pull_arm('C')", "Last pull: C, by hand"),
    "Contrast": (["angle"], "Take a step", "'angle': 67.8", "figure.angle = 300", "bee does"),
    "DoubleSoftmax": (
        ["logits"],
        "Confidently wrong",
        "'logits': [",
        "figure.logits = [0, 0, 0, 0, 0]",
        "with probability 0.200",
    ),
    "Reliability": (["temperature"], "T → ∞", "'temperature': inf", "figure.temperature = 0.5", "T = 0.5"),
    "LargeDial": (["temperature"], "T → ∞", "'temperature': inf", "figure.temperature = 0.2", "At T = 0.2, cat leads"),
    "Settings": (["temperature"], "T → 0", "'temperature': 0.0", "figure.temperature = 5", "Animals at T = 5"),
    "Simplex": (["alpha"], "sparsemax", "'alpha': 2", "figure.temperature = 0", "sparsemax at T = 0: cat 1, dog 0"),
    "Guidance": (["scale"], "s = 7", "'scale': 7.0", "figure.scale = 1", "No guidance"),
    "NextToken": (
        ["drawn"],
        "Draw one sample",
        "'drawn': 1",
        "figure.prompt = 'rainbow'",
        "The colours of the rainbow are red, orange,",
    ),
}


def test_in_jupyterlab_every_figure_is_two_way(lab, new_page):
    assert {*OTHERS, "TemperatureDial"} == {figure.__name__ for figure in FIGURES}
    _, work = lab
    page = new_page(viewport={"width": 1400, "height": 1500}, reduced_motion="reduce")
    sources = [
        source
        for name, (traits, _, _, setting, _) in OTHERS.items()
        for source in (watched("figure", name, traits), setting)
    ]
    cells = open_notebook(lab, page, sources)
    for i, (_, button, seen, _, said) in enumerate(OTHERS.values()):
        execute(page, cells.nth(2 * i))
        figure = cells.nth(2 * i).locator(".lf")
        figure.get_by_role("button", name=button, exact=True).click()
        assert seen_by_python(work, seen)
        execute(page, cells.nth(2 * i + 1))
        expect(figure).to_contain_text(said)
    assert [problem for problem in page.problems if "request to" in problem] == []


def test_in_jupyterlab_the_models_answers_come_from_the_kernel(lab, new_page):
    page = new_page(viewport={"width": 1400, "height": 1500}, reduced_motion="reduce")
    source = (
        f"import sys; sys.path.append({str(ROOT / 'book')!r})\n"
        "from experiments import language_model\nfrom softmax_lib.live import NextToken\n"
        "figure = NextToken(model=language_model.load)\nfigure"
    )
    cells = open_notebook(lab, page, [source, "figure.written, figure.token", "NextToken()"])
    execute(page, cells.nth(0))
    figure = cells.nth(0).locator(".lf")
    figure.get_by_role("button", name="Your own").click()
    figure.get_by_role("textbox", name="Your prompt").fill("At the zoo we saw lions, tigers,")
    figure.get_by_role("button", name="Start the model").click()
    expect(figure.locator(".lf-explorer:not([inert]) .lf-name").first).to_have_text("␣and", timeout=60_000)
    figure.get_by_role("button", name="Write").click()
    expect(figure.get_by_role("option").nth(6)).to_be_attached(timeout=60_000)
    figure.get_by_role("button", name="Stop").click()
    page.wait_for_timeout(1000)
    picked = figure.locator(".lf-verdict b").inner_text()
    execute(page, cells.nth(1))
    told = cells.nth(1).locator(".jp-OutputArea-output").inner_text()
    assert marked(ast.literal_eval(told)[1]) == picked
    assert len(ast.literal_eval(told)[0]) == figure.get_by_role("option").count() - 1
    execute(page, cells.nth(2))
    without = cells.nth(2).locator(".lf")
    without.get_by_role("button", name="Your own").click()
    expect(without).to_contain_text("In a kernel, this figure was given no language model")
    assert [problem for problem in page.problems if "request to" in problem] == []
