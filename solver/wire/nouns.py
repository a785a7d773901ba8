"""What a client reads of an answer: any noun whose message has the same fields."""

from typing import TypeVar

from google.protobuf.message import Message

from solver.errors import BrokenInvariant, Violations
from solver.wire.codec import from_proto

Noun = TypeVar("Noun")


def noun_of(message: Message, noun_type: type[Noun]) -> Noun:
    """The noun that the message says. Raises BrokenInvariant where a service sends what it should not."""
    violations = Violations()
    noun = from_proto(message, noun_type, "", violations)
    if noun is None:
        listed = "; ".join(str(one) for one in violations.found)
        raise BrokenInvariant(f"the service sent a {noun_type.__name__} that is none: {listed}")
    return noun
