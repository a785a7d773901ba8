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
    MISSING_UNITS = "missing_units"  # units that orders did not get
    FULL_SOURCES = "full_sources"  # hand over more in a day than they say they can
    SLOW_SOURCES = "slow_sources"  # hand over so late that packages come after the promise
    CLOSED_SERVICES = "closed_services"  # only some kinds of source hand over to them
    COSTLY_WISHES = "costly_wishes"  # prices of a policy that nobody is paid


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

    None: nothing was tried. What the change itself costs is not in it. A policy without one of its prices is compared
    by what is paid. `paid_saved_minor` is what carriers and sources are paid less; more units may ship, more or fewer
    orders be late (of those that are promised a time).
    """

    finding: Finding
    saved_minor: int | None
    cheaper_orders: int = 0
    dearer_orders: int = 0
    paid_saved_minor: int = 0
    more_filled_units: int = 0
    fewer_late_orders: int = 0

    @property
    def changes_anything(self) -> bool:
        """Whether any order fares otherwise with the change."""
        return bool(self.cheaper_orders or self.dearer_orders or self.more_filled_units or self.fewer_late_orders)
