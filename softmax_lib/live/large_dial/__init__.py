"""The temperature first and large, the scores behind a button: for a cover and a projector."""

from .large_dial import LargeDial

__all__ = ["LargeDial"]
