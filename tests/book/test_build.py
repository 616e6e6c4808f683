"""Builds that go wrong from outside: dead kernels, stopped builds, full disks, stray files, no git, no address."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import environment
from build import STOPPING
from one_page import PROSE, SOUND, build
from publishing.edition import own_host
from publishing.repository import PLACEHOLDER, WrongAddress, address, commit_seconds, dated, site_address
from support import ROOT, surroundings

HEAD = SOUND[: SOUND.index("# A page")]
UNKNOWN = {"GITHUB_REPOSITORY": ""}


def page_with(*cells: str) -> str:
    return HEAD + PROSE + "".join(f"\n```{{code-cell}} python\n{cell}\n```\n" for cell in cells)


def configure(root: Path, old: str, new: str) -> None:
    path = root / "_config.yml"
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


# --- cells

WARNINGS = {
    "a warning": "import warnings; warnings.warn('take care')",
    "a logged warning": "import logging; logging.warning('take care')",
    "NumPy's warning": "import numpy; numpy.log(numpy.zeros(1))",
    "the shell's warning": "import subprocess; subprocess.run('echo take care >&2', shell=True);",
    "a warning that a tag hides": "---\ntags: [remove-stderr]\n---\nimport sys; print('take care', file=sys.stderr)",
}


@pytest.mark.parametrize("kind", WARNINGS)
def test_cell_that_warns_fails_the_build_and_is_named(one_page_book, kind):
    result = build(one_page_book(page_with(WARNINGS[kind])))
    assert result.returncode == 1
    assert "index.md: a cell wrote to stderr" in result.stderr
    assert "take care" in result.stderr or "divide by zero" in result.stderr


def test_dead_kernel_ends_the_build_with_the_name_of_its_chapter(one_page_book):
    mark = f"of-{os.getpid()}-{time.monotonic_ns()}"
    sleeper = (
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', {mark!r}])"
    )
    root = one_page_book(page_with(sleeper, "import os; os._exit(1)"))
    started = time.monotonic()
    result = build(root)
    assert result.returncode == 1
    assert "index.md: its kernel died" in result.stderr and "os._exit(1)" in result.stderr
    assert time.monotonic() - started < 30 or os.getloadavg()[0] > 2 * os.cpu_count()
    assert processes(mark) == []


def test_endless_cell_ends_the_build_with_the_name_of_its_chapter(one_page_book):
    root = one_page_book(page_with("while True: pass"))
    configure(root, "timeout: 300", "timeout: 3")
    result = build(root)
    assert result.returncode == 1
    assert "index.md: a cell took more than 3 s" in result.stderr and "while True" in result.stderr


# --- stopped builds


def processes(word: str) -> list[str]:
    """The command lines, of processes that run, in which the word stands."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_text("utf-8").replace("\0", " ")
        except OSError:  # it has ended meanwhile
            continue
        if word in line:
            found.append(line)
    return found


STOPS = {
    "Ctrl-C": (signal.SIGINT, 1),
    "terminated": (signal.SIGTERM, 1),
    "terminal closed": (signal.SIGHUP, 1),
    "killed": (signal.SIGKILL, 1),
    "Ctrl-C, twice": (signal.SIGINT, 2),
}


