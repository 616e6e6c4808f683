"""Open the chapters as notebooks in a JupyterLab on this machine."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def command(*options: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={ROOT}",
        "--LabApp.default_url=/lab/tree/book/index.ipynb",
        *options,
    ]


if __name__ == "__main__":
    subprocess.run([sys.executable, "-m", "launching.notebooks"], cwd=ROOT / "book/extensions", check=True)
    os.execv(sys.executable, command(*sys.argv[1:]))
