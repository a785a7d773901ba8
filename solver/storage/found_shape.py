"""The shape of a database as it is found: what the catalogues of SQLite and of PostgreSQL say of its tables."""

from collections.abc import Iterable, Iterator
from typing import Any

from solver.storage.conditions import checks_of, condition
from solver.storage.database import Reader
from solver.storage.keepers import postgres_trigger, sqlite_trigger
from solver.storage.shape import Shape, index, key, shape_of


def sqlite_shape(reader: Reader) -> Shape:
    """The tables of an SQLite database."""
    tables = reader.query("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return shape_of((table, part) for table, sql in tables for part in _of_sqlite(reader, table, sql))


def postgres_shape(reader: Reader) -> Shape:
    """The tables of PostgreSQL's current schema."""
    return shape_of(
        (
            *reader.query(_COLUMNS),
            *((table, f"CHECK {condition(text)}") for table, text in reader.query(_CHECKS)),
            *_indexes(reader.query(_INDEXES)),
            *((table, postgres_trigger(table, *row)) for table, *row in reader.query(_TRIGGERS)),
        )
    )


def _of_sqlite(reader: Reader, table: str, sql: str) -> Iterator[str]:
    columns = reader.query("SELECT name, pk FROM pragma_table_info(?)", (table,))
    yield from (name for name, _ in columns)
    first = [name for _, name in sorted((place, name) for name, place in columns if place)]
    if first:
        yield key("PRIMARY KEY", ", ".join(first))
    yield from (f"CHECK {one}" for one in checks_of(sql))
    indexes = reader.query(
        """SELECT made.name, made."unique", made.origin, kept.sql,
             (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(made.name) ORDER BY seqno))
           FROM pragma_index_list(?) AS made LEFT JOIN sqlite_schema AS kept ON kept.name = made.name
           WHERE made.origin <> 'pk'""",
        (table,),
    )
    for name, unique, origin, made_by, held in indexes:
        where = (made_by or "").partition(" WHERE ")[2]
        yield (
            key("UNIQUE", held) if origin == "u" else index(name, held, is_unique=bool(unique), where=condition(where))
        )
    for name, made_by in reader.query(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?", (table,)
    ):
        yield sqlite_trigger(table, name, made_by)


def _indexes(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    for table, name, is_unique, is_primary, is_constraint, columns, where in rows:
        if is_primary or is_constraint:
            yield table, key("PRIMARY KEY" if is_primary else "UNIQUE", columns)
        else:
            yield table, index(name, columns, is_unique=is_unique, where=condition(where or ""))


_OURS = "JOIN pg_class AS made ON made.oid = {of} AND made.relnamespace = current_schema()::regnamespace"
_COLUMNS = """
SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema()
"""
_CHECKS = f"""
SELECT made.relname::text, pg_get_expr(conbin, conrelid) FROM pg_constraint {_OURS.format(of="conrelid")}
WHERE contype = 'c'
"""
# One that PostgreSQL could not finish is none.
_INDEXES = f"""
SELECT made.relname::text, named.relname::text, indisunique, indisprimary,
  EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u'),
  (SELECT string_agg(attname::text, ', ' ORDER BY place)
   FROM unnest(indkey::int2[]) WITH ORDINALITY AS held (number, place)
   JOIN pg_attribute ON attrelid = indrelid AND attnum = number),
  pg_get_expr(indpred, indrelid)
FROM pg_index {_OURS.format(of="indrelid")} JOIN pg_class AS named ON named.oid = indexrelid
WHERE indisvalid
"""
_TRIGGERS = f"""
SELECT made.relname::text, tgname::text, tgtype::int, tgenabled::text, prosrc
FROM pg_trigger {_OURS.format(of="tgrelid")} JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE NOT tgisinternal
"""
