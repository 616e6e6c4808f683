from .reliability import Reliability, made_up

__all__ = ["Reliability", "made_up"]
