"""The engine of waves: prices of what orders compete for, a bound from them, and plans by search around them."""

from solver.waves.engine.search import search as search
