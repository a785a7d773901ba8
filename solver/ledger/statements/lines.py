"""A file's lines as rows of cells, one at a time; neither a line nor a cell may be without end."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_LINE_CHARACTERS = 65_536
MOST_ROWS = 2_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells; `number` is the line of the file on which it ends, `text` the last of its lines as written."""

    number: int
    cells: list[str]
    text: str


class Endless(Exception):
    """A line, or a quotation that began on it, has no end within reach."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(what)
        self.number = number


def lines_of(path: Path, encoding: str, delimiter: str) -> Iterator[Line]:
    """Every row. Raises Endless."""
    last = [""]
    with path.open(encoding=encoding, newline="") as file:

        def bounded() -> Iterator[str]:
            number = 0
            while text := file.readline(MOST_LINE_CHARACTERS):
                number += 1
                if len(text) >= MOST_LINE_CHARACTERS:
                    raise Endless(number, f"is longer than {MOST_LINE_CHARACTERS:,} characters")
                if "\0" in text:
                    raise Endless(number, "holds zero bytes; the file was not written to its end")
                last[0] = text
                yield text

        reader = csv.reader(bounded(), delimiter=delimiter)
        while True:
            began = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise Endless(began, "opens a quotation that is not closed") from None
            yield Line(reader.line_num, cells, last[0])
