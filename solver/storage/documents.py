"""Master data as documents: one body of bytes under a kind and an id."""

from collections.abc import Iterable

from solver.storage.database import Reader, Transaction

# How often the documents of a kind were changed: whoever keeps them in memory sees that they are newer elsewhere.
EDITION_SCHEMA = """
CREATE TABLE IF NOT EXISTS document_edition (
    kind TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

DOCUMENT_TABLE = """
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
"""
DOCUMENT_SCHEMA = DOCUMENT_TABLE + EDITION_SCHEMA


def put(tx: Transaction, kind: str, rows: Iterable[tuple[str, bytes]]) -> None:
    """Write each (id, body), replacing the body that stood under the same id."""
    tx.executemany(
        """INSERT INTO document (kind, id, body) VALUES (?, ?, ?)
           ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body""",
        ((kind, document_id, body) for document_id, body in rows),
    )


def next_edition(tx: Transaction, kind: str) -> int:
    """Count one more change of a kind; returns its number."""
    rows = tx.query(
        """INSERT INTO document_edition (kind, number) VALUES (?, 1)
           ON CONFLICT (kind) DO UPDATE SET number = document_edition.number + 1 RETURNING number""",
        (kind,),
    )
    number: int = rows[0][0]
    return number


def editions(reader: Reader) -> dict[str, int]:
    """How often each kind was changed; kinds that never were are left out."""
    return dict(reader.query("SELECT kind, number FROM document_edition"))


def load(reader: Reader, kind: str) -> dict[str, bytes]:
    """Every body of one kind by id, in the order of the ids."""
    return dict(reader.query("SELECT id, body FROM document WHERE kind = ? ORDER BY id", (kind,)))
