"""Copy the repository's address from _config.yml to the files that quote it.

    python tools/address.py            write
    python tools/address.py --check    only tell which files differ
"""

import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
QUOTING = ["CITATION.cff", "README.md", "CONTRIBUTING.md", "pyproject.toml"]
ADDRESS = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+?(?=(?:\.git)?(?:[\s\"')>/]|$))(?=[^\n]*)")


def main(write: bool) -> int:
    address = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["repository"]["url"]
    differing = 0
    for name in QUOTING:
        path = ROOT / name
        text = path.read_text("utf-8")
        changed = ADDRESS.sub(address, text)
        if changed != text:
            differing += 1
            print(f"{name}: {'address written' if write else 'has another address than _config.yml'}")
            if write:
                path.write_text(changed, "utf-8")
    return 0 if write else differing


if __name__ == "__main__":
    sys.exit(main(write="--check" not in sys.argv))
