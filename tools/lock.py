"""Resolve the packages of pyproject.toml into hashed locks that serve every supported Python."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = "3.11"
TORCH = "torch==2.13.0 \\\n"
CPU_BUILD = "    --hash=sha256:6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b \\\n"  # 2.13.0+cpu, Linux, Python 3.11
FOR_GRAPHICS_CARDS = re.compile(r"^(?:nvidia|cuda|triton)[^\n]*\n(?:    [^\n]*\n)*", re.M)  # gigabytes that the benchmark does not use


def lock(extra: str, *constraints: str) -> Path:
    output = ROOT / "requirements" / f"{extra}.txt"
    subprocess.run(
        [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header",
         "--no-annotate", "--upgrade", "--python-version", OLDEST_PYTHON, "--extra", extra,
         *(word for path in constraints for word in ("--constraint", path)), "--output-file", output, "pyproject.toml"],
        cwd=ROOT, check=True)
    return output


if __name__ == "__main__":
    lock("book")
    lock("test", "requirements/book.txt")
    bench = lock("bench", "requirements/test.txt")
    text = FOR_GRAPHICS_CARDS.sub("", bench.read_text("utf-8"))
    bench.write_text(text.replace(TORCH, TORCH + CPU_BUILD), "utf-8")
