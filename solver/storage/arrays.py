"""Many rows as one array for each column: PostgreSQL plans such a statement once, however many rows there are."""

from collections.abc import Sequence
from functools import lru_cache

from solver.storage.portable import Params, SqlValue, query_for_postgres

_TYPES = {int: "bigint", str: "text", bytes: "bytea"}


def with_arrays(sql: str, rows: Sequence[Params]) -> tuple[str, list[str]] | None:
    """The statement with `{rows}` filled in, and its parameters; None where a column has other types, or several."""
    columns = list(zip(*rows, strict=True))
    types = [_type_of(column) for column in columns]
    if None in types:
        return None
    return _filled(sql, tuple(one for one in types if one)), [_literal(column) for column in columns]


@lru_cache(maxsize=1024)
def _filled(sql: str, types: tuple[str, ...]) -> str:
    arrays = ", ".join(f"?::{one}[]" for one in types)
    return query_for_postgres(sql.replace("{rows}", f"SELECT * FROM unnest({arrays})"))


def _type_of(column: Sequence[SqlValue]) -> str | None:
    found = {int if isinstance(value, int) else str if isinstance(value, str) else type(value) for value in column}
    found.discard(type(None))
    return _TYPES.get(found.pop()) if len(found) == 1 else None


def _literal(column: Sequence[SqlValue]) -> str:
    return "{" + ",".join("NULL" if value is None else _element(value) for value in column) + "}"


def _element(value: SqlValue) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    return str(int(value)) if isinstance(value, int) else str(value)
