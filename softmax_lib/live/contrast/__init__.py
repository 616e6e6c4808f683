from .contrast import Contrast

__all__ = ["Contrast"]
