"""What pip installs, from a clone and from what `make package` packs, in environments that have nothing else."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

from softmax_lib import live
from support import FIGURES, ROOT

pytestmark = pytest.mark.slow
UV = [sys.executable, "-m", "uv", "--quiet"]
BUNDLES = "import json, softmax_lib.live as live; print(json.dumps({name: live.bundle(name) for name in %r}))"
MODULES = [figure.module for figure in FIGURES]
LINK = re.compile(r"\]\((\S+?)\)")
PACKED = ["LICENSE", "MANIFEST.in", "README.md", "browser-parts.toml", "pyproject.toml"]


def run(*command, folder: Path) -> str:
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """What the repository holds, and nothing that was fetched into it."""
    folder = tmp_path_factory.mktemp("clone")
    for name in run("git", "ls-files", "--cached", "--others", "--exclude-standard", folder=ROOT).splitlines():
        if (ROOT / name).is_file() and name.split("/")[0] in (*PACKED, "softmax_lib", "tools"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    assert not (folder / "softmax_lib/live/base/parts").exists()
    return folder


@pytest.fixture(scope="module")
def packed(clone) -> dict[str, Path]:
    run(sys.executable, "-m", "build", "--installer", "uv", folder=clone)  # the wheel from the source distribution
    (wheel,), (source,) = (clone / "dist").glob("*.whl"), (clone / "dist").glob("*.tar.gz")
    return {"clone": clone, "wheel": wheel, "source distribution": source}


def python_with(what: str, folder: Path) -> Path:
    run(*UV, "venv", folder / "venv", "--python", sys.executable, folder=folder)
    run(*UV, "pip", "install", "--python", folder / "venv", what, folder=folder)
    return folder / "venv/bin/python"


@pytest.mark.parametrize("kind", ["clone", "wheel", "source distribution"])
def test_figures_are_whole_where_pip_has_installed_them(packed, tmp_path, kind):
    shutil.rmtree(packed["clone"] / "softmax_lib/live/base/parts", ignore_errors=True)
    python = python_with(f"{packed[kind]}[live]", tmp_path)
    bundles = json.loads(run(python, "-c", BUNDLES % MODULES, folder=tmp_path))
    assert bundles == {name: live.bundle(name) for name in MODULES}


def test_without_the_extra_the_library_works_and_the_figures_name_it(packed, tmp_path):
    python = python_with(str(packed["wheel"]), tmp_path)
    assert (
        run(python, "-c", "from softmax_lib import softmax; print(softmax([0, 0]))", folder=tmp_path) == "[0.5 0.5]\n"
    )
    done = subprocess.run([python, "-c", "import softmax_lib.live"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1 and "pip install 'softmax-lib[live]'" in done.stderr.splitlines()[-1]


def test_metadata_says_where_to_ask_and_links_lead_somewhere_from_everywhere(packed):
    with zipfile.ZipFile(packed["wheel"]) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_string(wheel.read(name).decode())
    assert {"Repository", "Changelog", "Issues"} == {url.partition(",")[0] for url in metadata.get_all("Project-URL")}
    assert metadata["Author"] and metadata["Keywords"]
    assert "Typing :: Typed" in metadata.get_all("Classifier")
    assert metadata.get_all("Provides-Extra") == ["live"]
    links = LINK.findall(metadata.get_payload())
    assert len(links) > 4 and all(link.startswith("https://") for link in links)
