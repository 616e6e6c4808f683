"""The live figures: one Python class and one ES module each."""

from .bandit import Bandit
from .dial import TemperatureDial
from .double_softmax import DoubleSoftmax
from .figure import LiveFigure, bundle, data_url
from .guidance import Guidance
from .histogram import Histogram
from .mulberry32 import gumbel_noise
from .next_token import NextToken
from .normalisers import Normalisers
from .probabilities import Probabilities
from .reliability import Reliability
from .sampler import Sampler
from .settings import Settings

__all__ = [
    "Bandit",
    "DoubleSoftmax",
    "Guidance",
    "Histogram",
    "LiveFigure",
    "NextToken",
    "Normalisers",
    "Probabilities",
    "Reliability",
    "Sampler",
    "Settings",
    "TemperatureDial",
    "bundle",
    "data_url",
    "gumbel_noise",
]
