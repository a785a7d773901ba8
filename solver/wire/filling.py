"""Dataclasses into protobuf messages. What is to be done for a type is worked out once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias, TypeVar, cast

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from solver.clock import EPOCH
from solver.errors import FieldViolation, InvalidRequest
from solver.wire.message_fields import FieldDescriptor, is_map, list_within, prefix, values_of

Wire = TypeVar("Wire", bound=Message)
Fill: TypeAlias = Callable[[Any, Message], None]  # a value into a message
Filler: TypeAlias = tuple[str, Fill, bool]  # the field's name, how it is written, whether a 0 or an empty one is


def to_proto(noun: object, message_type: type[Wire]) -> Wire:
    """The message that says the same as the dataclass."""
    message = message_type()
    fill_proto(noun, message)
    return message


def fill_proto(noun: object, message: Message, without: frozenset[str] = frozenset()) -> None:
    """Write a dataclass into a message. Fields that the message does not have are left out, and those named here.

    Raises InvalidRequest for a value that the message cannot hold.
    """
    if isinstance(noun, datetime):
        _fill_time(noun, message)
    elif isinstance(noun, timedelta):
        message.FromTimedelta(noun)  # type: ignore[attr-defined]  # a Duration
    else:
        _fill(noun, message, without)


def _fill(noun: Any, message: Message, without: frozenset[str] = frozenset()) -> None:
    read, fillers = _fillers(cast("Any", type(noun)), message.DESCRIPTOR, without)
    values = read(noun)
    try:
        for value, (_, fill, says_nothing) in zip(values, fillers, strict=True):
            if value or (value is not None and says_nothing):
                fill(value, message)
    except (TypeError, ValueError, OverflowError) as error:
        unfit = _unfit(noun, type(message)(), values, fillers)
        if unfit is None:
            raise
        raise unfit from error


def _unfit(noun: Any, blank: Message, values: Sequence[Any], fillers: Sequence[Filler]) -> InvalidRequest | None:
    """The error that names the first value that a message cannot hold."""
    for value, (name, fill, _) in zip(values, fillers, strict=True):
        try:
            if value is not None:
                fill(value, blank)
        except (TypeError, ValueError, OverflowError) as error:
            violation = FieldViolation(field=name, value=repr(value), remedy=str(error))
            return InvalidRequest(f"the {type(noun).__name__}", [violation])
    return None


@cache
def _fillers(
    noun_type: Any, descriptor: Any, without: frozenset[str]
) -> tuple[Callable[[Any], Sequence[Any]], tuple[Filler, ...]]:
    """The values of a noun that a message of this kind has as well, and how each of them is written."""
    wire_fields = descriptor.fields_by_name
    names = [name for name in _names(noun_type) if name in wire_fields and name not in without]
    return values_of(names), tuple((name, *_filler(wire_fields[name])) for name in names)


def _filler(wire: FieldDescriptor) -> tuple[Fill, bool]:
    """How a value is written, and whether a 0 or an empty one is."""
    name = wire.name
    if is_map(wire):
        return lambda value, message: _fill_mapping(value, wire, getattr(message, name)), False
    said = _said(wire)
    if wire.is_repeated:
        return lambda value, message: _fill_repeated(value, wire, said, getattr(message, name)), False
    if wire.message_type is not None:
        fill: Fill = _FILLED_BY.get(wire.message_type.full_name, _fill_message)
        return lambda value, message: fill(value, getattr(message, name)), True
    if said is None:
        return lambda value, message: setattr(message, name, value), wire.has_presence
    return lambda value, message: setattr(message, name, said(value)), wire.has_presence


def _said(wire: FieldDescriptor) -> Callable[[Any], Any] | None:
    """What the wire says of a value; None: the value itself."""
    if wire.enum_type is not None:
        begin = prefix(wire.enum_type)
        numbers = {value.name.removeprefix(begin): value.number for value in wire.enum_type.values}
        return lambda value: numbers[value.name] if isinstance(value, StrEnum) else value
    return _text if wire.type == wire.TYPE_STRING else None


def _text(value: Any) -> Any:
    """A word or a day where the wire takes any text."""
    if type(value) is str:
        return value
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _fill_message(value: Any, target: Any) -> None:
    target.SetInParent()
    fill_proto(value, target)


def _fill_time(value: datetime, target: Any) -> None:
    if value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} has no time zone: give it one, such as tzinfo=UTC")
    target.SetInParent()
    since = value - EPOCH
    target.seconds, target.nanos = since.days * 86_400 + since.seconds, since.microseconds * 1_000


_FILLED_BY: dict[str, Fill] = {Timestamp.DESCRIPTOR.full_name: _fill_time}


def _fill_mapping(values: Mapping[str, Any], wire: FieldDescriptor, target: Any) -> None:
    listed = list_within(wire)
    if listed is None:
        target.update({str(key): value for key, value in values.items()})
        return
    for key, value in values.items():
        getattr(target[str(key)], listed).extend(value)


def _fill_repeated(values: Any, wire: FieldDescriptor, said: Callable[[Any], Any] | None, target: Any) -> None:
    if wire.message_type is not None:
        for value in values:
            fill_proto(value, target.add())
    else:
        target.extend(values if said is None else [said(value) for value in values])


@cache
def _names(noun_type: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(noun_type))
