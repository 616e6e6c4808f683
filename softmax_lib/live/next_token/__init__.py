from .next_token import NextToken, load

__all__ = ["NextToken", "load"]
