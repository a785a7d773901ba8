"""What tables a database must have by the steps it says it took: a build between releases may have made others."""

from collections.abc import Iterable, Mapping, Set
from typing import Any, TypeAlias

from solver.storage.errors import StorageUnusable

Shape: TypeAlias = Mapping[str, Set[str]]  # columns by table


def shape_of(rows: Iterable[tuple[Any, ...]]) -> Shape:
    """The shape that rows of table and column tell."""
    shape: dict[str, set[str]] = {}
    for table, column in rows:
        shape.setdefault(table, set()).add(column)
    return shape


def refuse_misshapen(name: str, steps_taken: int, found: Shape, *, taken: Shape, all_taken: Shape) -> None:
    """Hold the tables that were found against those that the steps taken make, and those that all steps will make.

    Tables of others do not matter. Raises StorageUnusable naming the database, its schema, each difference and what to
    do.
    """
    differences = [
        difference
        for table, columns in sorted(all_taken.items())
        if (difference := _difference(table, found.get(table), taken.get(table), columns))
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


def _difference(table: str, found: Set[str] | None, taken: Set[str] | None, later: Set[str]) -> str:
    """What is wrong with a table; nothing is with one that a step still to come will make."""
    if found is None:
        return f"no table {table}" if taken is not None else ""
    wanted = later if taken is None else taken
    without, beside = sorted(wanted - found), sorted(found - wanted)
    if without:
        return f"{table} lacks {', '.join(without)}"
    return f"{table} has {', '.join(beside)} besides" if beside else ""
