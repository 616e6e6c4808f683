"""Resolve the packages of pyproject.toml into hashed locks that serve every supported Python."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = "3.11"
LEFT_OUT = "rfc3987-syntax"  # jsonschema would import it in every process: 1.2 s, for a format that nothing here checks


def lock(output: str, *words: str) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--generate-hashes",
            "--no-header",
            "--no-annotate",
            "--upgrade",
            "--python-version",
            OLDEST_PYTHON,
            "--no-emit-package",
            LEFT_OUT,
            "--output-file",
            output,
            *words,
        ],
        cwd=ROOT,
        check=True,
    )


def lock_group(group: str, output: str, *words: str) -> None:
    """With the package's own requirements, those of its live figures included."""
    lock(output, "pyproject.toml", "--extra", "live", "--group", group, *words)


if __name__ == "__main__":
    book = "requirements/book.txt"
    lock("requirements/uv.txt", "--group", "uv")
    lock("requirements/lowest.txt", "--group", "lowest")
    lock_group("book", book)
    lock_group("test", "requirements/test.txt", "--constraint", book)
    lock_group("chapters", "binder/requirements.txt", "--constraint", book)
