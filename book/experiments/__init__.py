"""The experiments of Steps 5 to 7, on the core of `softmax_lib` alone.

One module each, and what they share: `digits`, `networks`, `repeats`.
"""
