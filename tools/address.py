"""Copy the repository's address from _config.yml to the files that quote it."""

import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book/extensions"))

from publishing.repository import WrongAddress, checked  # noqa: E402

QUOTING = ["CITATION.cff", "README.md", "pyproject.toml"]
ADDRESS = re.compile(r"https://github\.com/[\w.-]+/[\w.-]*\w")


def differing(root: Path) -> list[str]:
    return [name for name in QUOTING if rewritten(root, name) != (root / name).read_text("utf-8")]


def write(root: Path) -> None:
    for name in differing(root):
        (root / name).write_text(rewritten(root, name), "utf-8")
        print(f"address written to {name}")


def rewritten(root: Path, name: str) -> str:
    configured = yaml.safe_load((root / "_config.yml").read_text("utf-8"))["repository"]["url"]
    return ADDRESS.sub(checked(configured), (root / name).read_text("utf-8"))


if __name__ == "__main__":
    try:
        write(ROOT)
    except WrongAddress as error:
        sys.exit(str(error))
