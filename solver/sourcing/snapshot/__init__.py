"""The snapshot: a network, its stock and a policy as arrays, from which one order is decided in microseconds."""

from solver.sourcing.snapshot.decision import Chosen, Decision
from solver.sourcing.snapshot.snapshot import Snapshot
from solver.sourcing.snapshot.warm import warm

__all__ = ["Chosen", "Decision", "Snapshot", "warm"]
