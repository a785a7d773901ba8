"""Everything that is wrong with a history, in as much memory as a few thousand faults take."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from solver.importers.order_history.lines import Fault

MOST_KINDS = 1_000
_LINES_NAMED = 5


@dataclass(slots=True)
class _Kind:
    first: Fault
    lines: list[int] = field(default_factory=list)
    rows: int = 0


class Faults:
    """Faults by file, column, value and reason: one that a thousand rows have is told once, with some of its lines."""

    def __init__(self) -> None:
        self.rows = 0  # that have any
        self._kinds: dict[tuple[str, str, str, str], _Kind] = {}
        self._untold = 0

    def add(self, file: str, faults: Iterable[Fault]) -> None:
        """The faults of one row."""
        self.rows += 1
        for fault in faults:
            key = file, fault.column, fault.value, fault.reason
            if key not in self._kinds and len(self._kinds) >= MOST_KINDS:
                self._untold += 1
                continue
            kind = self._kinds.setdefault(key, _Kind(fault))
            kind.rows += 1
            if len(kind.lines) < _LINES_NAMED:
                kind.lines.append(fault.line)

    def told(self) -> list[str]:
        """A line for each, as people read it."""
        lines = []
        for (file, column, value, _), kind in self._kinds.items():
            more = f" (in {kind.rows:,} rows: {', '.join(map(str, kind.lines))}{' ...' * (kind.rows > _LINES_NAMED)})"
            at = f"{file}:{kind.lines[0]}: {column}" if column else f"{file}:{kind.lines[0]}"
            lines.append(f"{at}: {value!r}: {kind.first.remedy}{more if kind.rows > 1 else ''}")
        if self._untold:
            lines.append(f"and {self._untold:,} faults more; the first {MOST_KINDS:,} are told: mend them first")
        return lines
