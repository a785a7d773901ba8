"""Everything that is wrong with a history, in as much memory as a few thousand faults take."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from solver.importers.order_history.lines import Fault

MOST_KINDS = 1_000
VALUES_NAMED = 20  # of a column, for one reason
_LINES_NAMED = 5


@dataclass(slots=True)
class _Kind:
    first: Fault
    lines: list[int] = field(default_factory=list)
    rows: int = 0


@dataclass(slots=True)
class _Reason:
    """One reason why values of a column are wrong: the first of these, and how many rows say others."""

    remedy: str
    values: set[str] = field(default_factory=set)
    other_rows: int = 0


class Faults:
    """Faults by file, column, value and reason: one that a thousand rows have is told once, with some of its lines.

    Where many values of a column are wrong for one reason, such as dates in a form that is not read, the first are told
    one by one, and of the others in how many rows they stand.
    """

    def __init__(self) -> None:
        self.rows = 0  # that have any
        self._kinds: dict[tuple[str, str, str, str], _Kind] = {}
        self._reasons: dict[tuple[str, str, str], _Reason] = {}
        self._untold = 0

    def add(self, file: str, faults: Iterable[Fault]) -> None:
        """The faults of one row."""
        self.rows += 1
        for fault in faults:
            kind = self._kind(file, fault)
            if kind is None:
                continue
            kind.rows += 1
            if len(kind.lines) < _LINES_NAMED:
                kind.lines.append(fault.line)

    def told(self) -> list[str]:
        """A line for each, as people read it."""
        lines = [_told(file, column, value, kind) for (file, column, value, _), kind in self._kinds.items()]
        for (file, column, _), reason in self._reasons.items():
            if reason.other_rows:
                rows = f"{reason.other_rows:,} more row{'s' * (reason.other_rows > 1)}"
                lines.append(f"{file}: {column}: {rows} with other values, for the same reason as: {reason.remedy}")
        if self._untold:
            lines.append(f"and {self._untold:,} faults more; the first {MOST_KINDS:,} are told: mend them first")
        return lines

    def _kind(self, file: str, fault: Fault) -> _Kind | None:
        """Where the fault is told; None: it is counted with others."""
        key = file, fault.column, fault.value, fault.reason
        if key in self._kinds:
            return self._kinds[key]
        reason = self._reasons.setdefault((file, fault.column, fault.reason), _Reason(fault.remedy))
        if len(reason.values) >= VALUES_NAMED:
            reason.other_rows += 1
            return None
        if len(self._kinds) >= MOST_KINDS:
            self._untold += 1
            return None
        reason.values.add(fault.value)
        return self._kinds.setdefault(key, _Kind(fault))


def _told(file: str, column: str, value: str, kind: _Kind) -> str:
    more = f" (in {kind.rows:,} rows: {', '.join(map(str, kind.lines))}{' ...' * (kind.rows > _LINES_NAMED)})"
    at = f"{file}:{kind.lines[0]}: {column}" if column else f"{file}:{kind.lines[0]}"
    return f"{at}: {value!r}: {kind.first.remedy}{more if kind.rows > 1 else ''}"
