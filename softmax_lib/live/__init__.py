"""The live figures: one Python class and one ES module each."""

from .dial import TemperatureDial
from .figure import LiveFigure, bundle, data_url

__all__ = ["LiveFigure", "TemperatureDial", "bundle", "data_url"]
