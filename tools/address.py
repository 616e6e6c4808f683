"""Copy the repository's address from _config.yml to the files that quote it."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
QUOTING = ["CITATION.cff", "README.md", "book/index.md"]
ADDRESS = re.compile(r"https://github\.com/[\w.-]+/[\w.-]*\w")


def differing(root: Path) -> list[str]:
    return [name for name in QUOTING if rewritten(root, name) != (root / name).read_text("utf-8")]


def write(root: Path) -> None:
    for name in differing(root):
        (root / name).write_text(rewritten(root, name), "utf-8")
        print(f"address written to {name}")


def rewritten(root: Path, name: str) -> str:
    address = yaml.safe_load((root / "_config.yml").read_text("utf-8"))["repository"]["url"]
    return ADDRESS.sub(address, (root / name).read_text("utf-8"))


if __name__ == "__main__":
    write(ROOT)
