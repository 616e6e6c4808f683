"""Cells of the book run in its folder; so do the tests of what they import."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book"))
