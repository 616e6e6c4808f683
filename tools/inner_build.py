"""Jupyter Book, in a process group of its own that ends with the build.py that started it, even if that was killed."""

import os
import signal
import sys
import threading
import time

PATIENCE = 2  # seconds to end kernels in


def end_with_parent(parent: int, then) -> None:
    """Call `then` when the parent is gone, however it ended."""

    def watch():
        while os.getppid() == parent:
            time.sleep(0.2)
        then()

    threading.Thread(target=watch, daemon=True).start()


def end_group() -> None:
    """Let the kernels be ended, then whatever is left."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    end_with_parent(int(sys.argv.pop(1)), end_group)
    from jupyter_book.cli.main import main

    sys.exit(main())
