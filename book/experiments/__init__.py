"""The experiments of Steps 5 and 6: one module each, and what they share (`digits`, `networks`, `repeats`), on the core of `softmax_lib` alone."""
