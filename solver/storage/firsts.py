"""Single values that are looked up again and again: known within a snapshot once they were read, many in one statement.

Whoever writes what such a value is of must keep the memo in step, or `forget` the value.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from solver.storage.database import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a statement of one column and row says, and what stands for it where it says nothing."""

    sql: str
    otherwise: Any = None

    def up(self, reader: Reader) -> Any:
        """The value, as `reader` has it."""
        if self.sql not in reader.memo:
            look_up(reader, self)
        return reader.memo[self.sql]

    def is_known(self, reader: Reader) -> bool:
        """Whether no statement is needed for it."""
        return self.sql in reader.memo

    def note(self, reader: Reader, value: Any) -> None:
        """It is this from now on."""
        reader.memo[self.sql] = value

    def forget(self, reader: Reader) -> None:
        """It may have changed."""
        reader.memo.pop(self.sql, None)


def look_up(reader: Reader, *looked: Looked) -> None:
    """Have all of these known, those that are not by one statement."""
    unknown = [one for one in looked if one.sql not in reader.memo]
    if unknown:
        [row] = reader.query(_together(tuple(one.sql for one in unknown)))
        for one, value in zip(unknown, row, strict=True):
            reader.memo[one.sql] = one.otherwise if value is None else value


@lru_cache(maxsize=256)
def _together(parts: tuple[str, ...]) -> str:
    return f"SELECT {', '.join(f'({part})' for part in parts)}"
