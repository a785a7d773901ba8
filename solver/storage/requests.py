"""Idempotency: the answer to a request is kept in the same transaction as its effect.

A request id identifies a request of one method; another method may use the same id.
"""

from datetime import datetime

from solver.clock import to_micros
from solver.errors import RequestIdReused
from solver.storage.database import Reader, Transaction

REQUEST_SCHEMA = """
CREATE TABLE IF NOT EXISTS request (
    method TEXT NOT NULL,
    request_id TEXT NOT NULL,
    body_digest BLOB NOT NULL,
    answer BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (method, request_id)
) STRICT, WITHOUT ROWID;
"""


def recall(reader: Reader, method: str, request_id: str, body_digest: bytes) -> bytes | None:
    """The answer given before to this request, or None when it is new.

    Raises RequestIdReused when the id stands there with another body.
    """
    rows = reader.query(
        "SELECT body_digest, answer FROM request WHERE method = ? AND request_id = ?", (method, request_id)
    )
    if not rows:
        return None
    digest, answer = rows[0]
    if digest != body_digest:
        raise RequestIdReused(
            f"request id {request_id} was used for {method} before, with another body",
            metadata={"method": method, "request_id": request_id},
        )
    return bytes(answer)


def remember(tx: Transaction, method: str, request_id: str, body_digest: bytes, answer: bytes, at: datetime) -> None:
    """Keep the answer to a new request. Raises ConstraintRefused when the id stands there already."""
    tx.execute(
        "INSERT INTO request (method, request_id, body_digest, answer, at_us) VALUES (?, ?, ?, ?, ?)",
        (method, request_id, body_digest, answer, to_micros(at)),
    )
