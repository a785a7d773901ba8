"""What is wrong with a message that says no noun: every cause, with the path to it."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias, get_args, get_origin

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from solver.errors import Violations
from solver.wire.message_fields import EnumDescriptor, FieldDescriptor, prefix, words_of
from solver.wire.noun_fields import fields_of, is_noun, may_be_none, without_none
from solver.wire.reading import MOMENTS, Unsound

Note: TypeAlias = Callable[[Any, str, Violations], None]  # of a message, or a value in one, that stands at a path


def note_faults(message: Message, noun_type: Any, path: str, violations: Violations) -> None:
    """Record what keeps a message from being read as such a noun."""
    for note in _notes(noun_type, message.DESCRIPTOR):
        note(message, path, violations)


def note_moment(value: Any, hint: Any, at: str, violations: Violations) -> None:
    """Record it where a time, a duration or a day cannot be read."""
    try:
        MOMENTS[hint](value)
    except Unsound:
        said, remedy = _MOMENTS[hint]
        violations.add(at, said(value), remedy)


def _in_seconds(value: Timestamp | Duration) -> str:
    return f"{value.seconds} s"


_MOMENTS: Mapping[Any, tuple[Callable[[Any], str], str]] = {
    datetime: (_in_seconds, "give a time between the years 1 and 9999"),
    timedelta: (_in_seconds, "give a shorter duration"),
    date: (str, "give a day as YYYY-MM-DD"),
}


@cache
def _notes(noun_type: Any, descriptor: Any) -> tuple[Note, ...]:
    """For each field that can be wrong, what records it."""
    wires = descriptor.fields_by_name
    noted = (_of_field(field, hint, wires.get(field.name)) for field, hint in fields_of(noun_type))
    return tuple(note for note in noted if note is not None)


def _of_field(field: Field[Any], hint: Any, wire: FieldDescriptor | None) -> Note | None:
    name, needed = field.name, _is_needed(field, hint)
    hint = without_none(hint)

    def note_missing(_: Any, path: str, violations: Violations) -> None:
        violations.add(_at(path, name), "missing", "give a value")

    if wire is None:
        return note_missing if needed else None
    if get_origin(hint) is Mapping:
        return None
    if wire.is_repeated:
        return _of_list(name, _of_value(wire, get_args(hint)[0]))
    of = _of_value(wire, hint)
    enum = wire.enum_type

    def note(message: Any, path: str, violations: Violations) -> None:
        value = getattr(message, name)
        is_there = message.HasField(name) if wire.has_presence else True
        if not is_there or (enum is not None and not value and 0 not in words_of(enum, hint)):
            if needed:
                note_missing(message, path, violations)
        elif of is not None:
            of(value, _at(path, name), violations)

    return None if of is None and not (needed and wire.has_presence) else note


def _of_list(name: str, of: Note | None) -> Note | None:
    if of is None:
        return None

    def note(message: Any, path: str, violations: Violations) -> None:
        for position, value in enumerate(getattr(message, name)):
            of(value, f"{_at(path, name)}[{position}]", violations)

    return note


def _of_value(wire: FieldDescriptor, hint: Any) -> Note | None:
    """Records what is wrong with one value; None: nothing can be."""
    if hint in MOMENTS:
        return lambda value, at, violations: note_moment(value, hint, at, violations)
    if is_noun(hint):
        return lambda value, at, violations: note_faults(value, hint, at, violations)
    if wire.enum_type is not None:
        return lambda value, at, violations: _note_number(value, wire.enum_type, hint, at, violations)
    return None


def _note_number(number: int, of: EnumDescriptor, hint: type[StrEnum], at: str, violations: Violations) -> None:
    """Record a number that stands for no value."""
    if number not in words_of(of, hint):
        wire_value = of.values_by_number.get(number)
        name = wire_value.name.removeprefix(prefix(of)) if wire_value else ""
        allowed = ", ".join(prefix(of) + one for one in hint.__members__)
        violations.add(at, name or number, f"give one of {allowed}")


def _is_needed(field: Field[Any], hint: Any) -> bool:
    return not may_be_none(hint) and field.default is MISSING and field.default_factory is MISSING


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
