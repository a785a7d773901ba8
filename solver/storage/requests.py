"""Idempotency: the answer to a request is kept in the same transaction as its effect.

A request id identifies a request of one method; another method may use the same id.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from solver.clock import to_micros
from solver.errors import RequestIdReused
from solver.storage.database import Reader, Transaction

Asked: TypeAlias = tuple[str, str]  # the method and the request id
NewAnswer: TypeAlias = tuple[str, str, bytes, bytes]  # those, the digest of the body and the answer

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
        raise reused(method, request_id)
    return bytes(answer)


def recall_each(reader: Reader, asked: Iterable[Asked]) -> dict[Asked, tuple[bytes, bytes]]:
    """The digest and the answer of each of these requests that was answered before."""
    rows = reader.query_rows(
        """WITH asked (method, request_id) AS ({rows})
           SELECT method, request_id, body_digest, answer FROM asked JOIN request USING (method, request_id)""",
        list(asked),
    )
    return {(method, request_id): (bytes(digest), bytes(answer)) for method, request_id, digest, answer in rows}


def reused(method: str, request_id: str) -> RequestIdReused:
    """The error of an id that stands with another body."""
    return RequestIdReused(
        f"request id {request_id} was used for {method} before, with another body",
        metadata={"method": method, "request_id": request_id},
    )


def remember(tx: Transaction, method: str, request_id: str, body_digest: bytes, answer: bytes, at: datetime) -> None:
    """Keep the answer to a new request. Raises ConstraintRefused when the id stands there already."""
    tx.execute(
        "INSERT INTO request (method, request_id, body_digest, answer, at_us) VALUES (?, ?, ?, ?, ?)",
        (method, request_id, body_digest, answer, to_micros(at)),
    )


def remember_each(tx: Transaction, answers: Sequence[NewAnswer], at: datetime) -> None:
    """Keep the answers to new requests. Raises ConstraintRefused where one of their ids stands there already."""
    at_us = to_micros(at)
    tx.execute_rows(
        "INSERT INTO request (method, request_id, body_digest, answer, at_us) {rows}",
        [(*answer, at_us) for answer in answers],
    )
