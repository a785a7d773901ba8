"""Dataclasses into protobuf messages. What is to be done for a type is worked out once.

A noun becomes keyword arguments first, its nouns in turn, so that the message is made in one call.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias, TypeVar, cast

from google.protobuf.descriptor import FieldDescriptor as Kind
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp

from solver.clock import EPOCH
from solver.errors import FieldViolation, InvalidRequest
from solver.wire.message_fields import EnumDescriptor, FieldDescriptor, is_map, list_within, prefix, values_of

Wire = TypeVar("Wire", bound=Message)
Said: TypeAlias = dict[str, Any]  # what a message is made of, by its fields
Say: TypeAlias = Callable[[Any], Any]  # a value as a message is given it; None: as it stands
Saying: TypeAlias = tuple[str, Say | None, bool]  # the field's name, and whether it says a 0 or an empty value

_UNFIT = (AttributeError, TypeError, ValueError, OverflowError)  # what comes of a value that a message cannot hold
_NUMBERS = (Kind.TYPE_INT64, Kind.TYPE_INT32, Kind.TYPE_DOUBLE)
_NOTHING: frozenset[str] = frozenset()
_NO_MORE: Said = {}


def to_proto(noun: object, message_type: type[Wire]) -> Wire:
    """The message that says the same as the dataclass. Raises InvalidRequest for a value that it cannot hold."""
    return all_to_proto((noun,), message_type)


def all_to_proto(
    nouns: Sequence[object], message_type: type[Wire], further: Said = _NO_MORE, without: frozenset[str] = _NOTHING
) -> Wire:
    """The message that says what all these dataclasses say, and some further fields. Raises InvalidRequest."""
    return _made(message_type, nouns, message_type, further, without)


def add_to_proto(nouns: Sequence[object], message_type: type[Message], messages: Any, further: Said = _NO_MORE) -> None:
    """The same at the end of a list of such messages within another. Raises InvalidRequest."""
    _made(messages.add, nouns, message_type, further, _NOTHING)


def _made(
    make: Callable[..., Wire],
    nouns: Sequence[object],
    message_type: type[Message],
    further: Said,
    without: frozenset[str],
) -> Wire:
    try:
        said = dict(further)
        for noun in nouns:
            said.update(_said_by(noun, message_type.DESCRIPTOR, without))
        return make(**said)
    except _UNFIT as error:
        for noun in nouns:
            unfit = _unfit(noun, message_type, without)
            if unfit is not None:
                raise InvalidRequest(f"the {type(noun).__name__}", [unfit]) from error
        raise


def fill_proto(noun: object, message: Message, without: frozenset[str] = _NOTHING) -> None:
    """Write a dataclass into a message. Fields that the message does not have are left out, and those named here.

    Raises InvalidRequest for a value that the message cannot hold.
    """
    message.MergeFrom(all_to_proto((noun,), type(message), without=without))
    message.SetInParent()


def _said_by(noun: Any, descriptor: Any, without: frozenset[str]) -> Said:
    """What a message of this kind is made of that says what the noun says."""
    if isinstance(noun, datetime):
        return _time(noun)
    if isinstance(noun, timedelta):
        return _duration(noun)
    said: Said = _sayer(descriptor, without)(noun)
    return said


@cache
def _sayer(descriptor: Any, without: frozenset[str] = _NOTHING) -> Say:
    """Says what messages of this kind are made of that say what nouns say, of whatever type each of them is."""
    known: dict[type[Any], Say] = {}

    def say_noun(noun: Any) -> Any:
        say = known.get(type(noun))
        if say is None:
            say = known[type(noun)] = _sayer_of(cast("Any", type(noun)), descriptor, without)
        return say(noun)

    return say_noun


def _sayer_of(noun_type: Any, descriptor: Any, without: frozenset[str]) -> Say:
    """The same for nouns of one type: a function that goes from field to field, which no loop does as quickly.

    Texts stand as they are where the noun takes texts alone; elsewhere a word or a day may stand for one.
    """
    _, sayings = _sayings(noun_type, descriptor, without)
    texts = {field.name for field in fields(noun_type) if field.type is str}
    lines = ["def say(noun):", "said = {}"]
    names: Said = {}
    for name, say, says_nothing in sayings:
        is_said = f"(value := noun.{name}) is not None" if says_nothing else f"value := noun.{name}"
        if say is None or (say is _text and name in texts):
            lines.append(f"if {is_said}: said['{name}'] = value")
        elif say is _number:
            names["number"] = _number
            lines.append(f"if {is_said}: said['{name}'] = number(value) if value is True or value is False else value")
        else:
            names[f"say_{name}"] = say
            lines.append(f"if {is_said}: said['{name}'] = say_{name}(value)")
    lines.append("return said")
    source = "\n    ".join(lines)
    exec(compile(source, f"<{noun_type.__qualname__} in {descriptor.full_name}>", "exec"), names)  # noqa: S102 - ours
    say_noun: Say = names["say"]
    return say_noun


def _unfit(
    noun: Any, message_type: type[Message], without: frozenset[str] = _NOTHING, path: str = ""
) -> FieldViolation | None:
    """The first value that a message cannot hold, in the noun or in one of its own, with its path."""
    if not is_dataclass(noun):
        return None
    read, sayings = _sayings(cast("Any", type(noun)), message_type.DESCRIPTOR, without)
    for value, (name, say, _) in zip(read(noun), sayings, strict=True):
        if value is None:
            continue
        try:
            message_type(**{name: value if say is None else say(value)})
        except _UNFIT as error:
            wire, at = message_type.DESCRIPTOR.fields_by_name[name], f"{path}{name}"
            return _within(wire, value, at) or FieldViolation(
                field=at, value=repr(value), remedy=_remedy(wire, value, error)
            )
    return None


def _within(wire: FieldDescriptor, value: Any, path: str) -> FieldViolation | None:
    """As `_unfit`, of the noun or the nouns in a field."""
    if wire.message_type is None or is_map(wire):
        return None
    of = GetMessageClass(cast("Any", wire.message_type))
    if not wire.is_repeated:
        return _unfit(value, of, path=f"{path}.")
    if not isinstance(value, Iterable):
        return None
    found = (_unfit(one, of, path=f"{path}[{at}].") for at, one in enumerate(value))
    return next((one for one in found if one is not None), None)


def _remedy(wire: FieldDescriptor, value: object, error: Exception) -> str:
    """What to give instead of a value that a field cannot hold."""
    of = wire.message_type
    if isinstance(value, datetime | timedelta) or wire.is_repeated or (of is not None and is_map(wire)):
        return str(error)
    if of is None:
        return _REMEDIES.get(wire.type, str(error))
    return _REMEDIES.get(of.full_name, f"give it as {of.name}")


@cache
def _sayings(
    noun_type: Any, descriptor: Any, without: frozenset[str]
) -> tuple[Callable[[Any], Sequence[Any]], tuple[Saying, ...]]:
    """The values of a noun that a message of this kind has as well, and how each of them is said."""
    wire_fields = descriptor.fields_by_name
    names = [name for name in _names(noun_type) if name in wire_fields and name not in without]
    return values_of(names), tuple((name, *_saying(wire_fields[name])) for name in names)


def _saying(wire: FieldDescriptor) -> tuple[Say | None, bool]:
    """How a value is said, and whether a 0 or an empty one is."""
    if is_map(wire):
        listed = list_within(wire)
        if listed is None:
            return lambda values: {str(key): value for key, value in values.items()}, False
        return lambda values: {str(key): {listed: list(value)} for key, value in values.items()}, False
    say = _say(wire)
    if not wire.is_repeated:
        return say, wire.message_type is not None or wire.has_presence
    if say is None or say is _number:  # a list of numbers, perhaps of very many, is given as it stands
        return None, False
    return lambda values: [say(value) for value in values], False


def _say(wire: FieldDescriptor) -> Say | None:
    """How one value is said; None: as it stands."""
    within = wire.message_type
    if within is not None:
        say: Say = _MOMENTS.get(within.full_name) or _sayer(within)
        return say
    if wire.enum_type is not None:
        return _said_by_number(wire.enum_type)
    if wire.type in _NUMBERS:
        return _number
    return _text if wire.type == wire.TYPE_STRING else None


def _number(value: Any) -> Any:
    """A number; protobuf would take True for 1."""
    if value is True or value is False:
        raise TypeError("no number")
    return value


def _said_by_number(enum_type: EnumDescriptor) -> Say:
    """Says words by their numbers; those that were said before are known, by their identity: there is one of each."""
    begin = prefix(enum_type)
    numbers = {value.name.removeprefix(begin): value.number for value in enum_type.values}
    known: dict[int, int] = {}

    def say(value: Any) -> Any:
        if not isinstance(value, StrEnum):
            return value
        number = known.get(id(value))
        if number is None:
            number = known[id(value)] = numbers[value.name]
        return number

    return say


def _text(value: Any) -> Any:
    """A word or a day where the wire takes any text."""
    if type(value) is str:
        return value
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _time(value: datetime) -> Said:
    if value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} has no time zone: give it one, such as tzinfo=UTC")
    since = value - EPOCH
    return {"seconds": since.days * 86_400 + since.seconds, "nanos": since.microseconds * 1_000}


def _duration(value: timedelta) -> Said:
    duration = Duration()
    duration.FromTimedelta(value)
    return {"seconds": duration.seconds, "nanos": duration.nanos}


_REMEDIES: Mapping[str | int, str] = {  # by kind of field, or by the message within
    Timestamp.DESCRIPTOR.full_name: "give a datetime with a time zone, such as datetime.now(UTC)",
    Duration.DESCRIPTOR.full_name: "give a timedelta",
    Kind.TYPE_INT64: "give a whole number of at most 64 bits",
    Kind.TYPE_INT32: "give a whole number of at most 32 bits",
    Kind.TYPE_DOUBLE: "give a number",
    Kind.TYPE_BOOL: "give True or False",
    Kind.TYPE_STRING: "give a text",
}
_MOMENTS: Mapping[str, Say] = {Timestamp.DESCRIPTOR.full_name: _time, Duration.DESCRIPTOR.full_name: _duration}


@cache
def _names(noun_type: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(noun_type))
