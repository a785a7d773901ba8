"""From request messages to nouns, with every violation of the whole message at once."""

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

from google.protobuf.message import Message

from solver.errors import Violations
from solver.storage.once import Request
from solver.watching.call_notes import note_request
from solver.wire.codec import from_proto

Noun = TypeVar("Noun")
Value = TypeVar("Value", bound=StrEnum)


def request_of(method: str, request_id: str, message: Message) -> Request:
    """What makes a call idempotent: method, id, and a digest of everything that the caller sent."""
    note_request(request_id)
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


def enum_of(number: int, wire_enum: Any, enum: type[Value], path: str) -> Value:
    """The value that a number of the wire stands for. Raises InvalidRequest for one that stands for none."""
    named = {wire_enum.Value(name): name for name in wire_enum.keys()}  # noqa: SIM118 - no mapping
    by_name = {name: value for value in enum for name in named.values() if name.endswith(f"_{value.name}")}
    violations, name = Violations(), named.get(number, "")
    violations.require(name in by_name, path, name or number, f"give {', '.join(by_name)}")
    violations.refuse_any(path)
    return by_name[name]


def values_of(numbers: Iterable[int], wire_enum: Any, enum: type[Value], path: str) -> tuple[Value, ...]:
    """The values that numbers of the wire stand for. Raises InvalidRequest for those that stand for none."""
    named = {number: name for name, number in wire_enum.items()}
    by_name = {name: value for value in enum for name in named.values() if name.endswith(f"_{value.name}")}
    violations, values = Violations(), []
    for position, number in enumerate(numbers):
        name = named.get(number, "")
        if violations.require(name in by_name, f"{path}[{position}]", name or number, f"give {', '.join(by_name)}"):
            values.append(by_name[name])
    violations.refuse_any(f"the list of {path}")
    return tuple(values)
