"""Reads messages as `codec.from_proto` must, in the plainest way: by reflection, values and faults in one."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args, get_origin, get_type_hints

from google.protobuf.message import Message

Faults = list[tuple[str, str, str]]  # path, value, remedy


class _Absent:
    pass


ABSENT = _Absent()


def plainly_read(message: Message, noun_type: Any, path: str, faults: Faults) -> Any:
    """The noun; None where the message is not sound."""
    values: dict[str, Any] = {}
    before = len(faults)
    hints = get_type_hints(noun_type)
    for field in fields(noun_type):
        hint = hints[field.name]
        at = f"{path}.{field.name}" if path else field.name
        may_be_none = type(None) in get_args(hint)
        if may_be_none:
            [hint] = [one for one in get_args(hint) if one is not type(None)]
        value = _field(message, field.name, hint, at, faults)
        if value is not ABSENT:
            values[field.name] = value
        elif may_be_none:
            values[field.name] = None
        elif field.default is MISSING and field.default_factory is MISSING:
            faults.append((at, "'missing'", "give a value"))
    return noun_type(**values) if len(faults) == before else None


def _field(message: Message, name: str, hint: Any, at: str, faults: Faults) -> Any:
    wire: Any = message.DESCRIPTOR.fields_by_name.get(name)
    if wire is None or (wire.has_presence and not message.HasField(name)):
        return ABSENT
    value = getattr(message, name)
    if get_origin(hint) is Mapping:
        of = wire.message_type.fields_by_name["value"].message_type
        within = None if of is None else of.fields[0].name
        return {key: value[key] if within is None else tuple(getattr(value[key], within)) for key in sorted(value)}
    if wire.is_repeated:
        [of, *_] = get_args(hint)
        return tuple([_value(one, wire, of, f"{at}[{number}]", faults) for number, one in enumerate(value)])
    return ABSENT if wire.enum_type is not None and value == 0 else _value(value, wire, hint, at, faults)


def _value(value: Any, wire: Any, hint: Any, at: str, faults: Faults) -> Any:
    if hint is datetime:
        return _moment(
            lambda: value.ToDatetime(tzinfo=UTC), value, at, "give a time between the years 1 and 9999", faults
        )
    if hint is timedelta:
        return _moment(value.ToTimedelta, value, at, "give a shorter duration", faults)
    if hint is date:
        return _day(value, at, faults)
    if wire.enum_type is not None:
        prefix = wire.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
        number = wire.enum_type.values_by_number.get(value)
        name = "" if number is None else number.name.removeprefix(prefix)
        if name in hint.__members__:
            return hint[name]
        faults.append((at, repr(name or value), f"give one of {', '.join(prefix + one for one in hint.__members__)}"))
        return None
    return value if wire.message_type is None else plainly_read(value, hint, at, faults)


def _moment(read: Any, value: Any, at: str, remedy: str, faults: Faults) -> Any:
    try:
        return read()
    except (ValueError, OverflowError):
        faults.append((at, repr(f"{value.seconds} s"), remedy))
        return None


def _day(value: str, at: str, faults: Faults) -> Any:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        faults.append((at, repr(value), "give a day as YYYY-MM-DD"))
        return None
    return day
