from .simplex import Simplex

__all__ = ["Simplex"]
