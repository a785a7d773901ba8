"""What reading and writing messages have in common: of what kind a field is, and what enumerations prefix."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, TypeAlias

# protobuf's implementations (in C and in Python) share no type for these.
FieldDescriptor: TypeAlias = Any
EnumDescriptor: TypeAlias = Any


def values_of(names: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    """The attributes of these names, together."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda noun: tuple(getattr(noun, name) for name in names)


def is_map(wire: FieldDescriptor) -> bool:
    """Whether the field is a map."""
    return wire.message_type is not None and bool(wire.message_type.GetOptions().map_entry)


def list_within(wire: FieldDescriptor) -> str | None:
    """The one field of the message that stands for a list in a map's values; None: the values are plain."""
    value = wire.message_type.fields_by_name["value"].message_type
    return None if value is None else str(value.fields[0].name)


@cache
def prefix(descriptor: EnumDescriptor) -> str:
    """`SOURCE_KIND_` of the enum SourceKind: what its zero value has before UNSPECIFIED."""
    zero: str = descriptor.values_by_number[0].name
    return zero.removesuffix("UNSPECIFIED")


@cache
def words_of(descriptor: EnumDescriptor, enum: type[StrEnum]) -> dict[int, StrEnum]:
    """What the numbers stand for; those that stand for no value are left out."""
    begin = prefix(descriptor)
    named = {value.number: value.name.removeprefix(begin) for value in descriptor.values}
    return {number: enum[name] for number, name in named.items() if name in enum.__members__}
