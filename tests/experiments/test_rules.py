"""What holds for every experiment: it is typed, and stands on the core alone."""

import ast
import subprocess
import sys

import pytest

from support import ROOT

MODULES = sorted((ROOT / "book/experiments").glob("*.py"))
ALLOWED = {"gguf", "numpy", "softmax_lib", "tokenizers", *sys.stdlib_module_names}


@pytest.mark.slow
def test_library_and_experiments_pass_strict_typing(tmp_path):
    checked = [ROOT / "softmax_lib", *MODULES]
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), *map(str, checked)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stdout


def imported(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [
        f"{node.module}.{alias.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom) and not node.level
        for alias in node.names
    ]
    return {"softmax_lib.live" if name.startswith("softmax_lib.live") else name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_experiment_stands_on_the_core_alone(path):
    assert imported(path.read_text("utf-8")) <= ALLOWED


def test_figures_are_not_the_core():
    assert not imported("from softmax_lib.live.dial import Dial") <= ALLOWED
    assert not imported("from softmax_lib import live") <= ALLOWED
