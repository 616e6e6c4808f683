"""What all tests share: the built book, a server that sends the readers' policy, a browser, a watched page."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # as in Binder: threads of several kernels would fight over two processors

import pytest
from filelock import FileLock
from playwright.sync_api import expect, sync_playwright

import browser as browser_tool
from experiments import language_model
from support import ROOT, serving, surroundings

PATIENCE = 15_000  # milliseconds, on a machine that does much else
expect.set_options(timeout=PATIENCE)
SLOW = {
    "once",
    "browser",
    "firefox",
    "one_page_book",
    "start_jupyter",
    "repository",
    "numpy_model",
}  # fixtures that build, start a program, or read 98 MB


def pytest_collection_modifyitems(items):
    for item in items:
        if SLOW & {*getattr(item, "fixturenames", [])}:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id):
    """Make a file once a test run, whatever the number of workers: `make` gets the path of a file to write."""
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent

    def make_once(name: str, make: Callable[[Path], object]) -> Path:
        path = shared / name
        with FileLock(shared / f"{name}.lock"):
            if not path.exists():
                make(path)
        return path

    return make_once


@pytest.fixture(scope="session")
def built_book(once) -> Path:
    """The whole book as `make book` writes it."""

    def build(complaints: Path):
        command = [sys.executable, ROOT / "tools/build.py"]
        result = subprocess.run(command, capture_output=True, text=True, env=surroundings())
        complaints.write_text(result.stdout + result.stderr if result.returncode else "", "utf-8")

    if failure := once("book.built", build).read_text("utf-8"):
        pytest.fail(f"the book was not built:\n{failure}", pytrace=False)
    return ROOT / "_build/html"


@pytest.fixture(scope="session")
def site(built_book):
    with serving(built_book) as address:
        yield address


@pytest.fixture(scope="session")
def numpy_model():
    return language_model.load()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_tool.find(), args=browser_tool.FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser):
    """Open pages that note every problem: console errors, failed loads, requests to other hosts, broken policy."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.problems = []
        page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on(
            "request", lambda request: is_foreign(request.url) and page.problems.append(f"request to {request.url}")
        )
        page.on(
            "response",
            lambda response: response.status >= 400 and page.problems.append(f"{response.status} {response.url}"),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()


def is_foreign(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1", "data:", "blob:", "about:", "file:"))


@pytest.fixture
def page(new_page):
    return new_page()
