"""Protobuf messages into dataclasses: for each type a function that goes from field to field, written once.

It knows no paths, and gives up at the first thing that does not fit; `faults` then says what all of that is. Almost all
messages are sound, and pay nothing for the words.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field
from datetime import date, datetime, timedelta
from typing import Any, NoReturn, TypeAlias, get_args, get_origin

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from solver.clock import EPOCH
from solver.wire.message_fields import FieldDescriptor, list_within, words_of
from solver.wire.noun_fields import fields_of, is_noun, may_be_none, without_none

Read: TypeAlias = Callable[[Any], Any]  # a message, or a value in one: what it says. Raises Unsound
_SECOND = timedelta(seconds=1)
_FIRST_SECOND = (datetime.min.replace(tzinfo=EPOCH.tzinfo) - EPOCH) // _SECOND
_LAST_SECOND = (datetime.max.replace(tzinfo=EPOCH.tzinfo) - EPOCH) // _SECOND
_LAST_NANO = 999_999_999
_readers: dict[tuple[Any, Any], Read] = {}  # by the noun's type and the message's descriptor
_being_written: set[tuple[Any, Any]] = set()
_writing = threading.RLock()


class Unsound(Exception):
    """The message does not say what the noun needs."""


class Words(dict[int, Any]):
    """What the numbers of an enumeration stand for. Raises Unsound for one that stands for nothing."""

    def __missing__(self, number: int) -> NoReturn:
        raise Unsound


def reader_of(noun_type: Any, descriptor: Any) -> Read:
    """Reads messages of this kind as nouns of this type."""
    known = _readers.get((noun_type, descriptor))
    if known is None:
        with _writing:
            known = _readers.get((noun_type, descriptor)) or _written(noun_type, descriptor)
    return known


def read_time(value: Timestamp) -> datetime:
    """To the microsecond. Raises Unsound."""
    seconds, nanos = value.seconds, value.nanos
    if not (_FIRST_SECOND <= seconds <= _LAST_SECOND and 0 <= nanos <= _LAST_NANO):
        raise Unsound
    return EPOCH + timedelta(0, seconds, nanos // 1_000)


def read_duration(value: Duration) -> timedelta:
    """To the microsecond. Raises Unsound."""
    try:
        return value.ToTimedelta()
    except (ValueError, OverflowError):
        raise Unsound from None


def read_day(value: str) -> date:
    """YYYY-MM-DD, and nothing else of what Python reads: not 20260217 nor 2026-W08-2. Raises Unsound."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Unsound from None
    if day.isoformat() != value:
        raise Unsound
    return day


MOMENTS: Mapping[Any, Read] = {datetime: read_time, timedelta: read_duration, date: read_day}


def _written(noun_type: Any, descriptor: Any) -> Read:
    """Writes the function. Nouns may have nouns of their own type within, which find it when it is there."""
    key = noun_type, descriptor
    if key in _being_written:
        return lambda message: reader_of(*key)(message)  # noqa: PLW0108 - it is not there before something is read
    _being_written.add(key)
    names: dict[str, Any] = {"Noun": noun_type, "refuse": _refuse}
    wires = descriptor.fields_by_name
    said = [f"{field.name}={_said(field, hint, wires.get(field.name), names)}" for field, hint in fields_of(noun_type)]
    source = f"def read(message):\n    return Noun({', '.join(said)})"
    exec(compile(source, f"<{noun_type.__qualname__} of {descriptor.full_name}>", "exec"), names)  # noqa: S102 - ours
    read: Read = names["read"]
    _readers[key] = read
    _being_written.discard(key)
    return read


def _said(field: Field[Any], hint: Any, wire: FieldDescriptor | None, names: dict[str, Any]) -> str:
    """What a field of the noun is, as an expression; what that calls by name is added to the names."""
    absent = _absent(field, hint, names)
    if wire is None:
        return absent
    hint, there, read = without_none(hint), f"message.{field.name}", f"read_{field.name}"
    if get_origin(hint) is Mapping:
        names[read] = _mapping_reader(wire)
        return f"{read}({there})"
    if wire.enum_type is not None:
        names[read] = words = Words(words_of(wire.enum_type, get_args(hint)[0] if wire.is_repeated else hint))
        if wire.is_repeated:
            return f"tuple([{read}[number] for number in {there}])"
        return f"{read}[{there}]" if 0 in words else f"{read}[number] if (number := {there}) else {absent}"
    of = _value_reader(get_args(hint)[0] if wire.is_repeated else hint, wire)
    if of is not None:
        names[read] = of
    if wire.is_repeated:
        return f"tuple({there})" if of is None else f"tuple([{read}(one) for one in many]) if (many := {there}) else ()"
    value = there if of is None else f"{read}({there})"
    return f"{value} if message.HasField({field.name!r}) else {absent}" if wire.has_presence else value


def _absent(field: Field[Any], hint: Any, names: dict[str, Any]) -> str:
    """What a field is without a value, likewise: None where it may be that, else its default, else unsound."""
    if may_be_none(hint):
        return "None"
    if field.default is not MISSING:
        names[f"default_{field.name}"] = field.default
        return f"default_{field.name}"
    if field.default_factory is not MISSING:
        names[f"make_{field.name}"] = field.default_factory
        return f"make_{field.name}()"
    return "refuse()"


def _refuse() -> NoReturn:
    raise Unsound


def _value_reader(hint: Any, wire: FieldDescriptor) -> Read | None:
    """Reads one value; None where it means what it says."""
    return MOMENTS.get(hint) or (reader_of(hint, wire.message_type) if is_noun(hint) else None)


def _mapping_reader(wire: FieldDescriptor) -> Read:
    """In alphabetical order: protobuf's maps have none of their own."""
    listed = list_within(wire)
    if listed is None:
        return lambda values: {key: values[key] for key in sorted(values)}
    return lambda values: {key: tuple(getattr(values[key], listed)) for key in sorted(values)}
