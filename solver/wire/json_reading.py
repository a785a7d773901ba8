"""JSON into messages, strictly: every unknown field and every wrong value is named by its path, all of them at once.

What protobuf's own JSON form says is understood, and what scenario files say as well: fields by their names in the
proto or in camelCase, enums with or without their prefix in either case, whole numbers also as strings, a map of lists
with plain lists. null stands for what is absent.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from solver.errors import Violations

# protobuf's implementations (in C and in Python) share no type for these.
FieldDescriptor = Any

_LARGEST = 1e300
_WHOLE = "give a whole number"
_MONEY = "give whole minor units; `money_decimals` says how many decimals one of them stands for"


def parsed(text: str) -> object:
    """The JSON value. Raises ValueError, also for a field that stands twice and for what is no number or no text."""
    value: object = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    if "\\ud" in text.lower():  # half of a pair of escapes is no character
        json.dumps(value, ensure_ascii=False).encode()
    return value


def fill_from_json(given: object, message: Message, path: str, violations: Violations) -> None:
    """Write a JSON object into a message; what is wrong is recorded and left out."""
    if not isinstance(given, Mapping):
        violations.add(path, given, "give an object: {...}")
        return
    known = _by_name(message)
    for name, value in given.items():
        at = f"{path}.{name}" if path else name
        if name not in known:
            violations.add(at, value, _unknown(name, message))
        elif value is not None:
            _fill_field(value, known[name], message, at, violations)


def _fill_field(value: object, wire: FieldDescriptor, message: Message, path: str, violations: Violations) -> None:
    target = getattr(message, wire.name)
    if wire.message_type is not None and wire.message_type.GetOptions().map_entry:
        _fill_map(value, wire, target, path, violations)
    elif wire.is_repeated:
        _fill_list(value, wire, target, path, violations)
    elif isinstance(target, Timestamp):
        _fill_time(value, target, path, violations)
    elif wire.message_type is not None:
        target.SetInParent()
        fill_from_json(value, target, path, violations)
    else:
        scalar = _scalar(value, wire, path, violations)
        if scalar is not None:
            setattr(message, wire.name, scalar)


def _fill_map(value: object, wire: FieldDescriptor, target: Any, path: str, violations: Violations) -> None:
    if not isinstance(value, Mapping):
        violations.add(path, value, "give an object: {...}")
        return
    of_value = wire.message_type.fields_by_name["value"]
    for key, one in value.items():
        at = f"{path}[{key}]"
        if of_value.message_type is None:
            scalar = _scalar(one, of_value, at, violations)
            if scalar is not None:
                target[key] = scalar
        else:
            listed = {of_value.message_type.fields[0].name: one} if isinstance(one, list) else one
            fill_from_json(listed, target[key], at, violations)


def _fill_list(value: object, wire: FieldDescriptor, target: Any, path: str, violations: Violations) -> None:
    if not isinstance(value, list):
        violations.add(path, value, "give a list: [...]")
        return
    for position, one in enumerate(value):
        at = f"{path}[{position}]"
        if wire.message_type is not None:
            fill_from_json(one, target.add(), at, violations)
        else:
            scalar = _scalar(one, wire, at, violations)
            if scalar is not None:
                target.append(scalar)


def _fill_time(value: object, target: Timestamp, path: str, violations: Violations) -> None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        violations.add(path, value, "give a time with its offset, such as 2026-03-02T08:00:00Z")
        return
    target.FromDatetime(moment)


def _scalar(value: object, wire: FieldDescriptor, path: str, violations: Violations) -> Any:
    """The value as the wire has it; None, with the cause recorded, where there is none."""
    if wire.enum_type is not None:
        return _enum(value, wire, path, violations)
    if wire.cpp_type == wire.CPPTYPE_BOOL:
        sound = violations.require(isinstance(value, bool), path, value, "give true or false")
        return value if sound else None
    if wire.cpp_type == wire.CPPTYPE_STRING:
        sound = violations.require(isinstance(value, str), path, value, "give a text in quotes")
        return value if sound else None
    if wire.cpp_type in (wire.CPPTYPE_DOUBLE, wire.CPPTYPE_FLOAT):
        number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST
        return value if violations.require(number, path, value, "give a number") else None
    return _whole(value, wire, path, violations)


def _whole(value: object, wire: FieldDescriptor, path: str, violations: Violations) -> int | None:
    number: int | None = None
    if isinstance(value, str):
        number = int(value) if re.fullmatch("-?[0-9]{1,19}", value) else None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = int(value) if value == value // 1 else None  # infinity is none
    if number is None:
        violations.add(path, value, _MONEY if "_minor" in path.rpartition(".")[2] else _WHOLE)
        return None
    bits = 31 if wire.cpp_type == wire.CPPTYPE_INT32 else 63
    fits = violations.require(-(2**bits) <= number < 2**bits, path, number, f"give a number of at most {bits} bits")
    return number if fits else None


def _enum(value: object, wire: FieldDescriptor, path: str, violations: Violations) -> int | None:
    zero: str = wire.enum_type.values_by_number[0].name
    prefix = zero.removesuffix("UNSPECIFIED")
    numbers = {one.name.removeprefix(prefix): int(one.number) for one in wire.enum_type.values}
    name = str(value).upper().removeprefix(prefix)
    if name in numbers:
        return numbers[name]
    violations.add(path, value, f"give one of {', '.join(word.lower() for word in numbers if numbers[word])}")
    return None


def _by_name(message: Message) -> dict[str, FieldDescriptor]:
    fields = message.DESCRIPTOR.fields
    return {field.camelcase_name: field for field in fields} | {field.name: field for field in fields}


def _unknown(name: str, message: Message) -> str:
    names = [field.name for field in message.DESCRIPTOR.fields]
    meant = get_close_matches(name, names, n=1)
    return "there is no such field; " + (f"did you mean {meant[0]}?" if meant else f"there are {', '.join(names)}")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Raises ValueError for a name that stands twice in an object."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"`{name}` stands twice in the same object")
        found[name] = value
    return found


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")
