"""From request messages to nouns, with every violation of the whole message at once."""

import hashlib
from collections.abc import Iterable
from typing import TypeVar

from google.protobuf.message import Message

from solver.errors import Violations
from solver.storage.once import Request
from solver.wire.codec import from_proto

Noun = TypeVar("Noun")


def request_of(method: str, request_id: str, message: Message) -> Request:
    """What makes a call idempotent: method, id, and a digest of everything that the caller sent."""
    digest = hashlib.sha256(message.SerializeToString(deterministic=True)).digest()
    return Request(method=method, request_id=request_id, body_digest=digest)


def read(message: Message, noun_type: type[Noun], path: str) -> Noun:
    """One noun. Raises InvalidRequest."""
    violations = Violations()
    noun = from_proto(message, noun_type, path, violations)
    violations.refuse_any(path or "the request")
    assert noun is not None, "from_proto records why it returns nothing"
    return noun


def read_all(messages: Iterable[Message], noun_type: type[Noun], path: str) -> tuple[Noun, ...]:
    """Many nouns. Raises InvalidRequest."""
    violations = Violations()
    nouns = [
        from_proto(message, noun_type, f"{path}[{position}]", violations) for position, message in enumerate(messages)
    ]
    violations.refuse_any(f"the list of {path}")
    return tuple(noun for noun in nouns if noun is not None)
