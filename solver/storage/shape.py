"""What a database must be by the steps it says it took: a build between releases may have made other tables.

The shape of a table is a set of words: its columns, `CHECK condition`, `PRIMARY KEY (columns)`, `UNIQUE (columns)`,
`index name (columns)` and `trigger name`. Each store tells it in the same words.
"""

from collections.abc import Iterable, Mapping, Set
from typing import Any, TypeAlias

from solver.storage.errors import StorageUnusable

Shape: TypeAlias = Mapping[str, Set[str]]  # by table
_INDEX = "index "


def shape_of(rows: Iterable[tuple[Any, ...]]) -> Shape:
    """The shape that rows of a table and one of its words tell."""
    shape: dict[str, set[str]] = {}
    for table, word in rows:
        shape.setdefault(table, set()).add(word)
    return shape


def key(what: str, columns: str) -> str:
    """The word for columns that are different in every row."""
    return f"{what} ({columns})"


def index(name: str, columns: str, *, is_unique: bool, where: str) -> str:
    """The word for an index by name."""
    kind = f"unique {_INDEX}" if is_unique else _INDEX
    return f"{kind}{name} ({columns})" + (f" where {where}" if where else "")


def refuse_misshapen(
    name: str, steps_taken: int, found: Shape, *, taken: Shape, all_taken: Shape, may_have_more: bool = False
) -> None:
    """Hold the tables that were found against those that the steps taken make, and those that all steps will make.

    Tables of others do not matter, nor do further indexes that refuse nothing, nor anything further where the database
    `may_have_more`, as a newer release that is compatible left it. Raises StorageUnusable naming the
    database, its schema, each difference and what to do.
    """
    differences = [
        difference
        for table, columns in sorted(all_taken.items())
        if (difference := _difference(table, found.get(table), taken.get(table), columns, may_have_more=may_have_more))
    ]
    if not differences:
        return
    what = f"says it has schema {steps_taken}, and is of no release" if steps_taken else "holds tables of another kind"
    raise StorageUnusable(
        f"{name} {what}: {'; '.join(differences)}. Nothing was changed. "
        + (
            "A build between releases made it: open it with that build, or begin a new database"
            if steps_taken
            else "Name an empty database, or a schema of its own"
        )
    )


def _difference(
    table: str, found: Set[str] | None, taken: Set[str] | None, later: Set[str], *, may_have_more: bool
) -> str:
    """What is wrong with a table; nothing is with one that a step still to come will make."""
    if found is None:
        return f"no table {table}" if taken is not None else ""
    wanted = later if taken is None else taken
    without = sorted(wanted - found)
    beside = sorted(word for word in found - wanted if not word.startswith(_INDEX))
    if without:
        return f"{table} lacks {', '.join(without)}"
    return f"{table} has {', '.join(beside)} besides" if beside and not may_have_more else ""
