"""What a diagnosis finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from solver.diagnosis.changes import Change

MOST_EXAMPLES = 5


class Leak(StrEnum):
    """Where money goes."""

    AVOIDABLE_SPLITS = "avoidable_splits"  # one source has all but a little of what another one adds
    CROSSINGS = "crossings"  # packages from one province to another
    LATE_LANES = "late_lanes"  # a service's packages from a source that come after the promise
    IDLE_SOURCES = "idle_sources"  # have stock, and ship nothing
    STILL_STOCK = "still_stock"  # units that nobody takes, at sources that ship


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A leak, its numbers, some orders that show it, and what to change. `subject` says where."""

    leak: Leak
    subject: str
    evidence: Mapping[str, int]
    orders: tuple[str, ...]
    change: Change | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """A finding, and what all orders cost less (below 0: more) when the run is made again with its change.

    None: there is nothing to change. What the change itself costs is not in it.
    """

    finding: Finding
    saved_minor: int | None
    cheaper_orders: int = 0
    dearer_orders: int = 0
