"""Fetch Biome, which formats and lints scripts and style sheets, into .venv/bin: the program for this machine."""

import platform
import sys
import tempfile
import tomllib
from pathlib import Path

import browser_parts

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ".venv/bin/biome"
PROCESSORS = {"x86_64": "x64", "aarch64": "arm64"}  # as npm calls them


def main() -> None:
    biome = tomllib.loads((ROOT / "requirements/biome.toml").read_text("utf-8"))
    machine = f"{sys.platform}-{PROCESSORS.get(platform.machine(), platform.machine())}"
    if machine not in biome["sha512"]:
        sys.exit(f"requirements/biome.toml names no Biome for {machine}")
    with tempfile.TemporaryDirectory() as folder:
        tarball = browser_parts.pack(f"@biomejs/cli-{machine}", biome["version"], Path(folder))
        browser_parts.check("biome", tarball, biome["sha512"][machine])
        browser_parts.take(tarball, "biome", PROGRAM)
    (ROOT / PROGRAM).chmod(0o755)


if __name__ == "__main__":
    main()
