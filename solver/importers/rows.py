"""Foreign CSV files, plain or gzipped, row by row with the line each row begins on."""

import csv
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from solver.errors import FieldViolation, InvalidRequest, NotFound

if TYPE_CHECKING:
    from _csv import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One data row: its file (relative to the data folder), the line it begins on (the header is 1), its values."""

    file: str
    line: int
    values: Mapping[str, str]
    whole: bool = True  # False: the row has more or fewer values than the header

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    @property
    def text(self) -> str:
        """The row as one line of text, for a rejection."""
        return ",".join(self.values.values())


def read_rows(data: Path, file: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """Stream the rows of `data / file`, which must have at least `columns`. Values are stripped of outer spaces.

    Raises NotFound when the file is absent, InvalidRequest when a column is missing or the text is not UTF-8.
    """
    path = data / file
    if not path.is_file():
        raise NotFound(f"the data folder {data} has no file {file}")
    try:
        with _open(path) as text:
            yield from _rows(csv.reader(text), file, columns)
    except UnicodeDecodeError as error:
        raise _unreadable(file, str(error), "write the file in UTF-8") from error


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _rows(reader: "Reader", file: str, columns: tuple[str, ...]) -> Iterator[Row]:
    header = next(reader, [])
    if missing := [column for column in columns if column not in header]:
        raise _unreadable(f"{file}:1", ",".join(header), f"needs the columns {', '.join(missing)}")
    begins = reader.line_num + 1
    for values in reader:
        if values:
            padded = [value.strip() for value in values] + [""] * (len(header) - len(values))
            whole = len(values) == len(header)
            yield Row(
                file=file,
                line=begins,
                values=dict(zip(header, padded, strict=False)),
                whole=whole,
            )
        begins = reader.line_num + 1


def _unreadable(where: str, value: str, remedy: str) -> InvalidRequest:
    return InvalidRequest("the data folder", [FieldViolation(field=where, value=value, remedy=remedy)])
