"""Idempotency: the answer to a request is kept in the same transaction as its effect.

A request id identifies a request of one method; another method may use the same id. Of one whose answer is forgotten
in time a mark is left, 64 bits of a digest, by which a late repeat is refused instead of carried out a second time.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from solver.clock import to_micros
from solver.errors import RequestIdReused, StateConflict
from solver.storage.database import Reader, Transaction

Asked: TypeAlias = tuple[str, str]  # the method and the request id
NewAnswer: TypeAlias = tuple[str, str, bytes, bytes]  # those, the digest of the body and the answer

FIRST_REQUEST_SCHEMA = """
CREATE TABLE IF NOT EXISTS request (
    method TEXT NOT NULL,
    request_id TEXT NOT NULL,
    body_digest BLOB NOT NULL,
    answer BLOB NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (method, request_id)
) STRICT, WITHOUT ROWID;
"""
FORGOTTEN_REQUEST_SCHEMA = """
CREATE TABLE IF NOT EXISTS request_forgotten (
    mark INTEGER PRIMARY KEY
) STRICT;
"""
REQUEST_SCHEMA = FIRST_REQUEST_SCHEMA + FORGOTTEN_REQUEST_SCHEMA
_MARK_BYTES = 8


class RequestForgotten(StateConflict):
    """The request was carried out before, and its answer is no longer kept."""

    reason = "REQUEST_FORGOTTEN"


def recall(reader: Reader, method: str, request_id: str, body_digest: bytes) -> bytes | None:
    """The answer given before to this request, or None when it is new.

    Raises RequestIdReused when the id stands there with another body, RequestForgotten where the answer is no longer
    kept.
    """
    rows = reader.query(
        """SELECT body_digest, answer FROM request WHERE method = ? AND request_id = ?
           UNION ALL SELECT NULL, NULL FROM request_forgotten WHERE mark = ?""",
        (method, request_id, mark_of(method, request_id)),
    )
    if not rows:
        return None
    digest, answer = rows[0]
    if digest is None:
        raise forgotten(method, request_id)
    if digest != body_digest:
        raise reused(method, request_id)
    return bytes(answer)


def recall_each(reader: Reader, asked: Iterable[Asked]) -> dict[Asked, tuple[bytes, bytes] | None]:
    """The digest and the answer of each of these requests that was answered before; None: these are forgotten."""
    rows = reader.query_rows(
        """WITH asked (method, request_id, mark) AS ({rows})
           SELECT method, request_id, body_digest, answer FROM asked JOIN request USING (method, request_id)
           UNION ALL SELECT method, request_id, NULL, NULL FROM asked JOIN request_forgotten USING (mark)""",
        [(method, request_id, mark_of(method, request_id)) for method, request_id in asked],
    )
    return {
        (method, request_id): None if digest is None else (bytes(digest), bytes(answer))
        for method, request_id, digest, answer in rows
    }


def mark_of(method: str, request_id: str) -> int:
    """What is left of a request whose answer is forgotten."""
    digest = hashlib.sha256(f"{method}\0{request_id}".encode()).digest()
    return int.from_bytes(digest[:_MARK_BYTES], "big", signed=True)


def forgotten(method: str, request_id: str) -> RequestForgotten:
    """The error of a request that was carried out so long ago that its answer is no longer kept."""
    return RequestForgotten(
        f"request {request_id} of {method} was carried out so long ago that its answer is no longer kept; it is not "
        "carried out again: look at what it changed, or give another request id to do so once more",
        metadata={"method": method, "request_id": request_id},
    )


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
