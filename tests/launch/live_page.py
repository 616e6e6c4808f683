"""A page with live code, as a reader's assistive technology finds it."""

import re

from playwright.sync_api import expect

from support import REPOSITORY

MYBINDER = f"https://mybinder.org/build/gh/{REPOSITORY}/main"
START = 60_000  # milliseconds in which a kernel starts on a machine that does much else


class LiveCode:
    def __init__(self, page):
        self.page = page
        self.button = page.get_by_role("button", name="Live code")
        self.bar = page.get_by_role("region", name="Live code")
        self.status = self.bar.get_by_role("status")

    def launch(self):
        self.button.click()
        self.says("Ready.")
        return self

    def says(self, words):
        expect(self.status).to_contain_text(words, timeout=START)

    def press(self, name):
        self.bar.get_by_role("button", name=name).click()

    def run_beside(self, figure):
        figure.get_by_text("Show as Python").click()
        figure.get_by_role("button", name="Run", exact=True).click()

    @property
    def cells(self):
        return [Cell(cell) for cell in self.page.locator("div.cell:has(.CodeMirror)").all()]

    def cell(self, words):
        return next(cell for cell in self.cells if words in cell.source())


class Cell:
    def __init__(self, element):
        self.element = element
        self.output = element.locator(".live-code-results")

    def write(self, code):
        self.element.locator(".CodeMirror").evaluate("(editor, code) => editor.CodeMirror.setValue(code)", code)

    def execute(self, code):
        self.write(code)
        self.run()

    @property
    def run_button(self):
        return self.element.get_by_role("button", name=re.compile(r"Run (cell \d+|your cell)"))

    def run(self):
        self.run_button.click()

    def prints(self, words):
        expect(self.output).to_contain_text(words, timeout=START)

    def source(self):
        return self.element.locator(".CodeMirror").evaluate("editor => editor.CodeMirror.getValue()")


def assert_dial_and_python_move_each_other(live):
    figure = live.page.get_by_role("group", name="Temperature dial").first
    dial, kernel = live.cells[0], live.cells[1]
    dial.execute("from softmax_lib.live import TemperatureDial\ndial = TemperatureDial()\ndial")
    live.says("Cell 1 has run.")
    figure.get_by_role("button", name="T → 0").click()
    kernel.execute("print('python sees', dial.temperature)")
    kernel.prints("python sees 0.0")
    kernel.execute("dial.temperature = float('inf')")
    expect(figure.get_by_role("slider", name="Temperature")).to_have_attribute("aria-valuetext", "T = ∞")
    assert live.page.problems == []
