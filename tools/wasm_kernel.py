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


def build(source: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory() as cache:
        subprocess.run(
            [sys.executable, "-m", "ziglang", "cc", *OPTIONS, "-o", target, source.name],
            cwd=source.parent,
            env={"HOME": cache, "ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache},
            check=True,
        )


if __name__ == "__main__":
    build(FOLDER / "kernel.c", FOLDER / "kernel.wasm")
