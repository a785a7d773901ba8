"""Libraries that take long to import and that few calls need: they are imported where they are used, not at the top.

A server would start a second later for them. Once it serves it imports them in the background, so that no caller waits.
"""

from importlib import import_module

LATE = (
    "ortools.math_opt.python.mathopt",
    "ortools.sat.python.cp_model",
    "scipy.cluster.hierarchy",
    "scipy.optimize",
    "scipy.stats",
)


def import_late() -> None:
    """Import all of them; those that are there already cost nothing."""
    for name in LATE:
        import_module(name)
