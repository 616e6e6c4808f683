from .attention import Attention, load

__all__ = ["Attention", "load"]
