"""Python in the page: live code from the site's own files, under a static host's policies, with nobody else asked."""

import re
import tomllib
from fnmatch import fnmatch

import pytest
from playwright.sync_api import expect

from accessibility import violations
from live_page import START, LiveCode, assert_dial_and_python_move_each_other
from support import PAGES, ROOT, serving
from test_thebe import WITH_BUTTON

LONGEST = 480_000  # milliseconds for a chapter on a machine that does much else; alone it takes a tenth
MEGABYTE = 1e6
LINE = 64  # pixels: a line of controls, with room around it
# What a cell says in text: of the published page, or of its new results without what Python says beside them.
TEXTS = """(cell, place) => [...cell.querySelectorAll(`:is(${place}) :is(table, pre)`)]
  .filter((element) => !element.closest('[data-mime-type$="stderr"], live-figure, .lf, .jp-OutputPrompt'))
  .map((element) => element.textContent.replace(/\\s+/g, "")).filter(Boolean)"""
DRAWINGS = """(cell, place) => cell.querySelectorAll(`:is(${place}) :is(img, video)`).length"""


@pytest.fixture
def open_page(site, new_page):
    """Open a page of the book as a static host serves it."""

    def open_it(name, address=site, **options):
        page = new_page(**{"reduced_motion": "reduce", **options})
        page.goto(f"{address}/book/{name}.html")
        return LiveCode(page)

    return open_it


@pytest.mark.parametrize("name", WITH_BUTTON)
def test_every_chapter_runs_to_its_end_with_the_published_outputs(open_page, name):
    live = open_page(name)
    cells = live.page.locator("div.cell:has(.cell_input pre)")
    published = [
        (cell.evaluate(TEXTS, ".cell_output"), cell.evaluate(DRAWINGS, ".cell_output")) for cell in cells.all()
    ]
    live.launch()
    live.press("Run all")
    expect(live.status).to_have_text(re.compile(rf"Cell {len(published)} has run\.|raised"), timeout=LONGEST)
    differing = []
    for cell, before in zip(cells.all(), published, strict=True):
        stands = cell.get_by_text("its published result stands").count()
        assert stands == ("tag_elsewhere" in cell.get_attribute("class"))
        place = ".cell_output" if stands else ".live-code-results"
        after = cell.evaluate(TEXTS, place), cell.evaluate(DRAWINGS, place)
        if after != before:
            differing.append((cell.inner_text(), before, after))
    assert differing == [], differing
    expect(live.status).to_have_text(f"Cell {len(published)} has run.")
    for figure in live.page.locator(".cell_output .lf").all():
        figure.scroll_into_view_if_needed()
        expect(figure.locator("[inert]")).to_have_count(0)  # it has its data
        live.run_beside(figure)
        expect(live.status).to_have_text(re.compile(r"^Your cell below cell \d+ has run\.|raised"), timeout=START)
        assert "raised" not in live.status.inner_text(), live.page.locator(".live-code-own").inner_text()
    assert live.page.problems == []


def test_cells_answer_as_in_jupyter(open_page):
    live = open_page("why-softmax").launch()
    cell = live.cells[0]

    def answers(code, *words):
        cell.execute(code)
        for text in words:
            cell.prints(text)
        return cell.output.inner_text()

    answers("print('first')\n6 * 7", "first", "42")
    answers("_ + 1", "43")
    answers("import asyncio\nawait asyncio.sleep(0)\n'awaited'", "awaited")
    answers("import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('and out')", "out\nerr\nand out")
    answers("display(1, 'two')", "1", "'two'")
    said = answers(
        "def broken():\n    return 1 / 0\n\nbroken()", "ZeroDivisionError: division by zero", "line 4, in <module>"
    )
    assert "kernel.py" not in said and "pyodide" not in said
    answers("%timeit 1", "Python in the page has no commands with %")
    answers("softmax?", "write help(...)")
    answers("input('Name? ')", "input() can't ask in this page")
    answers("import no_such_module", "No module named 'no_such_module'")
    answers("import js\njs.eval('1 + 1')", "unsafe-eval")  # the policy holds in the worker too
    answers("import numpy as np\n[np.empty(2**27) for _ in range(5)]", "MemoryError")
    assert answers("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nNone") is not None
    cell.output.locator("img[src^='data:image/svg']").wait_for(timeout=START)
    assert not [problem for problem in live.page.problems if "127.0.0.1" in problem]


def test_figure_and_python_move_each_other(open_page):
    live = open_page("temperature").launch()
    assert_dial_and_python_move_each_other(live)


def test_endless_loop_and_restart(open_page):
    live = open_page("why-softmax").launch()
    cell = live.cells[0]
    cell.execute("kept = 1\nprint('on and on', flush=True)\nwhile True:\n    pass")
    cell.prints("on and on")
    live.press("Interrupt")
    live.says("Stopped. Python had to start anew: its variables are gone")
    cell.execute("print('kept' in globals())")
    cell.prints("False")
    live.press("Restart")
    live.says("Restarted: nothing has run yet.")


