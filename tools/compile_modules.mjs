// node compile_modules.mjs FOLDER STAND-INS: what cells import from the wheels and the library there becomes compiled
// modules, and Matplotlib gets its list of fonts. By Pyodide itself, since only the same Python reads them. Those that
// nothing imports stay as they are: compiled they are twice as large. The standard library's lose their docstrings,
// which makes room for NumPy's.
import { pathToFileURL } from "node:url";

const [folder, standIns] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
process.on("uncaughtException", ({ message }) => {
  // Node would print the line of the error: here a million characters
  console.error(message);
  process.exit(1);
});
const pyodide = await loadPyodide({
  indexURL: folder,
  packages: ["anywidget", "matplotlib"],
  env: { PYTHONHASHSEED: "0", MPLBACKEND: "agg" },
});
for (const [place, root] of [
  ["/parts", folder],
  ["/stand-ins", standIns],
]) {
  pyodide.FS.mkdir(place);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root }, place);
}
pyodide.runPython(`
import importlib._bootstrap_external as bootstrap
import sys
import zipfile
from pathlib import Path

sys.path.append("/stand-ins")
def imported():
    return {module.__spec__.origin for module in list(sys.modules.values()) if getattr(module, "__spec__", None)}

import anywidget, html, numpy
used = imported()  # at the press
import matplotlib.backends.backend_svg, matplotlib.pyplot
from matplotlib import font_manager
used |= {origin for origin in imported() if not any(part in str(origin) for part in ("/numpy/", "python312.zip"))}
fonts = Path(font_manager.__file__).with_name("fontlist.json").read_bytes()  # the wheel's own is of another version

for path in sorted([*Path("/parts").glob("*.whl"), *Path("/parts").glob("*.zip")]):
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    if path.name.startswith("matplotlib-"):
        entries["matplotlib/fontlist.json"] = fonts
    standard = path.suffix == ".zip"
    place = "/lib/python312.zip/" if standard else "/lib/python3.12/site-packages/"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(entries.items()):
            if name.endswith(".py") and place + name in used:
                code = compile(content, place + name, "exec", dont_inherit=True, optimize=2 if standard else 0)
                name, content = name + "c", bootstrap._code_to_hash_pyc(code, bytes(8), checked=False)
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
`);
