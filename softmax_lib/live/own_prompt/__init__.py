from .own_prompt import OwnPrompt

__all__ = ["OwnPrompt"]
