"""What was decided, in a few numbers: which source ships what by which service, and what it costs in all."""

from collections.abc import Mapping
from dataclasses import dataclass

from solver.frozen import quickly_made
from solver.sourcing.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A package: its units by SKU."""

    source_id: str
    service_id: str
    units: Mapping[str, int]


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer to one order. No plan costs less than `bound_minor`.

    `unfilled` counts the units of each line, in the order's sequence, that do not ship. `fallback` tells why the order
    was not decided from the snapshot's arrays, but from a Problem; empty: it was. Then `plan` is what came of that.
    """

    packages: tuple[Chosen, ...]
    unfilled: tuple[int, ...]
    total_minor: int
    bound_minor: int
    fallback: str = ""
    plan: Plan | None = None

    @property
    def is_proven(self) -> bool:
        """True when no plan is better."""
        return self.total_minor == self.bound_minor
