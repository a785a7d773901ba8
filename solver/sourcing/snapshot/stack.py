"""Arrays of one shape stacked as they come, each different one once."""

import numpy as np

from solver.sourcing.case import Ints


class Stack:
    """Rows are found again by their contents; room doubles, so that adding many costs little."""

    def __init__(self, empty: Ints) -> None:
        self._rows = np.zeros((1, *empty.shape), dtype=empty.dtype)
        self._number_of: dict[bytes, int] = {}

    def number(self, row: Ints) -> int:
        """Where the row stands; it is added where it does not yet."""
        key = np.ascontiguousarray(row).tobytes()
        number = self._number_of.setdefault(key, len(self._number_of))
        if number == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[number] = row
        return number

    def __len__(self) -> int:
        return len(self._number_of)

    @property
    def rows(self) -> Ints:
        """All rows; those behind the last added one mean nothing."""
        return self._rows
