"""The program of one case with the meaning of its columns; `families` adds its rows."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from solver.sourcing.case import Case, Ints, Shipment
from solver.sourcing.mip.program import Program, Solution
from solver.sourcing.mip.slots import Slot


@dataclass(slots=True, kw_only=True)
class Formulation:
    """A program and what its columns decide."""

    case: Case
    program: Program = field(default_factory=Program)
    slots: list[Slot] = field(default_factory=list)
    unfilled_units: list[int] = field(default_factory=list)  # by line
    use_source: dict[int, int] = field(default_factory=dict)  # source -> column, where it matters

    def slots_of_sources(self) -> dict[int, list[Slot]]:
        """The slots of each source that has any."""
        found: dict[int, list[Slot]] = defaultdict(list)
        for slot in self.slots:
            found[slot.source].append(slot)
        return found

    def shipments(self, solution: Solution) -> tuple[Shipment, ...]:
        """The packages that a solution fills."""
        found = []
        for slot in self.slots:
            units = np.zeros(len(self.case.demand), dtype=np.int64)
            for part, column in slot.ship_units.items():
                units[part] = solution.units(column)
            if units.any():
                found.append(Shipment(lane=slot.candidate.lane, units=units))
        return tuple(found)

    def unfilled(self, solution: Solution) -> Ints:
        """Units of each line that a solution does not ship, [K]."""
        return np.array([solution.units(column) for column in self.unfilled_units], dtype=np.int64)
