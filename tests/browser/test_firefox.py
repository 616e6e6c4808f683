"""The same pages in Firefox: figures live and answer, links land, Python and the language model run in the page."""

import base64
import gc
import io
import time
import warnings
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

import browser
from softmax_lib import softmax
from support import FIGURES, PAGES
from test_every_figure import made
from test_picture import is_drawn

with warnings.catch_warnings():  # its parts were written for older Pythons
    warnings.simplefilter("ignore")
    from marionette_driver.keys import Keys
    from marionette_driver.marionette import Marionette

LOGITS = [2, 1, 0.5, -0.5, -2]
SOON, LATE = 30, 240  # seconds on a machine that does much else; alone a tenth
PREFERENCES = {"ui.prefersReducedMotion": 1, "network.captive-portal-service.enabled": False}
ERRORS = """return Services.console.getMessageArray().filter((message) => message instanceof Ci.nsIScriptError
    && !(message.flags & Ci.nsIScriptError.warningFlag)
    && /^(content javascript|CSP_)/.test(message.category)).map(String)"""
LIVE = """return [...document.querySelectorAll("live-figure")].every((figure) => figure.hasAttribute("live"))"""
TOLD = """const card = document.querySelector(".lf-host .lf"), texts = card.cloneNode(true);
    texts.querySelectorAll(".lf-status, .lf-notice, [role=status]").forEach((element) => element.remove());
    return [texts.textContent, ...[...card.querySelectorAll("input")].map((input) => input.value)].join()"""
PROBABILITIES = """return [...document.querySelectorAll(".lf-p")].map((cell) =>
    Number(cell.textContent.split(": ")[1].replace("−", "-")))"""
PRESS = """const [name, within] = arguments;
    const named = [...document.querySelectorAll(`${within} button`)].find((button) =>
        (button.getAttribute("aria-label") ?? button.textContent).trim() === name);
    named?.click();
    return Boolean(named)"""

SAVED = """const [done] = arguments, reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1]);
    reader.readAsDataURL(window.saved)"""


class Reader:
    """One window of Firefox, and what it complained about since a page was opened."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, address):
        with self.driver.using_context("chrome"):
            self.driver.execute_script("Services.console.reset()", sandbox="system")
        self.driver.navigate("about:blank")
        self.driver.navigate(address)
        self.wait(LIVE)

    def problems(self):
        with self.driver.using_context("chrome"):
            return self.driver.execute_script(ERRORS, sandbox="system")

    def ask(self, script, *words):
        return self.driver.execute_script(script, script_args=words, sandbox=None)

    def later(self, script):
        return self.driver.execute_async_script(script, sandbox=None)

    def wait(self, script, *words, seconds=SOON):
        end = time.monotonic() + seconds
        while not (found := self.ask(script, *words)):
            assert time.monotonic() < end, f"{script} {words} is not so after {seconds} s: {self.problems()}"
            time.sleep(0.05)
        return found

    def press(self, name, within="body"):
        self.wait(PRESS, name, within)

    def keys(self, selector, *keys):
        self.driver.find_element("css selector", selector).send_keys(*keys)


@contextmanager
def leaving_sockets_open():
    """While it waits for Firefox, Marionette leaves the sockets that nobody answered."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory):
    with leaving_sockets_open():
        driver = Marionette(
            port=0,
            bin=browser.find("firefox"),
            headless=True,
            prefs=PREFERENCES,
            app_args=["-remote-allow-system-access"],
            socket_timeout=LATE,
            gecko_log=str(tmp_path_factory.mktemp("firefox") / "log"),
        )
        driver.start_session()
    driver.timeout.page_load = driver.timeout.script = LATE
    yield Reader(driver)
    with leaving_sockets_open():
        driver.delete_session()
        driver.cleanup()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_without_a_complaint(firefox, site, name):
    firefox.open(f"{site}/{name}.html")
    assert firefox.problems() == []


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ("setTimeout(() => { throw new Error('spoilt') })", "Error: spoilt"),
        ("new Image().src = 'http://127.0.0.2/foreign.png'", "Content-Security-Policy"),
    ],
)
def test_a_complaint_is_noticed(firefox, site, mistake, words):
    firefox.open(f"{site}/{PAGES[0]}.html")
    firefox.ask(mistake)
    end = time.monotonic() + SOON
    while not any(words in problem for problem in firefox.problems()):
        assert time.monotonic() < end, firefox.problems()


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_every_figure_answers_keys(firefox, site, figure):
    firefox.open(f"{site}/figures/{figure.module.split('/')[0]}.html")
    firefox.wait("return !document.querySelector('.lf [inert]')")  # it has its data
    before = firefox.ask(TOLD)
    firefox.keys(".lf input[type=range]", Keys.PAGE_UP)
    firefox.wait(f"return (() => {{ {TOLD} }})() !== arguments[0]", before)
    firefox.press("Reset")
    firefox.wait(f"return (() => {{ {TOLD} }})() === arguments[0]", before)
    assert firefox.problems() == []


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_every_figure_saves_its_picture(firefox, harness, figure):
    firefox.open(f"{harness.address}/{harness.write(made(figure))}")
    firefox.wait("return !document.querySelector('.lf [inert]')")  # it has its data
    firefox.ask("URL.createObjectURL = (file) => { window.saved = file; return '#saved'; }")
    firefox.press("PNG")
    firefox.wait("return document.querySelector('.lf-status').textContent.startsWith('Saved as ')")
    with Image.open(io.BytesIO(base64.b64decode(firefox.later(SAVED)))) as image:
        assert is_drawn(image)
    assert firefox.problems() == []


