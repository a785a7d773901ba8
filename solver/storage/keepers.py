"""What keeps the rows of an append-only table: triggers that refuse every change, and how each store tells of them."""

_ROWS, _ALL = "keeps_rows", "keeps_all"
# PostgreSQL's bits: for each row 1, before 2, delete 8, update 16, truncate 32.
_POSTGRES_TYPES = {_ROWS: 1 + 2 + 8 + 16, _ALL: 2 + 32}


def sqlite_keepers(table: str) -> list[str]:
    """The statements that make them on SQLite."""
    return [f"CREATE TRIGGER IF NOT EXISTS {name} {does}" for name, does in _on_sqlite(table).items()]


def postgres_keepers(table: str) -> list[str]:
    """The statements that make them on PostgreSQL."""
    return [
        f"""CREATE OR REPLACE FUNCTION {table}_keeps() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN {_raise(table)}; END $$""",
        f"""CREATE OR REPLACE TRIGGER {table}_{_ROWS} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_keeps()""",
        f"""CREATE OR REPLACE TRIGGER {table}_{_ALL} BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_keeps()""",
    ]


def sqlite_lifts(table: str) -> list[str]:
    """The statements that take them away on SQLite; `sqlite_keepers` puts them back."""
    return [f"DROP TRIGGER {name}" for name in _on_sqlite(table)]


def postgres_switches(table: str, *, on: bool) -> list[str]:
    """The statements that switch the keepers of rows off, or on again, on PostgreSQL; none may truncate meanwhile."""
    return [f"ALTER TABLE {table} {'ENABLE' if on else 'DISABLE'} TRIGGER {table}_{_ROWS}"]


def sqlite_trigger(table: str, name: str, sql: str) -> str:
    """What a trigger is in the shape of a table: its name, if it does what a keeper of that name does."""
    wanted = _on_sqlite(table).get(name)
    does = wanted is not None and " ".join(sql.split()).endswith(f"{name} {wanted}")
    return _known(name, as_it_should=does)


def postgres_trigger(table: str, name: str, kind: int, enabled: str, source: str) -> str:
    """The same of PostgreSQL, from what `pg_trigger` and `pg_proc` tell."""
    does = _POSTGRES_TYPES.get(name.removeprefix(f"{table}_")) == kind and _raise(table) in source
    return _known(name, as_it_should=does and enabled in ("O", "A"))


def _known(name: str, *, as_it_should: bool) -> str:
    return f"trigger {name}" if as_it_should else f"a strange trigger {name}"


def _on_sqlite(table: str) -> dict[str, str]:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return {
        f"{table}_{_ROWS}": f"BEFORE UPDATE ON {table} {refusal}",
        f"{table}_{_ALL}": f"BEFORE DELETE ON {table} {refusal}",
    }


def _raise(table: str) -> str:
    return f"RAISE EXCEPTION '{table} is append-only'"
