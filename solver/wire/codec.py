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

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from solver.errors import Violations
from solver.wire.filling import fill_proto, to_proto
from solver.wire.message_fields import EnumDescriptor, FieldDescriptor, list_within, prefix, values_of

__all__ = ["duration_of", "fill_proto", "from_proto", "time_of", "to_proto"]

Noun = TypeVar("Noun")
_ABSENT, _REQUIRED = object(), object()

Read: TypeAlias = Callable[[Any, str, Violations], Any]  # a field of a message that stands at a path
ReadValue: TypeAlias = Callable[[Any, str, Violations], Any]  # its value


def from_proto(message: Message, noun_type: type[Noun], path: str, violations: Violations) -> Noun | None:
    """The dataclass that says the same as the message; None, with every cause recorded, where there is none."""
    names, plain, readers = _readers(cast("Any", noun_type), message.DESCRIPTOR)
    values: dict[str, Any] = dict(zip(names, plain(message), strict=True))
    sound = True
    for name, read, without in readers:
        value = read(message, path, violations)
        if value is None:
            sound = False
        elif value is not _ABSENT:
            values[name] = value
        elif without is None:
            values[name] = None
        elif without is _REQUIRED:
            violations.add(_at(path, name), "missing", "give a value")
            sound = False
    return noun_type(**values) if sound else None


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


@cache
def _readers(
    noun_type: Any, descriptor: Any
) -> tuple[tuple[str, ...], Callable[[Any], Sequence[Any]], tuple[tuple[str, Read, object], ...]]:
    """The fields that mean what they say with their values, and how each other one is read.

    With each of those: what it is without a value: None, its default (_ABSENT), or _REQUIRED.
    """
    names, readers = [], []
    for field, hint in _fields(noun_type):
        wire = descriptor.fields_by_name.get(field.name)
        read = _reader(wire, _without_none(hint))
        if read is None:
            names.append(field.name)
        else:
            without = None if _may_be_none(hint) else _REQUIRED if _is_required(field) else _ABSENT
            readers.append((field.name, read, without))
    return tuple(names), values_of(names), tuple(readers)


def _reader(wire: FieldDescriptor | None, hint: Any) -> Read | None:
    """Reads a field of a message at a path: the value, _ABSENT, or None after recording a violation.

    None: the field means what it says.
    """
    if wire is None:
        return lambda _, __, ___: _ABSENT
    name = wire.name
    if get_origin(hint) is Mapping:
        return lambda message, _, __: _read_mapping(getattr(message, name), wire)
    if wire.is_repeated:
        read_item = _value_reader(wire, get_args(hint)[0], in_list=True)
        if read_item is None:
            return lambda message, _, __: tuple(getattr(message, name))
        of_item = read_item
        return lambda message, path, violations: (
            _read_repeated(values, of_item, _at(path, name), violations) if (values := getattr(message, name)) else ()
        )
    read = _value_reader(wire, hint)
    if not wire.has_presence:
        if read is None:
            return None
        known = read
        return lambda message, path, violations: known(getattr(message, name), _at(path, name), violations)
    if read is None:
        return lambda message, _, __: getattr(message, name) if message.HasField(name) else _ABSENT
    of = read
    return lambda message, path, violations: (
        of(getattr(message, name), _at(path, name), violations) if message.HasField(name) else _ABSENT
    )


def _read_mapping(values: Any, wire: FieldDescriptor) -> dict[str, Any]:
    """In alphabetical order: protobuf's maps have none of their own."""
    listed = list_within(wire)
    return {key: values[key] if listed is None else tuple(getattr(values[key], listed)) for key in sorted(values)}


def _read_repeated(values: Any, read: ReadValue, at: str, violations: Violations) -> Any:
    found = [read(value, f"{at}[{position}]", violations) for position, value in enumerate(values)]
    return None if any(value is None for value in found) else tuple(found)


def _value_reader(wire: FieldDescriptor, hint: Any, *, in_list: bool = False) -> ReadValue | None:
    """Reads one value; None where it means what it says."""
    if hint in _MOMENTS:
        return _MOMENTS[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return lambda value, at, violations: from_proto(value, hint, at, violations)
    if wire.enum_type is not None:
        descriptor = wire.enum_type
        begin = prefix(descriptor)
        known = {
            value.number: hint[name]
            for value in descriptor.values
            if (name := value.name.removeprefix(begin)) in hint.__members__
        }
        return lambda value, at, violations: (
            found
            if (found := known.get(value)) is not None
            else _no_enum(value, descriptor, hint, at, violations, in_list=in_list)
        )
    return None


def _time(value: Timestamp, at: str, violations: Violations) -> datetime | None:
    remedy = "give a time between the years 1 and 9999"
    return _converted(lambda: value.ToDatetime(tzinfo=UTC), value, at, remedy, violations)


def time_of(message: Message, name: str) -> datetime:
    """A time that the message must say. Raises InvalidRequest."""
    violations = Violations()
    moment = None
    if violations.require(message.HasField(name), name, "missing", "give a value"):
        moment = _time(getattr(message, name), name, violations)
    violations.refuse_any(name)
    assert moment is not None, "_time records why it returns nothing"
    return moment


def duration_of(value: Duration, at: str) -> timedelta:
    """A duration that stands by itself. Raises InvalidRequest."""
    violations = Violations()
    duration = _duration(value, at, violations)
    violations.refuse_any(at)
    assert duration is not None, "_duration records why it returns nothing"
    return duration


def _duration(value: Duration, at: str, violations: Violations) -> timedelta | None:
    return _converted(value.ToTimedelta, value, at, "give a shorter duration", violations)


def _day(value: str, at: str, violations: Violations) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:  # Python also reads 20260217 and 2026-W08-2
        violations.add(at, value, "give a day as YYYY-MM-DD")
        return None
    return day


_MOMENTS: dict[Any, ReadValue] = {datetime: _time, timedelta: _duration, date: _day}
_Moment = TypeVar("_Moment")


def _converted(
    read: Callable[[], _Moment], value: Timestamp | Duration, at: str, remedy: str, violations: Violations
) -> _Moment | None:
    try:
        return read()
    except (ValueError, OverflowError):
        violations.add(at, f"{value.seconds} s", remedy)
        return None


def _no_enum(
    number: int,
    descriptor: EnumDescriptor,
    hint: type[StrEnum],
    at: str,
    violations: Violations,
    *,
    in_list: bool,
) -> Any:
    """Of a number that stands for no value."""
    if number == 0 and not in_list:
        return _ABSENT
    wire_value = descriptor.values_by_number.get(number)
    name = wire_value.name.removeprefix(prefix(descriptor)) if wire_value else ""
    allowed = ", ".join(prefix(descriptor) + one for one in hint.__members__)
    violations.add(at, name or number, f"give one of {allowed}")
    return None


def _may_be_none(hint: Any) -> bool:
    return type(None) in get_args(hint)


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _without_none(hint: Any) -> Any:  # X of X | None
    if get_origin(hint) in (Union, types.UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


@cache
def _fields(noun_type: Any) -> tuple[tuple[Field[Any], Any], ...]:
    hints = get_type_hints(noun_type)
    return tuple((field, hints[field.name]) for field in fields(noun_type))
