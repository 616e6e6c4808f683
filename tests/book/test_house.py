"""The commands around the book: set-up, browser parts, the address, the links to other sites."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
import scipy.special

import address
import animated_dial
import biome
import browser
import browser_parts
import environment
import links
import long_lines
import miniatures
from support import CONFIGURED, ROOT, TEACHING

# --- the address stands in one place


def test_every_file_quotes_the_configured_address():
    assert address.differing(ROOT) == []


def test_another_address_is_noticed_and_mended(tmp_path):
    for name in ["_config.yml", *address.QUOTING]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    configuration = tmp_path / "_config.yml"
    configuration.write_text(
        configuration.read_text("utf-8").replace(CONFIGURED, "https://github.com/some-body/soft.max"), "utf-8"
    )
    assert "README.md" in address.differing(tmp_path)
    address.write(tmp_path)
    assert address.differing(tmp_path) == []
    assert "git clone https://github.com/some-body/soft.max softmax-and-temperature &&" in (
        tmp_path / "README.md"
    ).read_text("utf-8")


# --- set-up says what is missing


def test_old_python_is_told_which_is_needed(monkeypatch):
    monkeypatch.setattr(environment, "OLDEST", (9, 9))
    with pytest.raises(SystemExit, match=r"Python 9.9 or newer is needed; this is 3\.\d+"):
        environment.main("book")


@pytest.mark.slow  # it makes an environment
def test_package_that_cannot_be_had_is_named_with_the_remedy(tmp_path):
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/environment.py", tmp_path / "tools")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/uv.txt").touch()  # without uv, pip takes over
    (tmp_path / "requirements/book.txt").write_text("no-such-package==1 --hash=sha256:" + "0" * 64 + "\n", "utf-8")
    result = subprocess.run(
        [sys.executable, tmp_path / "tools/environment.py", "book"],
        capture_output=True,
        text=True,
        env={**os.environ, "PIP_NO_INDEX": "1"},
        timeout=120,
    )
    assert result.returncode == 1
    assert "no-such-package" in result.stderr
    assert "requirements/book.txt could not be installed" in result.stderr and "check the network" in result.stderr


def test_what_was_installed_is_not_installed_again(tmp_path, monkeypatch):
    lock, done = tmp_path / "lock.txt", []
    lock.write_text("one", "utf-8")
    monkeypatch.setattr(environment, "VENV", str(tmp_path))
    for text in ("one", "one", "two"):
        lock.write_text(text, "utf-8")
        environment.once("lock.txt", [str(lock)], partial(done.append, text))
    assert done == ["one", "two"]


# --- browser parts are what they are said to be


def test_changed_package_is_refused(tmp_path):
    tarball = tmp_path / "part.tgz"
    tarball.write_bytes(b"not what was published")
    with pytest.raises(SystemExit, match="sha512 of katex"):
        browser_parts.check("katex", tarball, "0" * 88)


# --- what lint asks for


def test_machine_without_biome_is_told(monkeypatch):
    monkeypatch.setattr(biome.platform, "machine", lambda: "abacus")
    with pytest.raises(SystemExit, match="names no Biome for"):
        biome.main()


def test_long_line_of_code_is_named(tmp_path):
    (tmp_path / "style.css").write_text(f"{'a' * 120}\n{'b' * 121}\n", "utf-8")
    assert long_lines.long_lines(tmp_path, "style.css") == ["style.css:2: 121 characters, 120 at most"]


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("Makefile", True),
        ("book/assets/templates/layout.html", True),
        (".github/workflows/pages.yml", True),
        ("README.md", False),
        ("biome.jsonc", True),
        ("book/references.bib", False),
    ],
)
def test_code_is_held_to_the_length_of_lines(name, held):
    assert (ROOT / name).exists() and long_lines.is_code(name) == held


# --- a browser is found, or the reader is told what to install


@pytest.mark.parametrize(("name", "package"), [("chromium", "chromium"), ("firefox", "firefox-esr")])
def test_missing_browser_is_told(tmp_path, name, package):
    program = tmp_path / "browser.py"
    text = (ROOT / "tools/browser.py").read_text("utf-8")
    for right, wrong in (("shutil.which(name)", "None"), ("        install(browser)\n", "        pass\n")):
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    program.write_text(text, "utf-8")
    result = subprocess.run(
        [sys.executable, program, name],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)},
    )
    assert result.returncode == 1 and "apt-get install" in result.stderr and package in result.stderr


@pytest.mark.slow  # the quick ones set no browser up
@pytest.mark.parametrize("name", browser.NAMES)
def test_browser_here_is_found(name):
    assert Path(browser.find(name)).exists()


# --- links to other sites

ANSWERS = {"/here": 200, "/moved": 301, "/gone": 404, "/withdrawn": 410, "/guarded": 403, "/ill": 503}


@pytest.fixture
def other_site(monkeypatch):
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(ANSWERS[self.path])
            self.send_header("Location", "/here")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    monkeypatch.setattr(links, "PAUSE", 0)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def write_page(folder: Path, *addresses: str) -> None:
    anchors = "".join(f'<a class="external" href="{address}">a link</a>' for address in addresses)
    (folder / "page.html").write_text(f'{anchors}<a href="other.html">inside</a>', "utf-8")


def test_links_that_are_there_or_guarded_pass(tmp_path, other_site, capsys):
    write_page(tmp_path, f"{other_site}/here#part", f"{other_site}/moved", f"{other_site}/guarded", f"{other_site}/ill")
    assert links.main(tmp_path) == 0
    told = capsys.readouterr().out
    assert f"could not tell (403): {other_site}/guarded" in told and f"could not tell (503): {other_site}/ill" in told
    assert "4 links, 0 gone" in told


@pytest.mark.parametrize("path", ["/gone", "/withdrawn"])
def test_link_that_is_gone_fails_and_names_its_page(tmp_path, other_site, capsys, path):
    write_page(tmp_path, f"{other_site}/here", other_site + path)
    assert links.main(tmp_path) == 1
    assert f"gone ({ANSWERS[path]}): {other_site}{path}, on page.html" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("trouble", "gone"), [(socket.EAI_NONAME, 1), (socket.EAI_AGAIN, 0)], ids=["no such host", "no resolver"]
)
def test_host_that_is_gone_fails_but_no_hiccup(tmp_path, capsys, monkeypatch, trouble, gone):
    def fail(*_, **__):
        raise URLError(socket.gaierror(trouble, "of the test"))

    monkeypatch.setattr(links, "urlopen", fail)
    monkeypatch.setattr(links, "PAUSE", 0)
    write_page(tmp_path, "https://no-such-host.example/page")
    assert links.main(tmp_path) == gone
    assert ("gone (no such host)" in capsys.readouterr().out) == gone


def test_a_site_without_a_link_is_no_success(tmp_path):
    assert links.main(tmp_path) == 1


# --- the README


def test_dial_of_the_readme_is_what_the_library_says():
    assert animated_dial.TARGET.read_text("utf-8") == animated_dial.drawing(), "run `python tools/animated_dial.py`"
    assert str(animated_dial.TARGET.relative_to(ROOT)) in (ROOT / "README.md").read_text("utf-8")


def test_every_chapter_has_a_card_with_its_miniature():
    cover = (ROOT / "book/index.md").read_text("utf-8")
    cards = re.findall(r"^- !\[.+\]\(assets/miniatures/([\w-]+)\.svg\) \*\*\[.+\]\(([\w-]+)\.md\)\*\*", cover, re.M)
    assert cards == [(name, name) for name in TEACHING]
    assert {*miniatures.MINIATURES} == {*TEACHING} == {path.stem for path in miniatures.TARGET.iterdir()}
    for name in TEACHING:
        drawn = (miniatures.TARGET / f"{name}.svg").read_text("utf-8")
        assert drawn == miniatures.picture(name), "run `python tools/miniatures.py`"


def test_bars_of_the_dial_are_probabilities_at_every_moment():
    shares = np.array(
        [
            re.findall(r"scaleX\(([\d.]+)\); }", line)
            for line in animated_dial.drawing().splitlines()
            if "scaleX" in line and "@keyframes" in line
        ],
        float,
    )
    assert shares.shape == (5, animated_dial.STOPS)
    np.testing.assert_allclose(shares.sum(axis=0), 1, atol=0.0003)
    np.testing.assert_allclose(
        shares[:, animated_dial.STOPS // 2], scipy.special.softmax(animated_dial.LOGITS), atol=0.0001
    )