def test_other_arguments_are_computed_after_a_word(open_page):
    live = open_page("calibration").launch()
    cell = live.cells[0]
    cell.execute("from experiments.calibration import overfit_logits\nprint(overfit_logits(0).test.labels[:3])")
    cell.prints("Not computed here: what overfit_logits returned, the book's build had stored.")
    cell.execute("overfit_logits(0, 0.123)")
    cell.prints("overfit_logits is computed here, which takes about a minute. Interrupt stops it.")
    live.press("Interrupt")
    live.says("Stopped.")


def test_a_file_that_does_not_arrive_is_asked_for_again(open_page):
    live = open_page("why-softmax")
    live.button.focus()
    in_turn = ["page-server.js", "worker.js", "pyodide-lock.json", "pyodide.asm.wasm", "numpy-*.whl", "book.zip"]
    for lost in in_turn:  # each is reached, so what was lost before has come
        place = f"**/page-python/**/{lost}"
        live.page.route(place, lambda route: route.abort())
        with live.page.context.expect_event(
            "requestfailed", lambda request, lost=lost: fnmatch(request.url, f"*/{lost}")
        ):
            live.page.keyboard.press("Enter")
        live.says(re.compile("did not arrive|Failed to fetch"))
        live.page.unroute(place)
        live.page.keyboard.press("Tab")
        expect(live.bar.get_by_role("button", name="Try again")).to_be_focused()
    live.page.keyboard.press("Enter")
    live.says("Ready.")


def test_by_keyboard_focus_moves_to_the_bar_and_tab_leads_from_it_to_the_cells(open_page):
    live = open_page("why-softmax")
    page = live.page
    live.button.focus()
    page.keyboard.press("Enter")
    expect(live.bar).to_be_focused()
    live.says("Ready.")
    page.keyboard.press("Tab")
    expect(live.bar.get_by_role("button", name="Run all")).to_be_focused()
    page.keyboard.press("Enter")
    live.says(f"Cell {len(live.cells)} has run.")
    assert live.bar.evaluate("bar => bar.contains(document.activeElement)")
    editor = page.locator(".CodeMirror-focused")
    for _ in range(60):
        page.keyboard.press("Tab")
        if editor.count():
            break
    assert page.evaluate("document.activeElement.ariaLabel") == "Code of cell 1"
    cursor = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
    assert cursor <= live.bar.bounding_box()["y"]
    page.keyboard.press("Escape")
    expect(live.bar).to_be_focused()


def test_with_the_network_cut_cells_run_and_what_is_not_loaded_yet_can_be_asked_for_again(open_page):
    live = open_page("why-softmax").launch()
    cell = live.cells[0]
    live.page.context.set_offline(True)
    cell.execute("import numpy as np\nfrom softmax_lib import softmax\nprint('still', softmax(np.zeros(2)))")
    cell.prints("still [0.5 0.5]")
    cell.execute("import matplotlib\nprint('drawn')")
    cell.prints(re.compile(r"\.whl did not arrive\. Run the cell again to try once more\."))
    live.says("Cell 1 raised")
    live.page.context.set_offline(False)
    cell.run()
    cell.prints("drawn")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"before": "globalThis.WebAssembly = undefined;"}, "This browser has no WebAssembly"),
        ({"policy": "script-src 'self'; connect-src 'self'"}, "its rules need 'wasm-unsafe-eval'"),
    ],
    ids=["no WebAssembly", "policy"],
)
def test_a_browser_or_a_site_that_does_not_let_python_run(open_page, built_book, jupyter, change, words):
    with serving(built_book, places={"page": True, "server": jupyter}) as address:
        live = open_page("why-softmax", address)

        def changed(route):
            answer = route.fetch()
            headers = {**answer.headers, "content-security-policy": change.get("policy", "")}
            route.fulfill(response=answer, body=change.get("before", "") + answer.text(), headers=headers)

        live.page.route("**/worker.js", changed)
        live.button.click()
        live.says(words)
        live.press("Run elsewhere")
        live.says("Ready.")


def test_elsewhere_and_back(open_page, built_book, jupyter):
    with serving(built_book, places={"page": True, "server": jupyter}) as address:
        live = open_page("why-softmax", address).launch()
        cell = live.cells[0]

        def platform():
            cell.execute("import sys\nprint('on', sys.platform)")

        platform()
        cell.prints("on emscripten")
        live.press("Run elsewhere")
        live.says(re.compile(r"Ready. Python runs on 127.0.0.1:\d+, which sees what you run; its answers can change"))
        platform()
        cell.prints("on linux")
        live.press("Run in the page")
        live.says("Ready. Python started in the page")
        platform()
        cell.prints("on emscripten")


def test_a_copy_without_an_address_has_nothing_elsewhere(open_page, built_book):
    with serving(built_book, places={"page": True}) as address:
        live = open_page("why-softmax", address).launch()
        expect(live.bar.get_by_role("button")).to_have_text(["Run all", "Interrupt", "Restart"])


