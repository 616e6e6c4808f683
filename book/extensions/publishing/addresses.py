"""Give our scripts names that every server knows, and addresses that change with their content.

nginx's own table of types has no `.mjs`, and a browser runs no module of unknown type: on the site modules are `.js`.
Scripts and their data lie in one folder named after what is in it, so that no page meets the scripts of another
edition in a cache. Inside it, relative imports stay as they are.

Why ours: Sphinx marks an edition by a query behind the name, which the imports of a module do not carry.
"""

import hashlib
import re
import shutil
from pathlib import Path

SCRIPTS = ["live", "live-code", "page-python", "thebe"]  # folders of _static
MODULES = ["live*/**/*.mjs", "live*/**/*.js", "page-python/**/*.mjs"]
IMPORTED = re.compile(r"(?<=[\w-])\.mjs(?=[\"'])")
NAMED = re.compile(r'((?:\bmodule="|_static/live/)[\w/-]+)\.mjs(?=")')
# as built now, or left by a build before
PLACE = re.compile(rf"\b_static/(?:scripts-\w+/)?(?=(?:{'|'.join(SCRIPTS)})/)")


def move_scripts(app, exception):
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    static = site / "_static"
    for earlier in static.glob("scripts-*"):
        shutil.rmtree(earlier)
    folder = f"scripts-{fingerprint(static)}"
    (static / folder).mkdir()
    for name in SCRIPTS:
        if (static / name).exists():  # Python for the page may not have been had
            (static / name).rename(static / folder / name)
    for page in site.rglob("*.html"):
        text = NAMED.sub(r"\1.js", page.read_text("utf-8"))
        page.write_text(PLACE.sub(f"_static/{folder}/", text), "utf-8")


def rename_modules(app, exception):
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    for path in [path for pattern in MODULES for path in static.glob(pattern)]:
        path.write_text(IMPORTED.sub(".js", path.read_text("utf-8")), "utf-8")
        path.rename(path.with_suffix(".js"))


def fingerprint(static: Path) -> str:
    content = hashlib.sha256()
    for path in sorted(path for name in SCRIPTS for path in (static / name).rglob("*") if path.is_file()):
        content.update(
            f"{path.relative_to(static).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
        )
    return content.hexdigest()[:8]


def setup(app):
    # after the unused are deleted, before the scripts are made small, moved, and the policy is written
    app.connect("build-finished", rename_modules, priority=872)
    app.connect("build-finished", move_scripts, priority=880)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
