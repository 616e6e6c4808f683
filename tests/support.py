"""What tests import from each other's side: places, and the server that sends a site's policy."""

from pathlib import Path

from serve import serving

__all__ = ["ROOT", "serving"]

ROOT = Path(__file__).resolve().parent.parent
