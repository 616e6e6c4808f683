from .double_softmax import DoubleSoftmax

__all__ = ["DoubleSoftmax"]
