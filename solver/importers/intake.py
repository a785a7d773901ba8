"""The book an importer keeps while it reads: rows seen, values repaired, rows rejected."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from solver.importers.result import ImportResult, Rejection
from solver.importers.rows import Row, read_rows
from solver.scenario.model import Scenario


@dataclass(slots=True)
class Intake:
    """Collects what happened to every row; nothing is dropped without a word here."""

    reads: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def rows(self, data: Path, file: str, columns: tuple[str, ...]) -> Iterator[Row]:
        """Stream and count the rows of a file; one that is longer or shorter than the header is rejected.

        Raises what `read_rows` raises.
        """
        for row in read_rows(data, file, columns):
            self.reads[file] += 1
            if row.whole:
                yield row
            else:
                self.reject(row, "ragged_row", row.text)

    def reject(self, row: Row, reason: str, text: str) -> None:
        """Record that this row, or the value named in `text`, is not used."""
        self.rejected.append(Rejection(file=row.file, line=row.line, reason=reason, text=text))

    def repair(self, rule: str, times: int = 1) -> None:
        """Count one value that was mended by the rule of this name."""
        self.repairs[rule] += times

    def note(self, text: str) -> None:
        """Record a finding for the person who reads the summary."""
        self.notes.append(text)

    def result(self, scenario: Scenario) -> ImportResult:
        """The scenario with the account of how it came about."""
        return ImportResult(
            scenario=scenario,
            rejected=tuple(sorted(self.rejected, key=_by_place)),
            read_counts=tuple(self.reads.items()),
            repairs=tuple(self.repairs.items()),
            notes=tuple(self.notes),
        )


def _by_place(item: Rejection) -> tuple[str, int, str, str]:
    return (item.file, item.line, item.reason, item.text)
