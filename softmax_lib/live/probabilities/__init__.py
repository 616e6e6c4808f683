from .probabilities import Probabilities

__all__ = ["Probabilities"]
