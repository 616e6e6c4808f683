"""Resolve the packages of pyproject.toml into hashed locks that serve every supported Python."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = "3.11"


def lock(extra: str, output: str, *constraints: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header",
         "--no-annotate", "--upgrade", "--python-version", OLDEST_PYTHON, "--extra", extra,
         *(word for path in constraints for word in ("--constraint", path)), "--output-file", output, "pyproject.toml"],
        cwd=ROOT, check=True)


if __name__ == "__main__":
    book = "requirements/book.txt"
    lock("book", book)
    lock("test", "requirements/test.txt", book)
    lock("chapters", "binder/requirements.txt", book)
