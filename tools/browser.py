"""Find a Chromium for the tests, or install one: the one that is there; as root, the system's package; else
Playwright's own download. Prints its path, or says what to install."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The headless shell is the same browser without windows: pages open in half the time.
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
# How tests, benchmarks and `make pdf` start it: quiet, and without a sandbox, which root and containers do not have.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """The path of a browser that is already here."""
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return on_path or playwright_download()


def playwright_download() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt_get("update")
        if apt_get("install", "--yes", "--no-install-recommends", NAMES[0]):
            apt_get("install", "--yes", "--no-install-recommends", NAMES[1])
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr)


def apt_get(*words: str) -> int:
    return subprocess.run(["apt-get", "--quiet", "--quiet", *words], stdout=sys.stderr).returncode


if __name__ == "__main__":
    if not find():
        print("installing a browser", file=sys.stderr)
        install()
    if not (path := find()):
        sys.exit(
            "Tests, PDF and benchmarks need Chromium. Install the package `chromium` (Debian, Ubuntu: apt-get install "
            "chromium; macOS: brew install --cask chromium) or run `.venv/bin/playwright install chromium`, then run "
            "the same command again."
        )
    print(f"browser: {path}")
