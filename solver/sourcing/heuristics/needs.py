"""What the lines of an order are made of, laid out so that all lines are looked at in one go."""

from dataclasses import dataclass

import numpy as np

from solver.sourcing.case import Case, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Needs:
    """Line by line the parts that it needs and how many of each; `first` is where a line's parts begin, [K]."""

    line: Ints
    part: Ints
    units: Ints
    first: Ints
    are_shared: bool  # True where a part is needed by several lines

    @classmethod
    def of(cls, case: Case) -> "Needs":
        """The needs of a case's lines; every line needs something."""
        line, part = np.nonzero(case.line_units)
        return cls(
            line=line,
            part=part,
            units=case.line_units[line, part],
            first=np.searchsorted(line, np.arange(len(case.line_units))),
            are_shared=len(np.unique(part)) < len(part),
        )

    def units_of(self, filled: Ints, parts: int) -> Ints:
        """The units of each of so many parts in so many units of each line, [D]."""
        units = np.zeros(parts, dtype=np.int64)
        np.add.at(units, self.part, filled[self.line] * self.units)
        return units

    def times_in(self, stock: Ints) -> Ints:
        """How many units of each line could be made of each row of stock [N, D], seen line by line, [N, K]."""
        if not len(self.part):
            return np.zeros((len(stock), 0), dtype=np.int64)
        times: Ints = np.minimum.reduceat(stock[:, self.part] // self.units, self.first, axis=1)
        return times
