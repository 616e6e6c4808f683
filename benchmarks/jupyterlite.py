"""Build a stock JupyterLite with the release of Pyodide that the book ships: all of it comes from this machine."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import page_python  # noqa: E402

NEEDED = ["ipython", "micropip", "numpy", "sqlite3", "ssl"]  # by its kernel, and by the cell that is measured
CELL = "%pip install -q anywidget\nimport anywidget, numpy as np\nprint(np.arange(3) + 41)"  # what a figure imports
OUTPUT = "[41 42 43]"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"


def build(folder: Path) -> Path:
    """Build it below a folder; returns the site."""
    site = folder / "jupyterlite"
    parts = tomllib.loads((ROOT / "browser-parts.toml").read_text("utf-8"))["pyodide"]
    pure = page_python.pure_wheels([*parts["packages"]["pure"], "jupyterlab-widgets"])  # else it would ask PyPI
    program = [Path(sys.executable).parent / "jupyter-lite", "build", "--apps", "repl", "--output-dir", site]
    wheels = [word for wheel in pure.values() for word in ("--piplite-wheels", wheel)]
    run([*program, "--no-sourcemaps", *wheels], folder)
    run(["npm", "install", "--silent", "--no-audit", "--ignore-scripts", f"pyodide@{parts['version']}"], folder)
    core = shutil.copytree(folder / "node_modules/pyodide", site / "static/pyodide")
    official = json.loads((core / page_python.LOCK).read_text("utf-8"))
    entries = page_python.closure(official["packages"], NEEDED, set())
    for entry, content in page_python.checked(entries, map(page_python.carrier, parts["packages"]["carriers"])):
        (core / entry["file_name"]).write_bytes(content)
    page_python.write_lock(core, official, entries)  # of the others it takes PyPI's wheels
    settings = json.loads((site / "jupyter-lite.json").read_text("utf-8"))
    own = settings["jupyter-config-data"]["litePluginSettings"][KERNEL]
    own.update(pyodideUrl="./static/pyodide/pyodide.js", disablePyPIFallback=True)
    (site / "jupyter-lite.json").write_text(json.dumps(settings), "utf-8")
    (site / "_headers").write_text("/*\n", "utf-8")
    return site


def run(command: list[str | Path], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
