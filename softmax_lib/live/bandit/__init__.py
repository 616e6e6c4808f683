from .bandit import Bandit

__all__ = ["Bandit"]