@pytest.mark.parametrize(("typed", "temperature"), [("0.5", 0.5), ("0,7", 0.7), ("20", 20)])
def test_the_dial_shows_what_python_computes(firefox, site, typed, temperature):
    firefox.open(f"{site}/figures/dial.html")
    firefox.ask("document.querySelector('[aria-label=Temperature][role=spinbutton]').select()")
    firefox.keys("[aria-label=Temperature][role=spinbutton]", typed, Keys.ENTER)
    firefox.wait(
        "return document.querySelector('.lf [role=status]').textContent.includes(`T = ${arguments[0]},`)", temperature
    )
    np.testing.assert_allclose(firefox.ask(PROBABILITIES), softmax(LOGITS, temperature), atol=0.00051)


@pytest.mark.parametrize("name", ["temperature", "sampling", "calibration", "misconceptions"])
def test_links_of_the_contents_land_on_their_headings(firefox, site, name):
    firefox.open(f"{site}/book/{name}.html")
    links = firefox.ask("return [...document.querySelectorAll('a.nav-link')].map((link) => link.hash)")
    for link in links[-1], links[len(links) // 2]:
        firefox.ask("document.querySelector(`a.nav-link[href='${arguments[0]}']`).click()", link)
        top = """const { top } = document.querySelector(arguments[0]).getBoundingClientRect();
            return (top >= 0 && top < 130) || scrollY + innerHeight >= document.documentElement.scrollHeight - 2"""
        firefox.wait(top, link)


def test_python_runs_in_the_page(firefox, site):
    firefox.open(f"{site}/book/why-softmax.html")
    firefox.press("Live code")
    firefox.press("Run all", within=".live-code[data-state=ready]")
    said = "return document.querySelector('.live-code [role=status]').textContent"
    firefox.wait(f"return ((words) => /has run\\.|raised/.test(words))((() => {{ {said} }})())", seconds=LATE)
    cells = firefox.ask("return document.querySelectorAll('div.cell:has(.cell_input)').length")
    firefox.wait(f"{said} === `Cell ${{arguments[0]}} has run.`", cells, seconds=LATE)
    assert firefox.problems() == []


def test_the_language_model_runs_in_the_page(firefox, site):
    firefox.open(f"{site}/figures/next_token.html")
    firefox.press("Your own")
    firefox.wait("return document.querySelector('.lf-own textarea')?.checkVisibility()")
    firefox.keys(".lf-own textarea", "Once upon a time")
    firefox.press("Load the model, 98 MB")
    firefox.wait(
        "return document.querySelector('.lf-explorer:not([inert]) .lf-candidate .lf-p') !== null", seconds=LATE
    )
    firefox.press("Draw one")
    firefox.wait("return document.querySelectorAll('.lf [role=listbox] [role=option]').length === 2", seconds=LATE)
    assert firefox.problems() == []
