"""Find a browser, or install one: python tools/browser.py chromium|firefox.

The one that is there; as root, the system's package; for Chromium else Playwright's own download. Prints its path, or
says what to install.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = {
    # The headless shell is the same browser without windows: pages open in half the time.
    "chromium": ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    "firefox": ["firefox-esr", "firefox"],
}
REMEDIES = {
    "chromium": "Tests, PDF and benchmarks need Chromium. Install the package `chromium` (Debian, Ubuntu: apt-get "
    "install chromium; macOS: brew install --cask chromium) or run `.venv/bin/playwright install chromium`",
    "firefox": "Tests need Firefox. Install the package `firefox-esr` (Debian: apt-get install firefox-esr) or Firefox "
    "from mozilla.org, so that `firefox` starts it",
}
# How Chromium starts: quiet, and without a sandbox, which root and containers do not have.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find(browser: str = "chromium") -> str | None:
    """The path of a browser that is already here."""
    on_path = next((path for name in NAMES[browser] if (path := shutil.which(name))), None)
    return on_path or (playwright_download() if browser == "chromium" else None)


def playwright_download() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install(browser: str) -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt_get("update")
        first, second, *_ = NAMES[browser]
        if apt_get("install", "--yes", "--no-install-recommends", first):
            apt_get("install", "--yes", "--no-install-recommends", second)
    elif browser == "chromium":
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr)


def apt_get(*words: str) -> int:
    return subprocess.run(["apt-get", "--quiet", "--quiet", *words], stdout=sys.stderr).returncode


def main(browser: str) -> None:
    if not find(browser):
        print(f"installing {browser}", file=sys.stderr)
        install(browser)
    if not (path := find(browser)):
        sys.exit(f"{REMEDIES[browser]}, then run the same command again.")
    print(f"browser: {path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