@pytest.mark.parametrize("kind", STOPS)
def test_stopped_build_leaves_no_process_and_the_next_is_whole(one_page_book, tmp_path, kind):
    number, times = STOPS[kind]
    mark, begun = f"of-{os.getpid()}-{time.monotonic_ns()}", tmp_path / "begun"
    cell = (
        "import os, pathlib, subprocess, sys\n"
        f"kernel = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', {mark!r}])\n"
        f"pathlib.Path({str(begun)!r}).write_text(str(os.getpid()))\n"
        "while True: pass"
    )
    root = one_page_book(page_with(cell))
    command = [sys.executable, ROOT / "tools/build.py", root]
    process = subprocess.Popen(
        command,
        env=surroundings(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: [signal.signal(number, signal.SIG_DFL) for number in STOPPING],
    )  # what runs in the background ignores some signals, and so would the build
    wait_until(lambda: begun.exists() and begun.read_text())
    kernel = begun.read_text()
    wait_until(lambda: processes(mark) and processes(str(root)))  # its command line comes a moment after it
    for _ in range(times):
        process.send_signal(number)
        time.sleep(0.2)
    assert process.wait(20) not in (0, 1)
    wait_until(lambda: not (processes(mark) or processes(str(root)) or Path("/proc", kernel).exists()))
    if kind == "killed":  # the hardest way to go
        one_page_book(SOUND)
        result = build(root)
        assert result.returncode == 0, result.stderr
        assert (root / "_build/html/book/index.html").exists()


def wait_until(is_so, seconds=60) -> None:
    for _ in range(seconds * 10):
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail("it did not come so far")


def test_result_that_was_half_written_is_computed_again(one_page_book):
    root = one_page_book(SOUND)
    assert build(root).returncode == 0
    (entry,) = (root / "_build/.jupyter_cache").glob("*/executed/*/base.ipynb")
    whole = entry.read_bytes()
    entry.write_bytes(whole[: len(whole) // 2])
    result = build(root)
    assert result.returncode == 0 and "executing index.md" in result.stdout, result.stderr
    for database in (root / "_build/.jupyter_cache").glob("*/global.db"):
        database.write_bytes(b"not a database at all" * 100)
    result = build(root)
    assert result.returncode == 0 and "executing index.md" in result.stdout, result.stderr


def test_second_build_waits_for_the_first(one_page_book):
    root = one_page_book(PROSE)
    results = []
    builds = [threading.Thread(target=lambda: results.append(build(root))) for _ in range(2)]
    for one in builds:
        one.start()
    for one in builds:
        one.join()
    assert [result.returncode for result in results] == [0, 0], results
    assert sum("waiting" in result.stdout for result in results) == 1
    assert (root / "_build/html/book/index.html").exists()


@pytest.mark.parametrize("room", [100, 40_000])
def test_full_disk_is_said_in_one_sentence_and_the_next_build_is_whole(one_page_book, room):
    root = one_page_book(SOUND)
    result = subprocess.run(
        [sys.executable, ROOT / "tools/build.py", root],
        capture_output=True,
        text=True,
        env=surroundings(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY)),
    )
    assert result.returncode == 1
    assert result.stderr.startswith("There is no room to write (") and result.stderr.count("\n") == 1, result.stderr
    result = build(root)
    assert result.returncode == 0, result.stderr


# --- files that are no part of the book


def test_stray_files_neither_stop_the_build_nor_are_published(one_page_book):
    root = one_page_book(SOUND)
    assets = root / "book/assets"
    assets.unlink()
    shutil.copytree(ROOT / "book/assets", assets)
    for folder in ("env/lib", "venv", "node_modules/some", "book/env", "book/.ipynb_checkpoints", "drafts"):
        (root / folder).mkdir(parents=True)
        (root / folder / "stray.md").write_text("# Stray {nothing}`here`\n", "utf-8")
        (root / folder / "stray.rst").write_text("Stray\n", "utf-8")
    (root / "draft.md").write_text("# Stray\n", "utf-8")
    for folder, name in [
        ("book", "_index.md"),
        ("book/assets/css", "_book.css"),
        ("book/assets/live-code", "_live-code.mjs"),
        ("softmax_lib/live/dial", "_dial.mjs"),
        ("softmax_lib/live/dial", "_dial.css"),
    ]:
        (root / folder / f".{name}").write_bytes(b"\0\5\x16\7stray\xff")  # as macOS leaves beside a file
    result = build(root)
    assert result.returncode == 0, result.stderr
    site = [path for path in (root / "_build/html").rglob("*") if path.is_file()]
    assert not [path for path in site if b"tray" in path.read_bytes() and path.suffix in (".html", ".css", ".js")]
    assert not [path for path in site if path.name.startswith("._") or "stray" in path.name]


def test_browser_parts_that_were_deleted_are_fetched_again(tmp_path, monkeypatch):
    (tmp_path / "parts.toml").write_text('[one]\nfiles = {"a" = "parts/a.js", "b/*" = "parts/b/"}\n', "utf-8")
    (tmp_path / "program.py").write_text(
        "import os\nos.makedirs('parts/b', exist_ok=True)\n"
        "for name in ('parts/a.js', 'parts/b/x', 'ran'):\n    open(name, 'a').write('.')\n",
        "utf-8",
    )
    (tmp_path / ".venv").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(environment, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(environment, "PYTHON", sys.executable)
    for runs in (1, 1):
        environment.fetch("parts", "parts.toml", "program.py")
        assert len(Path("ran").read_text()) == runs
    for runs, gone in ((2, "parts/a.js"), (3, "parts/b/x")):
        Path(gone).unlink()
        environment.fetch("parts", "parts.toml", "program.py")
        assert len(Path("ran").read_text()) == runs


def test_each_chapter_is_executed_once_and_not_again_until_something_changes(one_page_book):
    root = one_page_book(page_with("open('runs.txt', 'a').write('.');"))
    for _ in range(2):
        assert build(root).returncode == 0
        assert (root / "book/runs.txt").read_text() == "."


def test_kernels_import_the_library_of_the_folder_that_is_built(one_page_book):
    cell = (
        "import pathlib, softmax_lib\nassert pathlib.Path(softmax_lib.__file__).parents[1] == pathlib.Path.cwd().parent"
    )
    result = build(one_page_book(page_with(cell)))
    assert result.returncode == 0, result.stderr


# --- dates


def run_git(folder: Path, *words: str) -> None:
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"]
    environment = {**os.environ, "GIT_COMMITTER_DATE": "2026-03-04T12:00:00Z"}
    subprocess.run(["git", *author, *words], cwd=folder, check=True, capture_output=True, env=environment)


def commit(folder: Path) -> None:
    run_git(folder, "init")
    run_git(folder, "commit", "--allow-empty", "--message", "A commit")


@pytest.fixture
def cloned(tmp_path):
    shutil.copy(ROOT / "_config.yml", tmp_path)
    commit(tmp_path)
    return tmp_path


def test_date_is_that_of_the_commit(cloned):
    assert commit_seconds(cloned) == 1772625600


def test_folder_inside_another_repository_has_neither_its_date_nor_its_address(cloned, monkeypatch):
    run_git(cloned, "remote", "add", "origin", "https://github.com/eve/other")
    inner = cloned / "unpacked"
    inner.mkdir()
    (inner / "_config.yml").write_text(f"repository: {{url: {PLACEHOLDER}}}\n", "utf-8")
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    assert commit_seconds(inner) is None and address(inner) == ""


@pytest.mark.parametrize("kind", ["no git", "no commit", "another owner"])
def test_without_an_answer_of_git_there_is_no_date(tmp_path, monkeypatch, kind):
    if kind == "no git":
        monkeypatch.setenv("PATH", str(tmp_path))
    elif kind == "no commit":
        run_git(tmp_path, "init")
    else:
        commit(tmp_path)
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert commit_seconds(tmp_path) is None


@pytest.mark.parametrize("epoch", ["0", "315532800"])
def test_early_epoch_is_none(epoch):
    assert dated(epoch) is None


def test_copy_without_git_and_address_says_nothing_wrong_and_is_the_same_each_time(one_page_book):
    pages = []
    for folder in ("one", "other"):
        text = (
            page_with("1 + 1") + "\n```{embed} dial\n:title: Dial\n:height: 400\n```\n\n{repository}`The repository`\n"
        )
        root = one_page_book(text, folder=folder, cite="---\norphan: true\n---\n# Cite\n\n```{book-citation}\n```\n")
        result = build(root, SOURCE_DATE_EPOCH="0", **UNKNOWN)
        assert result.returncode == 0, result.stderr
        assert result.stdout.count("is not known here") == 1
        site = root / "_build/html"
        pages.append({path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()})
    assert pages[0] == pages[1]
    texts = {str(path): content.decode("utf-8", "ignore") for path, content in pages[0].items()}
    for path, text in texts.items():
        assert "OWNER/REPOSITORY" not in text and "owner.github.io" not in text, path
        assert "mybinder.org" not in text or path.endswith(".js"), path
        if path.endswith(".html"):
            assert 'rel="canonical"' not in text and "og:url" not in text and "1970" not in text, path
            assert "<time" not in text, path
    assert 'id="live-code"' in texts["book/index.html"]  # Python in the page needs no address
    assert "does not know where it is published" in texts["book/index.html"]  # below the code to fill it in
    assert "2026" in texts["book/index.html"]
    assert "sitemap.xml" not in texts and "Sitemap" not in texts["robots.txt"]
    assert "url = {" not in texts["book/cite.html"] and "@misc" in texts["book/cite.html"]
    assert "year" in texts["book/cite.html"] and "2026" in texts["book/cite.html"]
    assert 'href="/book/index.html"' in texts["404.html"]


# --- the address


def settings(folder: Path, url: object) -> Path:
    (folder / "_config.yml").write_text(f"repository: {{url: {url}}}\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("https://github.com/ada/book/", "write https://github.com/ada/book"),
        ("https://github.com/ada/book.git", "write https://github.com/ada/book"),
        ("http://github.com/ada/book", "write https://github.com/ada/book"),
        ("https://www.github.com/ada/book", "write https://github.com/ada/book"),
        ("github.com/ada/book", "write https://github.com/ada/book"),
        ("'git@github.com:ada/book.git'", "write https://github.com/ada/book"),
        ("https://github.com/ada/book/tree/main", "write https://github.com/ada/book"),
        ("https://gitlab.com/ada/book", "html.baseurl"),
        ("https://github.com.example.org/ada/book", "html.baseurl"),
        ("https://github.com/ada", "html.baseurl"),
        ("ada/book", "html.baseurl"),
        ("5", "html.baseurl"),
    ],
)
def test_address_that_is_none_is_refused_with_the_remedy(tmp_path, url, remedy):
    with pytest.raises(WrongAddress) as refusal:
        address(settings(tmp_path, url))
    assert "repository.url in _config.yml" in str(refusal.value) and url.strip("'") in str(refusal.value)
    assert str(refusal.value).endswith(remedy) or (remedy == "html.baseurl" and remedy in str(refusal.value))


def test_build_refuses_a_wrong_address_in_a_sentence(one_page_book):
    root = one_page_book()
    configure(root, PLACEHOLDER, "https://gitlab.com/ada/book")
    result = build(root)
    assert result.returncode == 1 and "repository.url in _config.yml is 'https://gitlab.com/ada/book'" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "remote",
    [
        "https://github.com/ada/soft.max",
        "https://github.com/ada/soft.max.git",
        "https://ada:secret@github.com/ada/soft.max.git",
        "git@github.com:ada/soft.max.git",
        "ssh://git@github.com/ada/soft.max.git",
        "ssh://git@ssh.github.com:443/ada/soft.max.git",
        "git://github.com/ada/soft.max.git/",
    ],
)
def test_placeholder_gives_way_to_the_remote_origin(cloned, monkeypatch, remote):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    settings(cloned, PLACEHOLDER)
    run_git(cloned, "remote", "add", "origin", remote)
    assert address(cloned) == "https://github.com/ada/soft.max"


@pytest.mark.parametrize(
    "remote", ["https://gitlab.com/ada/book.git", "../book", "/srv/github.com/ada/book", PLACEHOLDER]
)
def test_origin_elsewhere_is_no_address(cloned, monkeypatch, remote):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    run_git(cloned, "remote", "add", "origin", remote)
    assert address(settings(cloned, PLACEHOLDER)) == ""


def test_runner_of_github_says_the_address_and_the_settings_overrule_it(tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", "fork/book")
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    assert address(settings(tmp_path, PLACEHOLDER)) == "https://github.com/fork/book"
    assert address(settings(tmp_path, "https://github.com/ada/book")) == "https://github.com/ada/book"
    settings(tmp_path, PLACEHOLDER)
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://codeberg.org")
    assert address(tmp_path) == ""
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "book")
    with pytest.raises(WrongAddress, match="GITHUB_REPOSITORY in the environment is 'book'"):
        address(tmp_path)


@pytest.mark.parametrize(
    ("repository", "site"),
    [
        ("some-body/soft.max", "https://some-body.github.io/soft.max/"),
        ("ada/ada.github.io", "https://ada.github.io/"),
        ("Ada/Ada.GitHub.io", "https://ada.github.io/"),
        ("Ada/Book", "https://ada.github.io/Book/"),
    ],
)
def test_address_of_the_site_follows_the_repository(repository, site):
    assert site_address(f"https://github.com/{repository}") == site


def test_host_of_ones_own_is_a_whole_address():
    assert own_host("https://book.example.org") == own_host("https://book.example.org/") == "https://book.example.org/"
    with pytest.raises(Exception, match=r"html\.baseurl in _config\.yml is 'book\.example\.org'"):
        own_host("book.example.org")
