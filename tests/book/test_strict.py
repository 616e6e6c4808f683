"""`make book` on one-page books that use the real configuration: what must pass passes, each defect fails by name."""

import filecmp
import os
import subprocess
import sys
from pathlib import Path

import pytest

from one_page import CODE, PROSE, SOUND, build
from support import REPOSITORY

DEFECTS = {
    "a cell that raises": ("plt.bar(", "plt.bar(1 / 0, ", "division by zero"),
    "an unknown directive": ("## A place", "## A place\n\n```{nothing}\n```", "Unknown directive"),
    "a label used twice": ("## A place", "## A place\n\n(a-place)=\n## Again", "a-place"),
    "an image without alternative text": (
        "    alt: One bar for each of two probabilities.",
        "    width: 50%",
        "alternative text",
    ),
    "a formula that cannot be read": ("$e^{z/T}$", r"$\frac{1$", "KaTeX parse error"),
    "a figure embedded without its height": (
        "## A place",
        "## A place\n\n```{embed} dial\n:title: Dial\n```",
        ":title: and :height:",
    ),
    "a missing icon": ("## A place", '## A place\n\n<i class="fa-solid fa-no-such-thing"></i>', "no-such-thing"),
}


def test_sound_page_builds_to_the_same_bytes_and_runs_again_only_when_the_library_changes(one_page_book):
    root, other = one_page_book(SOUND), one_page_book(SOUND, folder="the-same-again")
    first = build(root)
    assert first.returncode == 0, first.stderr
    assert "executing index.md" in first.stdout and "open " in first.stdout
    assert (root / "_build/html/book/index.html").exists()
    assert build(other).returncode == 0
    assert differences(root / "_build/html", other / "_build/html") == []

    assert "executing" not in build(root).stdout
    with (root / "softmax_lib/functions.py").open("a") as file:
        file.write("\n# an edit\n")
    assert "executing index.md" in build(root).stdout


@pytest.mark.parametrize("defect", DEFECTS)
def test_defect_fails_and_names_its_file(one_page_book, defect):
    sound, broken, word = DEFECTS[defect]
    page = SOUND if sound in CODE else PROSE
    assert page.count(sound) == 1
    result = build(one_page_book(page.replace(sound, broken)))
    assert result.returncode != 0
    assert word in result.stderr
    assert "index" in result.stderr or defect == "a missing icon"
    assert "Traceback (most recent call last):\n  File" not in result.stderr


def test_page_missing_from_the_contents_fails(one_page_book):
    result = build(one_page_book(orphan="# Nobody links here\n"))
    assert result.returncode != 0 and "orphan.md" in result.stderr


def test_broken_reference_fails_in_the_second_build_too(one_page_book):
    root = one_page_book(PROSE.replace("<a-place>", "<no-place>"))
    for result in (build(root), build(root)):
        assert result.returncode == 1 and "no-place" in result.stderr and "index" in result.stderr


def test_hub_in_the_configuration_is_offered_beside_binder(one_page_book):
    root = one_page_book(SOUND)
    configuration = (root / "_config.yml").read_text("utf-8")
    (root / "_config.yml").write_text(
        configuration.replace("launch_buttons:\n", "launch_buttons:\n  jupyterhub_url: https://hub.example.org\n"),
        "utf-8",
    )
    assert build(root).returncode == 0
    page = (root / "_build/html/book/index.html").read_text("utf-8")
    assert f'href="https://mybinder.org/v2/gh/{REPOSITORY}/main?urlpath=lab/tree/book/index.ipynb"' in page
    name = REPOSITORY.rpartition("/")[2]
    pull = f"repo=https%3A//github.com/{REPOSITORY}&urlpath=lab/tree/{name}/book/index.md&branch=main"
    assert pull in page.split("https://hub.example.org/hub/user-redirect/git-pull?")[1]


def test_a_changed_page_changes_the_bytes(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text(name, "utf-8")
    assert differences(tmp_path / "one", tmp_path / "other") == ["page.html"]


def differences(one: Path, other: Path) -> list[str]:
    names = {str(path.relative_to(site)) for site in (one, other) for path in site.rglob("*") if path.is_file()}
    return sorted(
        name
        for name in names
        if not (
            (one / name).exists() and (other / name).exists() and filecmp.cmp(one / name, other / name, shallow=False)
        )
    )


def test_plain_sphinx_builds_the_same_configuration(one_page_book):
    root = one_page_book(SOUND)
    programs = Path(sys.executable).parent
    for command in (
        ["jupyter-book", "config", "sphinx", "."],
        ["sphinx-build", "-W", "-n", "--keep-going", "-q", "-b", "html", ".", "_build/html"],
    ):
        result = subprocess.run(
            [programs / command[0], *command[1:]],
            cwd=root,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "book/extensions")])},
            timeout=300,
        )
        assert result.returncode == 0, result.stderr
    assert (root / "_build/html/book/index.html").exists()
