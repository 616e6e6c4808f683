"""Measure the language model in the page: from the press to the first distribution, a token, frames, and memory.

python benchmarks/own_prompt.py [FOLDER]    FOLDER is a built site; _build/html if none is named
"""

import statistics
import sys
import time
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import browser  # noqa: E402
from serve import serving  # noqa: E402

FIGURE = "figures/next_token.html#prompt=own&text=Once+upon+a+time,+in+a+small+village+by+the+sea,"
TOKENS = 60
PATIENCE = 120_000  # milliseconds
WATCH_FRAMES = """() => {
    window.frames = [];
    const note = (time) => { window.frames.push(time); requestAnimationFrame(note); };
    requestAnimationFrame(note);
}"""


def main(folder: Path) -> None:
    with sync_playwright() as playwright, serving(folder) as address:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.FLAGS)
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE)
        for what in ("loaded from the site", "kept by the browser"):
            page.goto("about:blank")
            page.goto(f"{address}/{FIGURE}")
            print(f"from the press to the first distribution, {what}: {seconds_to_first(page):.1f} s")
        page.evaluate(WATCH_FRAMES)
        taken = seconds_to_write(page)
        frames = page.evaluate("frames")
        gaps = [after - before for before, after in pairwise(frames)]
        print(f"a token, drawn and shown: {1000 * taken / TOKENS:.0f} ms, {TOKENS / taken:.1f} a second")
        print(f"frames meanwhile: median {statistics.median(gaps):.0f} ms apart, longest {max(gaps):.0f} ms")
        pages = chromium.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        memory = max(resident(process["id"]) for process in pages if process["type"] == "renderer")
        print(f"memory of the page's process: {memory / 1e6:.0f} MB")
        chromium.close()


def seconds_to_first(page: Page) -> float:
    button = page.get_by_role("button", name="the model").first
    button.wait_for()
    start = time.perf_counter()
    button.click()
    page.locator(".lf-explorer:not([inert])").wait_for()
    return time.perf_counter() - start


def seconds_to_write(page: Page) -> float:
    page.get_by_role("button", name="Write", exact=True).click()
    start = time.perf_counter()
    page.locator(f".lf-own [role=option]:nth-of-type({TOKENS + 1})").wait_for(state="attached")
    taken = time.perf_counter() - start
    page.get_by_role("button", name="Stop", exact=True).click()
    return taken


def resident(process: int) -> int:
    """Bytes of memory that are its own, and its share of what it has in common with others."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text("utf-8").splitlines():
        if line.startswith("Pss:"):
            return 1024 * int(line.split()[1])
    raise RuntimeError(f"/proc/{process}/smaps_rollup names no Pss: is this Linux?")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build/html")
