"""Domain dataclasses <-> protobuf messages, field by field of the same name.

The wire uses the domain's own words, so one codec serves every noun; a test holds that no field is without its twin.
- a wire field without presence means what it says, also when it is 0;
- an absent message, optional field or unspecified enum means the dataclass's default; where there is none it is a
  violation: something the caller must give;
- an absent field of a type with None is None;
- maps have strings as keys; a map of lists has messages with one repeated field as values;
- enum values agree by name below the enum's prefix;
- times are aware UTC; durations are timedeltas; days are ISO 8601 text.
"""

from datetime import datetime, timedelta
from typing import TypeVar, cast

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message

from solver.errors import Violations
from solver.wire.faults import note_faults, note_moment
from solver.wire.filling import fill_proto, to_proto
from solver.wire.reading import Unsound, read_duration, read_time, reader_of

__all__ = ["duration_of", "fill_proto", "from_proto", "time_of", "to_proto"]

Noun = TypeVar("Noun")


def from_proto(message: Message, noun_type: type[Noun], path: str, violations: Violations) -> Noun | None:
    """The dataclass that says the same as the message; None, with every cause recorded, where there is none."""
    try:
        return cast("Noun", reader_of(noun_type, message.DESCRIPTOR)(message))
    except Unsound:
        note_faults(message, noun_type, path, violations)
        return None


def time_of(message: Message, name: str) -> datetime:
    """A time that the message must say. Raises InvalidRequest."""
    violations = Violations()
    if violations.require(message.HasField(name), name, "missing", "give a value"):
        note_moment(getattr(message, name), datetime, name, violations)
    violations.refuse_any(name)
    return read_time(getattr(message, name))


def duration_of(value: Duration, at: str) -> timedelta:
    """A duration that stands by itself. Raises InvalidRequest."""
    violations = Violations()
    note_moment(value, timedelta, at, violations)
    violations.refuse_any(at)
    return read_duration(value)
