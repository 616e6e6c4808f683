from .guidance import Guidance, guided_points

__all__ = ["Guidance", "guided_points"]
