"""Measure how soon live code is ready: from the press of its button to a kernel, on a Jupyter server of this machine.

python benchmarks/kernel.py [FOLDER]    FOLDER is a built site; _build/html if none is named
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from figures import CHAPTER, LOADS

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

import browser  # noqa: E402
from support import running_jupyter, serving  # noqa: E402

TOKEN = "of-the-benchmark"


def main(folder: Path) -> None:
    with (
        tempfile.TemporaryDirectory() as state,
        running_jupyter("jupyter_server", ROOT, Path(state), "--ServerApp.allow_origin=*", token=TOKEN) as server,
        serving(folder, places={"server": f"{server['url']}?token={TOKEN}"}) as address,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.FLAGS)
        times = [time_to_ready(chromium, f"{address}/{CHAPTER}") for _ in range(LOADS)]
        print(f"live code ready after: median {statistics.median(times):.2f} s, longest {max(times):.2f} s")
        chromium.close()


def time_to_ready(chromium: Browser, url: str) -> float:
    page = chromium.new_context().new_page()
    page.goto(url)
    button = page.get_by_role("button", name="Live code")
    start = time.monotonic()
    button.click()
    page.get_by_role("region", name="Live code").get_by_role("status").get_by_text("Ready.").wait_for()
    taken = time.monotonic() - start
    page.context.close()
    return taken


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build/html")
