"""Softmax and temperature: scores into probabilities, and what follows from them.

Needs NumPy alone. Logits come first, the classes are on the last axis unless `axis` says otherwise, the
temperature is 1 unless given, logarithms are natural, and chance comes from an explicit `rng`.

Truth values are numbers where an array of them has a meaning, as logits, probabilities and one-hot targets: True is 1.
Where one alone would rather be a slip, as a temperature, a cut, a label or a pick, they are refused.

Examples
--------
>>> from softmax_lib import entropy, softmax
>>> p = softmax([2.0, 1.0, 0.5, -0.5, -2.0], temperature=0.7)
>>> p.round(3)
array([0.72 , 0.173, 0.085, 0.02 , 0.002])
>>> float(entropy(p).round(3))
0.842
"""

from .calibration import (
    bootstrap_interval,
    brier_score,
    expected_calibration_error,
    fit_temperature,
    reliability_curve,
)
from .functions import log_softmax, logsumexp, softmax
from .information import (
    cross_entropy,
    cross_entropy_gradient,
    entropy,
    entropy_from_logits,
    entropy_slope,
    kl_divergence,
    perplexity,
    perplexity_from_logits,
)
from .sampling import empirical_distribution, gumbel_softmax, pick, sample, sample_gumbel
from .sparse import entmax, sparsemax
from .truncation import min_p, top_k, top_n_sigma, top_p, typical_p

__version__ = "0.2.0"

__all__ = [
    "bootstrap_interval",
    "brier_score",
    "cross_entropy",
    "cross_entropy_gradient",
    "empirical_distribution",
    "entmax",
    "entropy",
    "entropy_from_logits",
    "entropy_slope",
    "expected_calibration_error",
    "fit_temperature",
    "gumbel_softmax",
    "kl_divergence",
    "log_softmax",
    "logsumexp",
    "min_p",
    "perplexity",
    "perplexity_from_logits",
    "pick",
    "reliability_curve",
    "sample",
    "sample_gumbel",
    "softmax",
    "sparsemax",
    "top_k",
    "top_n_sigma",
    "top_p",
    "typical_p",
]
