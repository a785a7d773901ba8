"""The exact engine: a compiled dynamic program over contents of packages, with branch and bound where rules couple."""

from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.search import Limits, search
from solver.sourcing.exact.warm import warm

__all__ = ["GaveUp", "Limits", "search", "warm"]
