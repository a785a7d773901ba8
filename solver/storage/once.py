"""Do a thing once: a repeated request gets the first answer, and the answer is kept with the effect."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from solver.clock import Clock
from solver.errors import InvalidRequest, Violations
from solver.storage.database import Database, Reader, Transaction
from solver.storage.requests import recall, remember
from solver.validation import check_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks for what: the method, the caller's id of the request, and a digest of its body."""

    method: str
    request_id: str
    body_digest: bytes


def request_for(method: str, request_id: str, *asked: object) -> Request:
    """The request for what is asked, in the domain's words: the same over the wire and within the process."""
    digest = hashlib.sha256(msgspec.json.encode(asked)).digest()
    return Request(method=method, request_id=request_id, body_digest=digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer's bytes, and whether the effect happened just now."""

    body: bytes
    fresh: bool


def is_named(request: Request) -> bool:
    """True when the request has a sound id."""
    violations = Violations()
    check_id(request.request_id, "request_id", violations)
    return not violations.found


def refuse_unnamed(request: Request) -> None:
    """Raise InvalidRequest for a request without a sound id."""
    violations = Violations()
    check_id(request.request_id, "request_id", violations)
    if violations.found:
        raise InvalidRequest(f"the id of a {request.method} request", violations.found)


def answered_before(reader: Reader, request: Request) -> bytes | None:
    """The answer given before. Raises RequestIdReused when the id was used with another body."""
    return recall(reader, request.method, request.request_id, request.body_digest)


def once(database: Database, clock: Clock, request: Request, act: Callable[[Transaction], bytes]) -> Answer:
    """Run `act` and keep its answer with its effect; or return the answer that was kept before. See `Database.run`.

    Raises InvalidRequest without a sound id, RequestIdReused, and whatever `act` raises, with nothing written then.
    """
    refuse_unnamed(request)

    def answer(tx: Transaction) -> Answer:
        before = answered_before(tx, request)
        if before is not None:
            return Answer(body=before, fresh=False)
        body = act(tx)
        remember(tx, request.method, request.request_id, request.body_digest, body, clock.now())
        return Answer(body=body, fresh=True)

    return database.run(answer)


def once_all(
    database: Database, clock: Clock, asked: Sequence[tuple[Request, Callable[[Transaction], bytes]]]
) -> list[Answer]:
    """As `once`, for several requests in one transaction: all of them happen or none. Raises what `once` raises."""
    for request, _ in asked:
        refuse_unnamed(request)

    def answer(tx: Transaction) -> list[Answer]:
        answers = []
        for request, act in asked:
            before = answered_before(tx, request)
            if before is None:
                body = act(tx)
                remember(tx, request.method, request.request_id, request.body_digest, body, clock.now())
                answers.append(Answer(body=body, fresh=True))
            else:
                answers.append(Answer(body=before, fresh=False))
        return answers

    return database.run(answer)
