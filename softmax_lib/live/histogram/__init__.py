from .histogram import Histogram

__all__ = ["Histogram"]
