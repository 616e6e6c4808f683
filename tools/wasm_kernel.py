"""Make softmax_lib/live/language_model/kernel.wasm of the kernel.c beside it: the same bytes on every machine.

python tools/wasm_kernel.py     The compiler is Zig's, from PyPI, with the version that requirements/test.txt locks.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "softmax_lib/live/language_model"
OPTIONS = [
    *("--target=wasm32-freestanding", "-msimd128", "-O3", "-ffast-math", "-nostdlib"),
    *("-Wl,--no-entry", "-Wl,--export=__heap_base", "-Wl,--strip-all"),
]


def build(source: Path, target: Path, cache: str | Path) -> None:
    """Compile; a folder that keeps what the compiler prepares makes the next time ten times as fast."""
    subprocess.run(
        [sys.executable, "-m", "ziglang", "cc", *OPTIONS, "-o", target, source.name],
        cwd=source.parent,
        env=dict.fromkeys(("HOME", "ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"), str(cache)),
        check=True,
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as cache:
        build(FOLDER / "kernel.c", FOLDER / "kernel.wasm", cache)
