"""Build the book strictly: a warning is an error, and nothing of an earlier build can hide one.

python tools/build.py [FOLDER]    FOLDER holds _config.yml and _toc.yml; this repository if none is named

Stopped in whatever way, it leaves no process behind, and the next build is whole.
"""

import errno
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from inner_build import PATIENCE, end_with_parent

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book/extensions"))

from publishing.repository import WrongAddress, address, commit_seconds, dated  # noqa: E402

STRICT = ["--warningiserror", "--nitpick", "--keep-going"]
TOLD = re.compile(r"^(executing|executed|live code) ")
JUPYTER_BOOKS_OWN_TRACEBACK = re.compile(r'Traceback \(most recent call last\):\n  File ".*/jupyter_book/')
STOPPING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
NO_ROOM = [os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)] + ["database or disk is full"]
FULL = "There is no room to write ({}): make room and run the same command again."
NO_ADDRESS = (
    "The book's address on GitHub is not known here, so no page links to it or names a canonical address.\n"
    "Set repository.url in _config.yml, or the remote `origin`."
)


def main(folder: Path) -> int:
    started = time.monotonic()
    stop_on_signals()
    try:
        known = address(folder)
        with only_build(folder / "_build") as lock:
            status, complaints = run(folder, lock)
    except WrongAddress as error:
        status, complaints = 1, f"{error}\n"
    except OSError as error:
        if error.strerror not in NO_ROOM:
            raise
        status, complaints = 1, error.strerror
    if status:
        print(plain(complaints), file=sys.stderr)
        return 1
    print(complaints, end="", file=sys.stderr)
    site = folder / "_build/html/index.html"
    print(f"built in {time.monotonic() - started:.0f} s: open {site} or run `make serve`")
    if not known:
        print(NO_ADDRESS)
    return 0


def plain(complaints: str) -> str:
    """The warnings without Jupyter Book's own traceback; of a full disk, which shows in many ways, one sentence."""
    if full := next((word for word in NO_ROOM if word in complaints), None):
        return FULL.format(full)
    warnings, *_ = JUPYTER_BOOKS_OWN_TRACEBACK.split(complaints, maxsplit=1)
    return f"{warnings}\nThe book was not built: see the warnings above."


def stop_on_signals() -> None:
    """Leave by way of every `finally`. What was told to outlive its terminal (nohup) still does."""
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
    if "MAKELEVEL" in os.environ:  # make may be killed and not tell
        end_with_parent(os.getppid(), lambda: os.kill(os.getpid(), signal.SIGTERM))


@contextmanager
def only_build(build: Path):
    """Two builds in one folder would delete each other's pages: the second waits until the first is gone."""
    build.mkdir(exist_ok=True)
    with (build / "building.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another build of this folder is at work: waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def run(folder: Path, lock: int) -> tuple[int, str]:
    """Run Jupyter Book and tell what it executes; return its status and what it complained of."""
    for leftover in (folder / "_build/html", folder / "_build/.doctrees"):
        shutil.rmtree(leftover, ignore_errors=True)
    command = [sys.executable, ROOT / "tools/inner_build.py", str(os.getpid()), "build", *STRICT, folder]
    process = subprocess.Popen(
        command,
        env=environment(folder),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        pass_fds=[lock],
    )
    complaints: list[str] = []
    reader = threading.Thread(target=lambda: complaints.extend(process.stderr), daemon=True)
    reader.start()
    try:
        for line in process.stdout:
            if TOLD.match(line):
                print(line, end="", flush=True)
        status = process.wait()
        reader.join()
    finally:
        end(process)
    return status, "".join(complaints)


def end(process: subprocess.Popen) -> None:
    for number in STOPPING:  # a second Ctrl-C must not interrupt this
        signal.signal(number, signal.SIG_IGN)
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def environment(folder: Path) -> dict[str, str]:
    """The same bytes from the same commit: its date instead of today's, and one order of hashes.

    Without a date there is none: Sphinx would put even a wrong one's year into the copyright. Kernels import this
    folder's library, whichever clone the packages were installed for.
    """
    given = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    date = dated(os.environ.get("SOURCE_DATE_EPOCH")) or commit_seconds(folder)
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {
        "PYTHONHASHSEED": "0",
        **given,
        **({"SOURCE_DATE_EPOCH": str(date)} if date else {}),
        "PYTHONPATH": path,
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT))
