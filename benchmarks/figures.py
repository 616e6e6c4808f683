"""Measure the figures on the built chapters: bytes, time until they live, time from input to paint, frames a second.

    python benchmarks/figures.py [FOLDER]    FOLDER is a built site; _build/html if none is named

The slow line is 1.6 Mb/s with 150 ms of latency, and the slow machine a processor slowed down four times.
"""

import gzip
import re
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import browser  # noqa: E402
from serve import serving  # noqa: E402

CHAPTER = "book/temperature.html"
HISTOGRAM = "book/law-of-large-numbers.html"
LOADS = 5
MOVES = 200
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
WATCH_LIFE = """
new MutationObserver((_, observer) => {
    if (!document.querySelector("live-figure[live]")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.lived = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["live"] });
"""
WATCH_PAINTS = """
window.waits = [];
document.addEventListener("input", () => {
    const start = window.event.timeStamp, paint = new MessageChannel();
    paint.port1.onmessage = () => waits.push(performance.now() - start);
    requestAnimationFrame(() => paint.port2.postMessage(null)); // a message runs after the frame is painted
}, { capture: true });
"""
WATCH_FRAMES = """
window.frames = [];
const note = (time) => { window.frames.push(time); requestAnimationFrame(note); };
requestAnimationFrame(note);
"""


def main(folder: Path) -> None:
    print_bytes(folder)
    with sync_playwright() as playwright, serving(folder) as address:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.FLAGS)
        for name, slowdown in [("this machine, fast line", 1), ("processor / 4, 1.6 Mb/s", 4)]:
            lives = [time_to_live(chromium, f"{address}/{CHAPTER}", slowdown) for _ in range(LOADS)]
            print(f"live after, {name}: median {statistics.median(lives):.0f} ms, longest {max(lives):.0f} ms")
        for name, slowdown in [("this machine", 1), ("processor / 4", 4)]:
            print_waits(f"{CHAPTER}, {name}", input_to_paint(chromium, f"{address}/{CHAPTER}", slowdown))
            for figure in sorted((folder / "figures").glob("*.html")):
                print_waits(
                    f"{figure.stem} alone, {name}",
                    input_to_paint(chromium, f"{address}/figures/{figure.name}", slowdown),
                )
            times = pouring_frames(chromium, f"{address}/{HISTOGRAM}", slowdown)
            print(
                f"Draw 1,000, {name}: {1000 * (len(times) - 1) / (times[-1] - times[0]):.0f} frames a second "
                f"({len(times)} frames in {times[-1] - times[0]:.0f} ms)"
            )
        chromium.close()


def print_bytes(folder: Path) -> None:
    """Print the weight of the host script and of the modules that the chapter names."""
    names = sorted(set(re.findall(r"_static/scripts-\w+/live/([\w./-]+\.js)", (folder / CHAPTER).read_text("utf-8"))))
    (scripts,) = folder.glob("_static/scripts-*/live")
    sizes = [len(gzip.compress((scripts / name).read_bytes())) for name in names]
    listed = ", ".join(f"{name} {size}" for name, size in zip(names, sizes, strict=True))
    print(f"scripts of the figure, compressed: {sum(sizes)} bytes ({listed})")


def print_waits(where: str, waits: list[float]) -> None:
    print(
        f"slider dragged, input to paint, {where}: median {statistics.median(waits):.1f} ms, "
        f"95 % within {statistics.quantiles(waits, n=20)[-1]:.1f} ms ({len(waits)} inputs)"
    )


def open_page(chromium: Browser, slowdown: int) -> tuple[Page, CDPSession]:
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    tools = page.context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    return page, tools


def time_to_live(chromium: Browser, url: str, slowdown: int) -> float:
    page, tools = open_page(chromium, slowdown)
    if slowdown > 1:
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.add_init_script(WATCH_LIFE)
    page.goto(url)
    page.wait_for_selector("live-figure[live]")
    page.wait_for_timeout(200)
    lived: float = page.evaluate("lived")
    page.context.close()
    return lived


def input_to_paint(chromium: Browser, url: str, slowdown: int) -> list[float]:
    """Drag the temperature's slider, or the first one of a figure without a temperature."""
    page, _ = open_page(chromium, slowdown)
    page.goto(url)
    page.wait_for_selector("live-figure[live]")
    page.locator(".lf [inert]").wait_for(state="detached")  # until its data are there
    temperature = page.get_by_role("slider", name="Temperature", exact=True)
    slider = temperature if temperature.count() else page.get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    page.evaluate(WATCH_PAINTS)
    box = slider.bounding_box()
    assert box
    left, middle = box["x"] + 20, box["y"] + box["height"] / 2
    page.mouse.move(left, middle)
    page.mouse.down()
    for i in range(MOVES):
        page.mouse.move(left + (box["width"] - 40) * abs(2 * i / MOVES - 1), middle)
    page.mouse.up()
    page.wait_for_timeout(300)
    waits: list[float] = page.evaluate("waits")
    page.context.close()
    return waits


def pouring_frames(chromium: Browser, url: str, slowdown: int) -> list[float]:
    page, _ = open_page(chromium, slowdown)
    page.goto(url)
    draw = page.get_by_role("button", name="Draw 1,000", exact=True)
    draw.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    page.evaluate(WATCH_FRAMES)
    draw.click()
    page.locator(".lf-readouts b", has_text=re.compile("^1,000$")).wait_for()
    times: list[float] = page.evaluate("frames")
    page.context.close()
    return times


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build/html")
