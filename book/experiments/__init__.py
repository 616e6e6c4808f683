"""The experiments of Steps 5 and 6: one module each, on the core of `softmax_lib` alone."""
