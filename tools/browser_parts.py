"""Fetch the browser parts: `npm pack` each, check its sha512, take the files that browser-parts.toml names.

python tools/browser_parts.py [PART ...]    all parts if none is named
"""

import base64
import fnmatch
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NPM = shutil.which("npm", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


def main(names: list[str]) -> None:
    parts = tomllib.loads((ROOT / "browser-parts.toml").read_text("utf-8"))
    for name in names or parts:
        part = parts[name]
        with tempfile.TemporaryDirectory() as folder:
            tarball = pack(part["package"], part["version"], Path(folder))
            check(name, tarball, part["sha512"])
            for pattern, target in part["files"].items():
                take(tarball, pattern, target)


def pack(package: str, version: str, folder: Path) -> Path:
    specification = f"{package}@{version}"
    done = subprocess.run([NPM, "pack", "--silent", "--prefer-offline", specification], cwd=folder)
    if done.returncode != 0:
        sys.exit(f"npm pack {specification} failed")
    (tarball,) = folder.glob("*.tgz")
    return tarball


def check(name: str, tarball: Path, expected: str) -> None:
    found = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != expected:
        sys.exit(
            f"sha512 of {name} is {found}, expected {expected}; the package changed: do not use it before you know why"
        )


def take(tarball: Path, pattern: str, target: str) -> None:
    """Copy the package's files that match; a target with a final slash is a folder."""
    taken = 0
    with tarfile.open(tarball) as archive:
        for member in archive:
            if fnmatch.fnmatch(member.name, f"package/{pattern}") and member.isfile():
                path = ROOT / target / Path(member.name).name if target.endswith("/") else ROOT / target
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(archive.extractfile(member).read())
                taken += 1
    if not taken:
        sys.exit(f"{pattern} matches no file of {tarball.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
