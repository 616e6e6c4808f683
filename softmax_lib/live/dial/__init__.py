from .dial import TemperatureDial

__all__ = ["TemperatureDial"]
