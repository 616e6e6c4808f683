"""What launching needs: the repository as Binder's image holds it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support import BINDER, ROOT


@pytest.fixture(scope="session")
def repository(tmp_path_factory) -> Path:
    """A copy of the committed files, after postBuild: what Binder's image holds."""
    copy = tmp_path_factory.mktemp("binder") / "repository"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in tracked.rstrip("\0").split("\0"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    result = subprocess.run([copy / "binder/postBuild"], cwd=copy, env={**os.environ, **BINDER}, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return copy
