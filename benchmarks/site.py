"""Compare the book with a stock Jupyter Book, built in the same run, and ask Lighthouse about three pages.

    python benchmarks/site.py

The stock book has the theme, the scripts and the execution that `jupyter-book build` gives to anyone; what it would
load from other hosts is not counted. A phone is a processor slowed down four times, on a line of 1.6 Mb/s.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml
from playwright.sync_api import Browser, sync_playwright

from figures import SLOW_LINE

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import browser  # noqa: E402
from serve import serving  # noqa: E402

PROGRAMS = Path(sys.executable).parent
PAGES = ["book/index", "book/temperature", "book/text-generation"]
RUNS = 3
LIGHTHOUSE, LIGHTHOUSE_PROGRAM = "lighthouse@12.8.2", "node_modules/.bin/lighthouse"
OPTIONS = [
    "--quiet",
    "--output=json",
    f"--chrome-flags=--headless {' '.join(browser.FLAGS)}",
    "--only-categories=performance,accessibility,best-practices,seo",
]
STOCK = {
    "title": "Softmax & Temperature",
    "only_build_toc_files": True,
    "exclude_patterns": ["**.ipynb"],
    "execute": {"execute_notebooks": "cache", "timeout": 600},
    "bibtex_bibfiles": ["book/references.bib"],
    "sphinx": {"extra_extensions": ["sphinx.ext.autodoc", "numpydoc", "sphinx_exercise"]},
}
WATCH = """
window.shift = 0;
const add = (entry) => { if (!entry.hadRecentInput) window.shift += entry.value; };
new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => { window.largest = list.getEntries().at(-1).startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours, stock = Path(folder, "ours"), Path(folder, "stock")
        for copy in (ours, stock):
            shutil.copytree(
                ROOT,
                copy,
                ignore=shutil.ignore_patterns(".git", ".venv*", "_build", "_generated", ".*_cache", "__pycache__"),
            )
        (stock / "_config.yml").write_text(yaml.safe_dump(STOCK), "utf-8")
        time_builds("ours", [sys.executable, ours / "tools/build.py", ours])
        time_builds("stock", [PROGRAMS / "jupyter-book", "build", stock])
        (stock / "_build/html/_headers").write_text("/*\n", "utf-8")
        with (
            sync_playwright() as playwright,
            serving(ours / "_build/html") as here,
            serving(stock / "_build/html") as there,
        ):
            chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.FLAGS)
            for page in PAGES:
                print_loads(chromium, page, f"{here}/{page}.html", f"{there}/{page}.html")
            chromium.close()
            ask_lighthouse(Path(folder), [f"{here}/{page}.html" for page in PAGES])


def time_builds(name: str, command: list[str | Path]) -> None:
    taken = []
    for _ in range(2):
        started = time.monotonic()
        result = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        )
        assert result.returncode == 0, result.stdout + result.stderr
        taken.append(time.monotonic() - started)
    print(f"build, {name}: cold {taken[0]:.0f} s, warm {taken[1]:.0f} s", flush=True)


def print_loads(chromium: Browser, page: str, ours: str, stock: str) -> None:
    (bytes_of_ours, *rest), (bytes_of_stock, *others) = (
        [statistics.median(each) for each in zip(*(load(chromium, url) for _ in range(RUNS)), strict=True)]
        for url in (ours, stock)
    )
    print(
        f"{page}, first load before images: {bytes_of_ours / 1000:.0f} kB, stock {bytes_of_stock / 1000:.0f} kB "
        f"({bytes_of_ours / bytes_of_stock:.0%}); largest paint after {rest[0]:.0f} ms, stock {others[0]:.0f} ms; "
        f"shift {rest[1]:.3f}, stock {others[1]:.3f}",
        flush=True,
    )


def load(chromium: Browser, url: str) -> tuple[float, float, float]:
    """The compressed bytes of one load on a phone, without images and videos; its largest paint; its shifts."""
    page = chromium.new_context(viewport={"width": 360, "height": 640}).new_page()
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW_LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    tools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    tools.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.route(lambda address: not address.startswith("http://127.0.0.1"), lambda route: route.abort())
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    largest, shift = page.evaluate("[window.largest, window.shift]")
    page.context.close()
    return sum(size for name, size in sizes.items() if kinds.get(name) not in ("Image", "Media")), largest, shift


def ask_lighthouse(folder: Path, addresses: list[str]) -> None:
    environment = {
        **os.environ,
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "CHROME_PATH": str(browser.find()),
    }
    subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", LIGHTHOUSE],
        cwd=folder,
        env=environment,
        check=True,
    )
    for address in addresses:
        reports = [
            json.loads(
                subprocess.run(
                    [LIGHTHOUSE_PROGRAM, address, *OPTIONS],
                    cwd=folder,
                    env=environment,
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout
            )
            for _ in range(RUNS)
        ]
        scores = {
            name: statistics.median(report["categories"][name]["score"] for report in reports)
            for name in reports[0]["categories"]
        }
        print(
            f"Lighthouse, {address.rpartition('/')[2]}: "
            + ", ".join(f"{name} {score:.2f}" for name, score in scores.items()),
            flush=True,
        )


if __name__ == "__main__":
    main()
