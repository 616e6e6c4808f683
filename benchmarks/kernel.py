"""Measure live code: from the press to the first output, beside two other ways, and how long each chapter takes.

    python benchmarks/kernel.py [FOLDER]    FOLDER is a built site; _build/html if none is named

Python in the page and a Jupyter server of this machine, which stands for Binder's without its wait, run a chapter's
figure. A stock JupyterLite, whose kernel is thebe-lite's, has the same Pyodide, imports the same and prints three
numbers. A phone is a line of 10 Mb/s for all that a way loads, and browser processes that run a quarter of the time:
what DevTools slow down leaves workers out.
"""

import re
import socket
import socketserver
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import jupyterlite
import psutil
from playwright.sync_api import Locator, Page, Playwright, expect, sync_playwright

from figures import CHAPTER

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

import browser  # noqa: E402
from support import CHAPTERS, running_jupyter, serving  # noqa: E402

TOKEN = "of-the-benchmark"
RUNS = 3
LINE = 10e6 / 8  # bytes a second
TURN = 0.02  # seconds that the processes of a phone run, before they rest for three times as long
STAY = 5  # seconds that a reader stays at least; the browser takes two before it keeps what it compiled
PATIENCE = 600_000  # milliseconds
MEGABYTE = 1e6


class Way(NamedTuple):
    """How a reader comes to an output: what is there before, and what is waited for."""

    name: str
    address: str
    open: Callable[[Page, str], object]
    start: Callable[[Page, str], object]


class Run(NamedTuple):
    seconds: float
    processor: float  # seconds of all processes of the browser
    loaded: float  # bytes
    memory: float  # bytes


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as state, sync_playwright() as playwright:
        lite = jupyterlite.build(Path(state))
        with (
            running_jupyter("jupyter_server", ROOT, Path(state), "--ServerApp.allow_origin=*", token=TOKEN) as server,
            serving(folder, places={"page": True}) as here,
            serving(folder, places={"server": f"{server['url']}?token={TOKEN}"}) as elsewhere,
            serving(lite) as there,
        ):
            code = f"{there}/repl/index.html?kernel=python&code={quote(jupyterlite.CELL)}"
            ways = [
                Way("in the page", f"{here}/{CHAPTER}", Page.goto, press),
                Way("Jupyter server", f"{elsewhere}/{CHAPTER}", Page.goto, press),
                Way("JupyterLite", code, lambda page, address: None, open_and_wait),
            ]
            for way in ways:
                report(playwright, way)
            for name in CHAPTERS[1:]:
                print(f"{name}: {chapter_seconds(playwright, f'{here}/book/{name}.html'):.0f} s", flush=True)


def report(playwright: Playwright, way: Way) -> None:
    for place, is_phone, times in [("this machine", False, RUNS), ("phone", True, 1)]:
        pairs = [cold_and_warm(playwright, way, is_phone) for _ in range(times)]
        for state, runs in zip(("cold", "warm"), zip(*pairs, strict=True), strict=True):
            middle = Run(*map(statistics.median, zip(*runs, strict=True)))
            print(
                f"{way.name}, {place}, {state}: {middle.seconds:.1f} s (longest {max(runs).seconds:.1f}), "
                f"processor {middle.processor:.1f} s, {middle.loaded / MEGABYTE:.1f} MB over the line, "
                f"memory {middle.memory / MEGABYTE:.0f} MB",
                flush=True,
            )


def press(page: Page, address: str) -> None:
    page.get_by_role("button", name="Live code").click()
    status(page).get_by_text("Ready.").wait_for()


def open_and_wait(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text(jupyterlite.OUTPUT).wait_for()


def status(page: Page) -> Locator:
    return page.get_by_role("region", name="Live code").get_by_role("status")


def cold_and_warm(playwright: Playwright, way: Way, is_phone: bool) -> list[Run]:
    with (
        tempfile.TemporaryDirectory() as profile,  # as a reader has one: in it browsers keep what they compiled
        line(way.address, LINE if is_phone else None) as (address, passed),
        playwright.chromium.launch_persistent_context(
            profile,
            executable_path=browser.find(),
            args=browser.FLAGS,
            service_workers="block",  # whose requests would not be seen
        ) as context,
    ):
        context.set_default_timeout(PATIENCE)
        return [measure(context.new_page(), way, address, passed, is_phone) for _ in range(2)]


def measure(page: Page, way: Way, address: str, passed: list[int], is_phone: bool) -> Run:
    way.open(page, address)
    before, start = used(), time.monotonic()
    passed.clear()
    with phone() if is_phone else nullcontext():
        way.start(page, address)
    seconds = time.monotonic() - start
    processor, memory = (after - earlier for after, earlier in zip(used(), before, strict=True))
    loaded = sum(passed)
    time.sleep(STAY)
    page.close()
    return Run(seconds, processor, loaded, memory)


def used() -> tuple[float, float]:
    """The processor's seconds and the memory of the browser's processes."""
    times = [process.cpu_times() for process in processes()]
    return sum(each.user + each.system for each in times), sum(each.memory_full_info().pss for each in processes())


def processes() -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # some end meanwhile
            if any("headless" in word for word in process.cmdline()):
                found.append(process)
    return found


@contextmanager
def phone() -> Iterator[None]:
    """Let the browser's processes run a quarter of the time."""
    over = threading.Event()

    def hold() -> None:
        while not over.wait(TURN):
            held = processes()
            each(held, psutil.Process.suspend)
            time.sleep(3 * TURN)
            each(held, psutil.Process.resume)

    thread = threading.Thread(target=hold)
    thread.start()
    yield
    over.set()
    thread.join()


def each(chosen: list[psutil.Process], act: Callable[[psutil.Process], None]) -> None:
    for process in chosen:
        with suppress(psutil.NoSuchProcess):
            act(process)


@contextmanager
def line(address: str, rate: float | None) -> Iterator[tuple[str, list[int]]]:
    """A way to the same site, at so many bytes a second; gives its address, and the sizes of what came."""
    asked, passed, turn = urlsplit(address), [], threading.Lock()

    def carry(source: socket.socket, target: socket.socket, comes: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(2**14):
                if comes:
                    with turn:
                        time.sleep(len(piece) / rate if rate else 0)
                    passed.append(len(piece))
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection((asked.hostname, asked.port)) as there:
                threading.Thread(target=carry, args=(self.request, there, False), daemon=True).start()
                carry(there, self.request, True)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield asked._replace(netloc=f"127.0.0.1:{server.server_address[1]}").geturl(), passed
    server.shutdown()
    server.server_close()


def chapter_seconds(playwright: Playwright, address: str) -> float:
    """From the press to the end of the last cell."""
    chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.FLAGS)
    page = chromium.new_page()
    page.goto(address)
    start = time.monotonic()
    page.set_default_timeout(PATIENCE)
    press(page, address)
    page.get_by_role("button", name="Run all").click()
    cells = page.locator("div.cell:has(.CodeMirror)").count()
    expect(status(page)).to_have_text(re.compile(rf"Cell {cells} has run\.|raised"), timeout=PATIENCE)
    assert "raised" not in status(page).inner_text(), address
    seconds = time.monotonic() - start
    chromium.close()
    return seconds


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build/html")
