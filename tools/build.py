"""Build the book strictly: a warning is an error, and nothing of an earlier build can hide one.

python tools/build.py [FOLDER]    FOLDER holds _config.yml and _toc.yml; this repository if none is named
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STRICT = ["--warningiserror", "--nitpick", "--keep-going"]
TOLD = re.compile(r"^(executing|executed) ")
JUPYTER_BOOKS_OWN_TRACEBACK = re.compile(r'Traceback \(most recent call last\):\n  File ".*/jupyter_book/')


def main(folder: Path) -> int:
    started = time.monotonic()
    build = folder / "_build"
    for leftover in (build / "html", build / ".doctrees"):
        shutil.rmtree(leftover, ignore_errors=True)
    command = [Path(sys.executable).parent / "jupyter-book", "build", *STRICT, folder]
    with tempfile.TemporaryFile("w+") as complaints:
        with subprocess.Popen(
            command, env=environment(folder), text=True, stdout=subprocess.PIPE, stderr=complaints
        ) as process:
            for line in process.stdout:
                if TOLD.match(line):
                    print(line, end="", flush=True)
        complaints.seek(0)
        warnings, *_ = JUPYTER_BOOKS_OWN_TRACEBACK.split(complaints.read(), maxsplit=1)
    print(warnings, end="", file=sys.stderr)
    if process.returncode:
        print("\nThe book was not built: see the warnings above.", file=sys.stderr)
        return 1
    print(f"built in {time.monotonic() - started:.0f} s: open {build / 'html/index.html'} or run `make serve`")
    return 0


def environment(folder: Path) -> dict[str, str]:
    """The same bytes from the same commit: its date instead of today's, and one order of hashes."""
    commit_time = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=folder, capture_output=True, text=True)
    return {"SOURCE_DATE_EPOCH": commit_time.stdout.strip() or "0", "PYTHONHASHSEED": "0", **os.environ}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT))