def test_press_is_light_and_asks_nobody_else(open_page, site):
    budget = tomllib.loads((ROOT / "tests/book/budget.toml").read_text("utf-8"))["press"]
    live = open_page("temperature")
    sizes = {}

    def note(response):
        if "/_static/" in response.url:
            sizes[response.url] = response.request.sizes()["responseBodySize"]

    live.page.context.on("response", note)
    live.launch()
    python = [size for url, size in sizes.items() if "/page-python/" in url or "/thebe/" in url or "/live-code/" in url]
    assert sum(python) <= budget["to the first figure"], sizes
    assert live.page.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_progress_on_a_phone(open_page, scheme):
    live = open_page("temperature", viewport={"width": 360, "height": 640}, color_scheme=scheme)
    held = []
    live.page.route("**/numpy-*.whl", lambda route: held.append(route))
    with live.page.expect_request("**/numpy-*.whl", timeout=START):
        live.button.click()
    expect(live.bar.get_by_text(re.compile(r"Python: [\d.]+ of [\d.]+ MB"))).to_be_visible(timeout=START)
    expect(live.bar.get_by_role("progressbar", name="Loaded")).to_be_visible()
    assert live.bar.bounding_box()["height"] <= LINE
    assert live.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(live.page) == []
    for route in held:
        route.continue_()
    live.says("Ready.")
    assert live.bar.bounding_box()["height"] <= LINE
    restart = live.bar.get_by_role("button", name="Restart")
    expect(restart).to_be_hidden()
    live.press("More")
    expect(restart).to_be_visible()
    expect(live.bar.get_by_role("button", name="More")).to_have_attribute("aria-expanded", "true")
    assert live.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(live.page) == []


def test_lines_shown_beside_a_figure_run_below_it_and_the_figure_follows(open_page):
    live = open_page("temperature")
    dial = live.page.get_by_role("group", name="Temperature dial")
    slider = dial.get_by_role("slider", name="Temperature")
    dial.get_by_role("button", name="T → 0").click()
    live.run_beside(dial)  # starts Python
    live.says("Your cell below cell 1 has run.")
    lines = live.cell("figure.temperature = 0")
    lines.prints("[1. 0. 0. 0. 0.] 0.0")
    expect(slider).to_have_attribute("aria-valuetext", "T = 0")
    expect(lines.run_button).to_be_focused()
    expect(lines.output).to_be_in_viewport(ratio=1)
    live.page.evaluate("document.querySelector('.live-code-own').previousElementSibling.style.paddingBottom = '900px'")
    live.page.evaluate("new Promise((done) => setTimeout(done, 100))")
    expect(lines.output).to_be_in_viewport(ratio=1)  # as when the figure above is made anew late
    lines.execute(lines.source().replace("figure.temperature = 0", "figure.temperature = 5"))
    expect(slider).to_have_attribute("aria-valuetext", "T = 5", timeout=START)
    dial.get_by_role("button", name="T = 1").click()
    live.run_beside(dial)  # where Python runs already: in the same cell
    lines.prints("[0.5")
    expect(slider).to_have_attribute("aria-valuetext", "T = 1")
    expect(live.page.get_by_role("textbox", name="Code of your cell")).to_have_count(1)
    assert live.page.problems == []


@pytest.mark.parametrize("name", ["book/index", "figures/dial"])
def test_where_no_live_code_is_no_lines_are_offered_to_run(site, new_page, name):
    page = new_page()
    page.goto(f"{site}/{name}.html")
    figure = page.locator(".lf-host .lf")
    figure.get_by_text("Show as Python").click()
    expect(figure.get_by_role("button", name="Copy Python")).to_be_visible()
    expect(figure.get_by_role("button", name="Run", exact=True)).to_have_count(0)


def test_lines_asked_for_while_python_starts_run_when_it_has(open_page):
    live = open_page("temperature")
    held = []
    live.page.route("**/numpy-*.whl", lambda route: held.append(route))
    with live.page.expect_request("**/numpy-*.whl", timeout=START):
        live.button.click()
    live.says("Loading Python")
    live.run_beside(live.page.get_by_role("group", name="Temperature dial"))
    for route in held:
        route.continue_()
    live.says("Your cell below cell 1 has run.")


def test_from_disk_the_button_says_why_it_cannot(built_book, new_page):
    page = new_page()
    page.goto((built_book / "book/temperature.html").as_uri())
    button = page.get_by_role("button", name="Live code")
    button.focus()
    page.keyboard.press("Enter")
    words = page.get_by_role("alert")
    expect(words).to_contain_text("opened from a disk")
    expect(words).to_contain_text("python3 -m http.server")


def test_no_page_lets_eval_run(site, new_page):
    page = new_page()
    for name in PAGES:
        for query in ("", "?live"):
            policy = page.request.get(f"{site}/{name}.html{query}").headers["content-security-policy"]
            assert "'unsafe-eval'" not in policy
    page.goto(f"{site}/book/temperature.html")
    page.evaluate("setTimeout('window.ran = true')")
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
