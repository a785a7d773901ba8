"""A small program in whole numbers, solved exactly: as much as can be of one variable, all of them 0 or more.

Branch and bound over a simplex in fractions (Bland's rule, so that it ends): no rounding, no tolerance.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

MOST_NODES = 400


@dataclass(slots=True)
class WholeProgram:
    """Rows `sum of coefficients x variables <= limit`; variables are numbered from 0, which is made as large as can be.

    Every limit that is added from outside is 0 or more, so that doing nothing is always possible.
    """

    variables: int = 1
    rows: list[tuple[Mapping[int, int], int]] = field(default_factory=list)

    def variable(self) -> int:
        """A new variable's number."""
        self.variables += 1
        return self.variables - 1

    def limit(self, row: Mapping[int, int], most: int) -> None:
        """Add a row."""
        self.rows.append((dict(row), most))

    def most(self) -> tuple[int, bool]:
        """The largest value of variable 0, and whether it is proven to be the largest."""
        best, nodes = 0, 0
        open_rows: list[list[tuple[Mapping[int, int], int]]] = [[]]
        while open_rows and nodes < MOST_NODES:
            branch = open_rows.pop()
            nodes += 1
            point = _vertex([*self.rows, *branch], self.variables)
            if point is None or math.floor(point[0]) <= best:
                continue
            split = next((number for number, value in enumerate(point) if value.denominator > 1), None)
            if split is None:
                best = int(point[0])
                continue
            floor = math.floor(point[split])
            open_rows.append([*branch, ({split: -1}, -floor - 1)])
            open_rows.append([*branch, ({split: 1}, floor)])
        return best, not open_rows


def _vertex(rows: Sequence[tuple[Mapping[int, int], int]], variables: int) -> list[Fraction] | None:
    """Where variable 0 is largest, in fractions; None where no point meets all rows."""
    table = _Table(rows, variables)
    return table.solved() if table.is_made_feasible() else None


class _Table:
    """A dictionary of the simplex: each basic variable in terms of the others. The last column is the constant."""

    def __init__(self, rows: Sequence[tuple[Mapping[int, int], int]], variables: int) -> None:
        self._count = variables
        self._artificial = variables + len(rows)
        self._outside = [*range(variables), self._artificial]
        self._inside = [variables + number for number in range(len(rows))]
        self._rows = [
            [*(Fraction(-row.get(one, 0)) for one in range(variables)), Fraction(1), Fraction(limit)]
            for row, limit in rows
        ]

    def is_made_feasible(self) -> bool:
        """Bring the constants to 0 or more, by an artificial variable that is driven out again."""
        worst = min(range(len(self._rows)), key=lambda one: self._rows[one][-1], default=None)
        if worst is not None and self._rows[worst][-1] < 0:
            goal = [Fraction(0)] * (self._count + 2)
            goal[self._count] = Fraction(-1)
            self._pivot(worst, self._count, goal)
            self._climb(goal)
            if goal[-1] < 0:
                return False
            self._drive_out(goal)
        column = self._outside.index(self._artificial)
        for row in self._rows:
            row[column] = Fraction(0)
        return True

    def solved(self) -> list[Fraction]:
        """The values of the variables where the first is largest."""
        goal = [Fraction(0)] * (self._count + 2)
        if 0 in self._outside:
            goal[self._outside.index(0)] = Fraction(1)
        else:
            goal = list(self._rows[self._inside.index(0)])
        self._climb(goal)
        values = [Fraction(0)] * self._count
        for name, row in zip(self._inside, self._rows, strict=True):
            if name < self._count:
                values[name] = row[-1]
        return values

    def _drive_out(self, goal: list[Fraction]) -> None:
        if self._artificial not in self._inside:
            return
        at = self._inside.index(self._artificial)
        column = next((one for one, value in enumerate(self._rows[at][:-1]) if value), None)
        assert column is not None, "a row of the dictionary is never empty"
        self._pivot(at, column, goal)

    def _climb(self, goal: list[Fraction]) -> None:
        """Pivot until the goal, given in terms of what is outside, cannot grow."""
        while True:
            entering = [one for one in range(self._count + 1) if goal[one] > 0]
            if not entering:
                return
            column = min(entering, key=lambda one: self._outside[one])
            leaving = [
                (row[-1] / -row[column], self._inside[number], number)
                for number, row in enumerate(self._rows)
                if row[column] < 0
            ]
            assert leaving, "what is sold is limited by what there is"
            self._pivot(min(leaving)[2], column, goal)

    def _pivot(self, at: int, column: int, goal: list[Fraction]) -> None:
        """Let the variable of the column take the place of that of the row."""
        row = self._rows[at]
        factor = row[column]
        self._inside[at], self._outside[column] = self._outside[column], self._inside[at]
        new = [-value / factor for value in row]
        new[column] = 1 / factor
        self._rows[at] = new
        for other in (*(one for number, one in enumerate(self._rows) if number != at), goal):
            share = other[column]
            if share:
                other[column] = Fraction(0)
                for number, value in enumerate(new):
                    if value:
                        other[number] += share * value
