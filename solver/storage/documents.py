"""Master data as documents: one body of bytes under a kind and an id."""

from collections.abc import Iterable

from solver.storage.database import Reader, Transaction

DOCUMENT_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
"""


def put(tx: Transaction, kind: str, rows: Iterable[tuple[str, bytes]]) -> None:
    """Write each (id, body), replacing the body that stood under the same id."""
    tx.executemany(
        """INSERT INTO document (kind, id, body) VALUES (?, ?, ?)
           ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body""",
        ((kind, document_id, body) for document_id, body in rows),
    )


def load(reader: Reader, kind: str) -> dict[str, bytes]:
    """Every body of one kind by id, in the order of the ids."""
    return dict(reader.query("SELECT id, body FROM document WHERE kind = ? ORDER BY id", (kind,)))
