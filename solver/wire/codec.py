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
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from solver.errors import FieldViolation, InvalidRequest, Violations

Noun = TypeVar("Noun")
Wire = TypeVar("Wire", bound=Message)
_ABSENT, _REQUIRED = object(), object()

# protobuf's implementations (in C and in Python) share no type for these.
FieldDescriptor = Any
EnumDescriptor = Any

Fill: TypeAlias = Callable[[Any, Message], None]  # a value into a message
Read: TypeAlias = Callable[[Any, str, Violations], Any]  # a field of a message that stands at a path
ReadValue: TypeAlias = Callable[[Any, str, Violations], Any]  # its value


def to_proto(noun: object, message_type: type[Wire]) -> Wire:
    """The message that says the same as the dataclass."""
    message = message_type()
    fill_proto(noun, message)
    return message


def fill_proto(noun: object, message: Message) -> None:
    """Write a dataclass into a message. Fields that the message does not have are left out.

    Raises InvalidRequest for a value that the message cannot hold.
    """
    if isinstance(noun, datetime):
        if noun.tzinfo is None:
            raise ValueError(f"{noun.isoformat()} has no time zone: give it one, such as tzinfo=UTC")
        message.FromDatetime(noun)  # type: ignore[attr-defined]  # a Timestamp
        return
    if isinstance(noun, timedelta):
        message.FromTimedelta(noun)  # type: ignore[attr-defined]  # a Duration
        return
    for name, fill in _fillers(cast("Any", type(noun)), message.DESCRIPTOR):
        value = getattr(noun, name)
        if value is None:
            continue
        try:
            fill(value, message)
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidRequest(
                f"the {type(noun).__name__}", [FieldViolation(field=name, value=repr(value), remedy=str(error))]
            ) from error


@cache
def _fillers(noun_type: Any, descriptor: Any) -> tuple[tuple[str, Fill], ...]:
    """How each field is written that the message has as well."""
    wire_fields = descriptor.fields_by_name
    return tuple((name, _filler(wire_fields[name])) for name in _names(noun_type) if name in wire_fields)


def _filler(wire: FieldDescriptor) -> Fill:
    name = wire.name
    if _is_map(wire):
        return lambda value, message: _fill_mapping(value, wire, getattr(message, name))
    if wire.is_repeated:
        return lambda value, message: _fill_repeated(value, wire, getattr(message, name))
    if wire.message_type is not None:
        return lambda value, message: _fill_message(value, getattr(message, name))
    if wire.has_presence:
        return lambda value, message: setattr(message, name, _wire_scalar(value, wire))

    def fill(value: Any, message: Message) -> None:
        if value:  # nothing is sent for a 0 or an empty text
            setattr(message, name, _wire_scalar(value, wire))

    return fill


def _is_map(wire: FieldDescriptor) -> bool:
    return wire.message_type is not None and bool(wire.message_type.GetOptions().map_entry)


def _fill_message(value: Any, target: Any) -> None:
    target.SetInParent()
    fill_proto(value, target)


def _fill_mapping(values: Mapping[str, Any], wire: FieldDescriptor, target: Any) -> None:
    listed = _list_within(wire)
    if listed is None:
        target.update({str(key): value for key, value in values.items()})
        return
    for key, value in values.items():
        getattr(target[str(key)], listed).extend(value)


def _list_within(wire: FieldDescriptor) -> str | None:
    """The one field of the message that stands for a list in a map's values; None: the values are plain."""
    value = wire.message_type.fields_by_name["value"].message_type
    return None if value is None else str(value.fields[0].name)


def _fill_repeated(values: Any, wire: FieldDescriptor, target: Any) -> None:
    if wire.message_type is not None:
        for value in values:
            fill_proto(value, target.add())
    else:
        target.extend(_wire_scalar(value, wire) for value in values)


def _wire_scalar(value: Any, wire: FieldDescriptor) -> Any:
    if isinstance(value, StrEnum):
        if wire.enum_type is None:  # a word where the wire takes any text
            return value.value
        return wire.enum_type.values_by_name[_prefix(wire.enum_type) + value.name].number
    return value.isoformat() if isinstance(value, date) else value


def from_proto(message: Message, noun_type: type[Noun], path: str, violations: Violations) -> Noun | None:
    """The dataclass that says the same as the message; None, with every cause recorded, where there is none."""
    values: dict[str, Any] = {}
    sound = True
    for name, read, without in _readers(cast("Any", noun_type), message.DESCRIPTOR):
        at = f"{path}.{name}" if path else name
        value = read(message, at, violations)
        if value is None:
            sound = False
        elif value is not _ABSENT:
            values[name] = value
        elif without is None:
            values[name] = None
        elif without is _REQUIRED:
            violations.add(at, "missing", "give a value")
            sound = False
    return noun_type(**values) if sound else None


@cache
def _readers(noun_type: Any, descriptor: Any) -> tuple[tuple[str, Read, object], ...]:
    """How each field is read, and what it is without a value: None, its default (_ABSENT), or _REQUIRED."""
    return tuple(
        (
            field.name,
            _reader(descriptor.fields_by_name.get(field.name), _without_none(hint)),
            None if _may_be_none(hint) else _REQUIRED if _is_required(field) else _ABSENT,
        )
        for field, hint in _fields(noun_type)
    )


def _reader(wire: FieldDescriptor | None, hint: Any) -> Read:
    """Reads one field: the value, _ABSENT, or None after recording a violation."""
    if wire is None:
        return lambda _, __, ___: _ABSENT
    name = wire.name
    if get_origin(hint) is Mapping:
        return lambda message, _, __: _read_mapping(getattr(message, name), wire)
    if wire.is_repeated:
        read_item = _value_reader(wire, get_args(hint)[0], in_list=True)
        return lambda message, at, violations: _read_repeated(getattr(message, name), read_item, at, violations)
    read = _value_reader(wire, hint)
    if read is None:
        present: Read = lambda message, _, __: getattr(message, name)  # noqa: E731 - one of several
    else:
        known = read
        present = lambda message, at, violations: known(getattr(message, name), at, violations)  # noqa: E731
    if not wire.has_presence:
        return present
    return lambda message, at, violations: present(message, at, violations) if message.HasField(name) else _ABSENT


def _read_mapping(values: Any, wire: FieldDescriptor) -> dict[str, Any]:
    """In alphabetical order: protobuf's maps have none of their own."""
    listed = _list_within(wire)
    return {key: values[key] if listed is None else tuple(getattr(values[key], listed)) for key in sorted(values)}


def _read_repeated(values: Any, read: ReadValue | None, at: str, violations: Violations) -> Any:
    if read is None:
        return tuple(values)
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
        return lambda value, at, violations: _enum(value, descriptor, hint, at, violations, in_list=in_list)
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


def _enum(
    number: int,
    descriptor: EnumDescriptor,
    hint: type[StrEnum],
    at: str,
    violations: Violations,
    *,
    in_list: bool,
) -> Any:
    wire_value = descriptor.values_by_number.get(number)
    name = wire_value.name.removeprefix(_prefix(descriptor)) if wire_value else ""
    if name in hint.__members__:
        return hint[name]
    if number == 0 and not in_list:
        return _ABSENT
    allowed = ", ".join(_prefix(descriptor) + one for one in hint.__members__)
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


@cache
def _names(noun_type: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(noun_type))


@cache
def _prefix(descriptor: EnumDescriptor) -> str:
    """`SOURCE_KIND_` of the enum SourceKind: what its zero value has before UNSPECIFIED."""
    zero: str = descriptor.values_by_number[0].name
    return zero.removesuffix("UNSPECIFIED")
