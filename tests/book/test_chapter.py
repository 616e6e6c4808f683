"""`make chapter`: one page, executed, served, and anew whenever a file changes."""

import os
import re
import signal
import subprocess
import sys
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from one_page import SOUND
from support import ROOT

OTHER = SOUND.replace("plt.bar", "open('executed.txt', 'w')\nplt.bar").replace("(a-place)=\n", "")
SOON = 120_000  # milliseconds, on a machine that does much else
CONTENTS = "format: jb-book\nroot: book/index\nchapters: [{file: book/other}]\n"


@pytest.fixture
def book(one_page_book):
    root = one_page_book(SOUND, other=OTHER.replace("{ref}`place <a-place>`", "place"))
    (root / "_toc.yml").write_text(CONTENTS, "utf-8")
    return root


@pytest.fixture
def follow(book):
    """Start the command; gives its process and the address it tells."""
    started = []

    def start(name):
        command = [sys.executable, ROOT / "tools/chapter.py", name, book, "--port", "0"]
        process = subprocess.Popen(
            command,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(book), "PYTHONUNBUFFERED": "1", "SOURCE_DATE_EPOCH": "0"},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a background job ignores it
        )
        started.append(process)
        return process, wait_for(process, r"(http://\S+) ")

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def wait_for(process, words):
    told = ""
    for line in process.stdout:
        told += line
        if found := re.search(words, line):
            return found[1]
    raise AssertionError(told)


def test_page_follows_the_chapter_and_its_code(book, follow, page):
    process, address = follow("index")
    page.goto(address)
    expect(page.get_by_role("group", name="Temperature dial")).to_be_visible(timeout=SOON)  # its cells ran
    expect(page.get_by_role("heading", name="A place")).to_be_visible()
    assert not (book / "book/executed.txt").exists()  # other chapters are not executed
    assert page.get_by_text("1970").count() == 0  # a date that is none
    assert page.locator("meta[http-equiv='Content-Security-Policy']").count() == 1
    assert page.locator("script[src*='/scripts-']").count() > 0

    chapter = book / "book/index.md"
    chapter.write_text(SOUND.replace("## A place", "## Another place"), "utf-8")
    expect(page.get_by_role("heading", name="Another place")).to_be_visible(timeout=SOON)

    chapter.write_text(SOUND.replace("## A place", "## A place\n\nA {ref}`reference <no-such-place>`."), "utf-8")
    assert "no-such-place" in wait_for(process, "(.*no-such-place.*)")  # warned at once, and shown all the same
    chapter.write_text(SOUND.replace("plt.bar(", "plt.bar(1 / 0, "), "utf-8")
    wait_for(process, "(division by zero)")
    wait_for(process, "(was not built)")
    assert urlopen(address).status == 200  # the last page that could be built
    assert page.problems == []

    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0


def test_wrong_name_is_told_which_there_are(book):
    result = subprocess.run(
        [sys.executable, ROOT / "tools/chapter.py", "no-such", book], capture_output=True, text=True
    )
    assert result.returncode == 1 and "no chapter 'no-such'" in result.stderr and "index, other" in result.stderr
