"""Python in the page: copy what tools/page_python.py assembled to the site, and pack what cells import of this book.

Without the parts the book builds all the same, and says that live code needs Binder or a Jupyter server.

Why ours: JupyterLite's extension brings half as many bytes again, takes twice the time, and hangs in an endless loop.
"""

import json
import os
import re
import shutil
import zipfile
from importlib.util import find_spec
from pathlib import Path

from sphinx.util import logging

PARTS = "book/assets/parts/page-python"
OURS = "book/assets/page-python"
TARGET = "_static/page-python"
BOOK = ["book/tables.py", "book/plots/*.py", "book/experiments/*.py", "book/data/*", "softmax_lib/**/*"]
FILES = ["pyodide.asm.wasm", "python_stdlib.zip"]  # what a press loads beside packages
IMPORT = re.compile(r"^ *(?:from|import) (\w+)", re.M)
OLDEST = (1980, 1, 1, 0, 0, 0)  # when time begins for zip files
log = logging.getLogger(__name__)


def is_there(root):
    return Path(root, PARTS).is_dir()


def write_parts(app, exception):
    if exception or app.builder.format != "html":
        return
    root, target = Path(app.confdir), Path(app.outdir, TARGET)
    if not is_there(root):
        log.info("live code needs Binder or a Jupyter server: the parts of Python for the page are not there")
        return
    shutil.copytree(root / PARTS, target / "python", dirs_exist_ok=True)
    for path in (root / OURS).glob("*.mjs"):
        shutil.copy(path, target)
    shutil.copytree(os.environ["BOOK_RESULTS"], target / "results", dirs_exist_ok=True)
    pack_book(root, target / "book.zip")
    extend_lock(target)


def pack_book(root, target):
    """What cells import of this repository, the kernel, and the digits, without the 26 MB of their package."""
    found = {path.relative_to(root).as_posix(): path for pattern in BOOK for path in root.glob(pattern)}
    found |= {path.relative_to(root / OURS).as_posix(): path for path in (root / OURS).rglob("*.py")}
    found["book/data/digits.csv.gz"] = Path(find_spec("sklearn").origin).with_name("datasets") / "data/digits.csv.gz"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in sorted(found.items()):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.writestr(zipfile.ZipInfo(name, OLDEST), path.read_bytes(), zipfile.ZIP_DEFLATED)


def extend_lock(target):
    """What worker.mjs needs to know beside Pyodide: how large each file is, and which package provides a module."""
    path = target / "python/pyodide-lock.json"
    lock = json.loads(path.read_text("utf-8"))
    for package in lock["packages"].values():
        package["size"] = (target / "python" / package["file_name"]).stat().st_size
        package["depends"] = [re.sub(r"[-_.]+", "-", need).lower() for need in package["depends"]]
    provides = {module: name for name, package in lock["packages"].items() for module in package["imports"]}
    lock["provides"] = {module: [name] for module, name in provides.items()} | needs(target / "book.zip", provides)
    lock["files"] = {name: (target / "python" / name).stat().st_size for name in FILES}
    lock["files"]["../book.zip"] = (target / "book.zip").stat().st_size
    lock["results"] = sorted(path.name for path in (target / "results").iterdir())
    path.write_text(json.dumps(lock) + "\n", "utf-8")


def needs(book, provides):
    """The packages that each of this repository's own packages and modules imports somewhere."""
    found = {}
    with zipfile.ZipFile(book) as archive:
        for name in archive.namelist():
            own = name.removeprefix("book/").removesuffix(".py").split("/")[0]
            if name.endswith(".py") and own != "kernel":
                modules = set(IMPORT.findall(archive.read(name).decode()))
                found.setdefault(own, set()).update(provides[module] for module in modules & provides.keys())
    return {own: sorted(packages) for own, packages in found.items()}


def setup(app):
    app.connect("build-finished", write_parts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
