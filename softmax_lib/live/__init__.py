"""The live figures: a room each, with its class, its drawing and its style; `base` holds what they share.

What chapters and the programs of figures import by name lies beside the rooms.
"""

try:
    import anywidget as _anywidget  # noqa: F401
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"The live figures need anywidget ({error}). Install it with: pip install 'softmax-lib[live]'", name=error.name
    ) from error

from .attention import Attention
from .bandit import Bandit
from .base.figure import LiveFigure, bundle, data_url
from .contrast import Contrast
from .dial import TemperatureDial
from .double_softmax import DoubleSoftmax
from .guidance import Guidance
from .histogram import Histogram
from .large_dial import LargeDial
from .mulberry32 import gumbel_noise
from .next_token import NextToken
from .normalisers import Normalisers
from .probabilities import Probabilities
from .reliability import Reliability
from .sampler import Sampler
from .settings import Settings
from .simplex import Simplex

__all__ = [
    "Attention",
    "Bandit",
    "Contrast",
    "DoubleSoftmax",
    "Guidance",
    "Histogram",
    "LargeDial",
    "LiveFigure",
    "NextToken",
    "Normalisers",
    "Probabilities",
    "Reliability",
    "Sampler",
    "Settings",
    "Simplex",
    "TemperatureDial",
    "bundle",
    "data_url",
    "gumbel_noise",
]
