"""A catalog's file in portions that one call takes, each row with its line, and everything that is wrong with rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from solver.errors import FieldViolation
from solver.importers.catalog.nouns import Kind, Reader
from solver.importers.catalog.rows import HAS_HEADER, Unreadable, read_table

MOST_FAULTS = 10_000  # that are kept of one file
MOST_BYTES = 14_000_000  # of a portion, as a message: a service takes 16 MiB
_FRAME_BYTES = 8  # of a value within a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One broken rule: the line, the path within the row, what stood there, and what to do about it."""

    line: int
    field: str
    value: str
    remedy: str


@dataclass(slots=True, kw_only=True)
class Faults:
    """Faults in the order in which they are found, the first MOST_FAULTS of them, and how many there are."""

    found: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, violation: FieldViolation) -> None:
        """Count one, and keep it where there is room."""
        self.count += 1
        if len(self.found) < MOST_FAULTS:
            self.found.append(Fault(line=line, field=violation.field, value=violation.value, remedy=violation.remedy))


@dataclass(slots=True, kw_only=True)
class Portion:
    """Sound rows with their lines, and about how long they are as a message."""

    nouns: list[Any] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    size_bytes: int = 0

    def is_full(self, most_rows: int) -> bool:
        """Whether another row might be one too many."""
        return len(self.nouns) >= most_rows or self.size_bytes >= MOST_BYTES


def portions(path: Path, kind: Kind, faults: Faults, most_rows: int) -> Iterator[Portion]:
    """The rows of a file, at most so many at a time, and MOST_BYTES; what is wrong with others goes into `faults`.

    A row that names what an earlier one names is wrong, however far apart they stand. Raises InvalidRequest for a file
    that cannot be read at all.
    """
    reader, portion = Reader(kind), Portion()
    has_header = path.suffix.lower() in HAS_HEADER
    lines_of: dict[str, int] = {}
    for position, (line, cells) in enumerate(read_table(path)):
        if isinstance(cells, Unreadable):
            faults.add(line, FieldViolation(field="", value="the row", remedy=str(cells)))
        elif has_header and position == 0:
            for violation in reader.faults_of_names(cells):
                faults.add(line, violation)
        else:
            _read(portion, reader, kind, line, cells, lines_of, faults, has_header=has_header)
            if portion.is_full(most_rows):
                yield portion
                portion = Portion()
    if portion.nouns:
        yield portion


def _read(
    portion: Portion,
    reader: Reader,
    kind: Kind,
    line: int,
    cells: Any,
    lines_of: dict[str, int],
    faults: Faults,
    *,
    has_header: bool,
) -> None:
    noun = reader.noun(cells, skip_unknown=has_header)
    if isinstance(noun, list):
        for violation in noun:
            faults.add(line, violation)
        return
    key = kind.key(noun)
    first = lines_of.setdefault(key, line)
    if first != line:
        faults.add(line, FieldViolation(field="", value=key, remedy=f"stands on line {first} before; say it once"))
        return
    portion.nouns.append(noun)
    portion.lines.append(line)
    portion.size_bytes += sum(len(name) + len(str(cell).encode()) + _FRAME_BYTES for name, cell in cells.items())
