"""The portable subset of SQL: what is written once for every store, and how a part of it becomes another's dialect."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

SqlValue = None | int | float | bytes | str
Params = Sequence[SqlValue]
ONE_VALUE = (str, int, float, bytes, type(None))  # whatever else a parameter is, it is a set of them

MOST_ROWS = 256  # of one statement

_TEXT_OR_MARK = re.compile(r"('(?:[^']|'')*')|(\?)|(%)")
_TEXT_OR_COMMENT = re.compile(r"('(?:[^']|'')*')|--[^\n]*")
_OFTEN_CHANGED = re.compile(r"OFTEN CHANGED (\w+)")
_APPEND_ONLY = re.compile(r"APPEND ONLY (\w+)")


def chunked(rows: Sequence[Params]) -> Iterator[Sequence[Params]]:
    """The rows in parts whose lengths are powers of two, so that few different statements come of them."""
    if 0 < len(rows) <= MOST_ROWS and not len(rows) & (len(rows) - 1):  # what nearly all are
        yield rows
        return
    begin = 0
    while begin < len(rows):
        length = min(MOST_ROWS, 1 << ((len(rows) - begin).bit_length() - 1))
        yield rows[begin : begin + length]
        begin += length


def with_one_row(sql: str, columns: int) -> str:
    """The statement with one row of `{rows}` filled in."""
    return _filled(sql, 1, columns)


def with_rows(sql: str, rows: Sequence[Params]) -> tuple[str, Params]:
    """The statement with `{rows}` filled in, and its parameters."""
    return _filled(sql, len(rows), len(rows[0])), [value for row in rows for value in row]


@lru_cache(maxsize=1024)
def _filled(sql: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return sql.replace("{rows}", f"VALUES {', '.join([row] * rows)}")


@lru_cache(maxsize=64)
def adding_to_one(table: str, key: str, columns: tuple[str, ...]) -> str:
    """The statement that adds to columns of the row that `key` finds: its value is the first parameter."""
    sums = ", ".join(f"{one} = {one} + ?{number}" for number, one in enumerate(columns, start=2))
    return f"UPDATE {table} SET {sums} WHERE {key} = ?1"


@lru_cache(maxsize=64)
def adding_to_many(table: str, key: str, columns: tuple[str, ...]) -> str:
    """The same for `{rows}`."""
    added = [f"added_{one}" for one in columns]
    sums = ", ".join(f"{one} = {one} + {more}" for one, more in zip(columns, added, strict=True))
    return (
        f"WITH added (added_to, {', '.join(added)}) AS ({{rows}}) "
        f"UPDATE {table} SET {sums} FROM added WHERE {key} = added_to"
    )


def statements(schema: str) -> list[str]:
    """The statements of a schema, without comments."""
    bare = _TEXT_OR_COMMENT.sub(lambda found: found[1] or "", schema)
    return [statement.strip() for statement in bare.split(";") if statement.strip()]


def append_only(statement: str) -> str | None:
    """The table of `APPEND ONLY table`, our own way to say that no row of it may ever be changed or deleted."""
    found = _APPEND_ONLY.fullmatch(statement)
    return found[1] if found else None


def often_changed(statement: str) -> str | None:
    """The table of `OFTEN CHANGED table`: its rows are changed again and again, and want room beside them for that."""
    found = _OFTEN_CHANGED.fullmatch(statement)
    return found[1] if found else None


@lru_cache(maxsize=4096)
def query_for_postgres(sql: str) -> str:
    """`?` as `%s`, outside of literals."""
    return _TEXT_OR_MARK.sub(lambda found: (found[1] or "").replace("%", "%%") or ("%s" if found[2] else "%%"), sql)


@lru_cache(maxsize=4096)
def within_for_postgres(sql: str) -> str:
    """`IN (?)` of a set as `= ANY(%s)`."""
    return query_for_postgres(sql.replace("NOT IN (?)", "<> ALL(?)").replace("IN (?)", "= ANY(?)"))


def table_for_postgres(statement: str) -> str:
    """A `CREATE` statement with PostgreSQL's names of types; text is ordered by its bytes, as elsewhere."""
    bare = re.sub(r"\)\s*STRICT(\s*,\s*WITHOUT ROWID)?$", ")", statement)
    bare = re.sub(r"\bINTEGER\b", "BIGINT", bare)
    bare = re.sub(r"\bBLOB\b", "BYTEA", bare)
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', bare)
