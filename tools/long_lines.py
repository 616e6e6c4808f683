"""Name the lines of code that are too long, where no linter does: scripts, style sheets, templates, settings.

    python tools/long_lines.py

Ruff names those of Python; prose and data may have long ones.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 120
CODE = {".mjs", ".js", ".css", ".html", ".toml", ".yml", ".cff", ".jsonc"}
SCRIPTS = {"Makefile", ".ci/run", "binder/postBuild", "binder/start"}


def main() -> int:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = [line for name in listed.stdout.split("\0") if is_code(name) for line in long_lines(ROOT, name)]
    print("".join(f"{line}\n" for line in found), end="")
    return 1 if found else 0


def is_code(name: str) -> bool:
    return name in SCRIPTS or Path(name).suffix in CODE


def long_lines(root: Path, name: str) -> list[str]:
    lines = (root / name).read_text("utf-8").splitlines()
    return [
        f"{name}:{number}: {len(line)} characters, {LONGEST} at most"
        for number, line in enumerate(lines, start=1)
        if len(line) > LONGEST
    ]


if __name__ == "__main__":
    sys.exit(main())
