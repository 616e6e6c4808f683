from .normalisers import Normalisers

__all__ = ["Normalisers"]
