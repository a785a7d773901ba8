"""The exact engine: a compiled dynamic program over what packages can contain, with branch and bound where rules couple."""

from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.search import Limits, search

__all__ = ["GaveUp", "Limits", "search"]
