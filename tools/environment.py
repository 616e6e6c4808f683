"""Set up `.venv` for one job: python3 tools/environment.py book|live|pdf|lint|test|test-quick|test-lowest|bench.

All tests also need `.venv-binder`, Binder's environment as repo2docker would build it; `test-lowest` has
`.venv-lowest`, with the oldest NumPy that the library promises to work with.

Runs on the system's Python with the standard library alone. What is already there is left alone, so a second
run needs no network.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)
UV = os.path.join("requirements", "uv.txt")  # installs the others, in seconds where pip takes minutes
LOCKS = ["book", "model", "test"]  # each needs those before it
PIP = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
CANNOT_INSTALL = (
    "The packages of %s could not be installed (see above). They come from PyPI: check the network "
    "and run the same command again."
)


def main(name):
    if sys.version_info < OLDEST:
        stop(
            "Python %d.%d or newer is needed; this is %d.%d. Name a newer one: make book PYTHON=python3.12"
            % (OLDEST + sys.version_info[:2])
        )
    os.chdir(ROOT)
    create_venv(VENV)
    once("uv", [UV], lambda: run([PYTHON] + PIP + ["--require-hashes", "--requirement", UV], CANNOT_INSTALL % UV))
    for lock in LOCKS[:2] if name == "book" else LOCKS:
        install(os.path.join("requirements", lock + ".txt"), "--require-hashes", "--no-deps")  # a lock is complete
    if name == "bench":
        install(os.path.join("requirements", "bench.txt"))
    fetch("the browser parts", "browser-parts.toml", "tools/browser_parts.py")
    assemble_page_python()
    if name == "lint":
        fetch("Biome", "requirements/biome.toml", "tools/biome.py")
    if name in ("pdf", "test", "bench"):
        run([PYTHON, "tools/browser.py", "chromium"], "No browser (see above).")
    if name == "test":
        run([PYTHON, "tools/browser.py", "firefox"], "No Firefox (see above).")
        rebuild_binder()
    if name == "test-lowest":
        fresh_venv(".venv-lowest", "requirements/lowest.txt")


def create_venv(folder, python=sys.executable):
    interpreter = os.path.join(folder, "bin", "python")
    if os.path.exists(interpreter) and subprocess.run([interpreter, "-c", ""]).returncode == 0:
        return
    say("creating " + os.path.basename(folder))
    shutil.rmtree(folder, ignore_errors=True)
    run(
        [python, "-m", "venv", folder],
        "Python cannot create a virtual environment. On Debian and Ubuntu: apt-get install python3-venv",
    )


def install(requirements, *options):
    """Install listed packages and this repository's own, once for each state of the two."""

    def do():
        say("installing the packages of " + requirements)
        uv_or_pip(PYTHON, requirements, "--requirement", requirements, *options)
        uv_or_pip(PYTHON, "pyproject.toml", "--no-deps", "--no-build-isolation", "--editable", ".")

    once(os.path.basename(requirements), [requirements, "pyproject.toml"], do)


def uv_or_pip(python, source, *words):
    """Install what a file names, by uv; if it fails, by pip, which knows a company's own index and other settings."""
    uv = [PYTHON, "-m", "uv", "--quiet", "pip", "install", "--compile-bytecode", "--python", python]
    if subprocess.run(uv + list(words), capture_output=True).returncode != 0:
        run([python] + PIP + list(words), CANNOT_INSTALL % source)


def fresh_venv(name, *locks, python=sys.executable, told_by=()):
    """An environment beside `.venv` with the packages of these locks alone, for the Python that files tell of."""
    folder = os.path.join(ROOT, name)

    def do():
        shutil.rmtree(folder, ignore_errors=True)
        create_venv(folder, python)
        for lock in locks:
            say("installing the packages of " + lock)
            uv_or_pip(os.path.join(folder, "bin", "python"), lock, "--require-hashes", "--requirement", lock)

    once("locks", [*locks, *told_by], do, folder)


def rebuild_binder():
    """What repo2docker does for binder/: the packages that it always installs, then those of binder/requirements.txt.

    Its last step, binder/postBuild, changes the repository's folder: the tests take it in a copy.
    """
    theirs, ours, runtime = "requirements/repo2docker.txt", "binder/requirements.txt", "binder/runtime.txt"
    with open(runtime) as file:
        python = shutil.which(file.read().strip().replace("-", "")) or sys.executable
    # repo2docker takes the same ones as theirs from conda
    fresh_venv(".venv-binder", theirs, ours, python=python, told_by=[runtime])


def fetch(what, listed, program):
    def do():
        say("fetching %s of %s" % (what, listed))
        run(
            [PYTHON, program],
            "Could not fetch %s from the npm registry (see above): check the network and run the "
            "same command again." % what,
        )

    if not all(map(filled, targets(listed))):  # .venv remembers, but the parts lie outside of it
        forget(os.path.basename(listed))
    once(os.path.basename(listed), [listed, program], do)


def targets(listed):
    """The files and folders that a list of browser parts says it brings."""
    import tomllib  # not there in the old versions that main() refuses

    with open(listed, "rb") as file:
        parts = tomllib.load(file).values()
    return [target for part in parts if isinstance(part, dict) for target in part.get("files", {}).values()]


def filled(path):
    return bool(os.listdir(path)) if os.path.isdir(path) else os.path.exists(path)


def forget(name):
    stamp = os.path.join(VENV, name + ".stamp")
    if os.path.exists(stamp):
        os.remove(stamp)


def assemble_page_python():
    """Without it the book builds too: live code then needs Binder or a Jupyter server."""
    inputs = ["browser-parts.toml", "requirements/book.txt", "tools/page_python.py", "tools/compile_modules.mjs"]

    def do():
        say("assembling Python for the page")
        # where it fails, it says why, and is tried again next time
        return subprocess.run([PYTHON, "tools/page_python.py"]).returncode == 0

    if not filled("book/assets/parts/page-python"):
        forget("page-python")
    once("page-python", inputs, do)


def once(name, inputs, do, folder=None):
    """Do it unless it was done for these very inputs; the folder (`.venv`) remembers."""
    stamp = os.path.join(folder or VENV, name + ".stamp")
    digest = hashlib.sha256()
    for path in inputs:
        with open(path, "rb") as file:
            digest.update(file.read())
    key = digest.hexdigest()
    if os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == key:
                return
    if do() is False:
        return
    with open(stamp, "w") as file:
        file.write(key)


def run(command, failure):
    if subprocess.run(command).returncode != 0:
        stop(failure)


def say(text):
    print(text, flush=True)


def stop(text):
    sys.exit("\n" + text)


if __name__ == "__main__":
    main(sys.argv[1])
