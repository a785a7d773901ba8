"""What a noun of a scenario is made of, read off its dataclass, and everything in which a value differs from it."""

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar

import msgspec

from solver.errors import FieldViolation, Violations

Noun = TypeVar("Noun")
WORTH_NAMING = 12  # of so many names all are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field: its type, whether it must be given, and the noun that it holds, alone, in a list or by name."""

    kind: Any
    required: bool
    noun: type[Any] | None
    listed: bool
    named: bool
    is_time: bool


_SHAPES: dict[type[Any], Mapping[str, Field]] = {}


def shape_of(noun: type[Any]) -> Mapping[str, Field]:
    """The fields of a dataclass by name."""
    if noun not in _SHAPES:
        hints = typing.get_type_hints(noun)
        _SHAPES[noun] = {
            one.name: _field(hints[one.name], required=one.default is MISSING and one.default_factory is MISSING)
            for one in fields(noun)
        }
    return _SHAPES[noun]


def read_as(noun: type[Noun], value: object, *, lenient: bool = False) -> Noun | list[FieldViolation]:
    """The value as the noun, or everything that is wrong with it; fields by their path within the value.

    `lenient`: numbers, yes or no, and times may be given as text, as in a CSV file.
    """
    try:
        made = msgspec.convert(value, noun, strict=not lenient)
    except (msgspec.ValidationError, ValueError):
        return _faults(noun, value, lenient=lenient)
    return made if _is_understood(noun, value, made) else _faults(noun, value, lenient=lenient)


def meant(name: str, known: typing.Collection[str]) -> str:
    """What may be given instead of a name that is not known: the one that was probably meant, or all where few."""
    close = get_close_matches(name, known, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"give one of {', '.join(known)}" if len(known) <= WORTH_NAMING else ""


def _field(hint: Any, *, required: bool) -> Field:
    bare = _without_none(hint)
    origin, of = typing.get_origin(bare), typing.get_args(bare)
    listed, named = origin is tuple, origin is not None and origin is not tuple and len(of) == 2
    inner = of[0] if listed else of[1] if named else bare
    noun = inner if isinstance(inner, type) and is_dataclass(inner) else None
    return Field(kind=hint, required=required, noun=noun, listed=listed, named=named, is_time=bare is datetime)


def _without_none(hint: Any) -> Any:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        others = [one for one in typing.get_args(hint) if one is not type(None)]
        return others[0] if len(others) == 1 else hint
    return hint


def _is_understood(noun: type[Any], value: object, made: object) -> bool:
    """Whether every name that was given is a field, and every time says its offset."""
    assert isinstance(value, Mapping)
    shape = shape_of(noun)
    for name, given in value.items():
        field = shape.get(name)
        if field is None:
            return False
        if field.is_time and given is not None and getattr(made, name).tzinfo is None:
            return False
        if field.noun is not None and given is not None:
            parts = zip(_parts(field, given), _parts(field, getattr(made, name)), strict=True)
            if not all(_is_understood(field.noun, one, other) for (_, one), (_, other) in parts):
                return False
    return True


def _parts(field: Field, value: Any) -> Iterator[tuple[str, Any]]:
    """The nouns within a field's value, with how each is written behind the field's name."""
    if field.listed:
        yield from ((f"[{position}]", one) for position, one in enumerate(value))
    elif field.named:
        yield from ((f".{name}", one) for name, one in value.items())
    else:
        yield "", value


def _faults(noun: type[Any], value: object, *, lenient: bool) -> list[FieldViolation]:
    violations = Violations()
    _add_faults(noun, value, "", violations, lenient=lenient)
    assert violations.found, "what cannot be read has a fault"
    return violations.found


def _add_faults(noun: type[Any], value: object, path: str, violations: Violations, *, lenient: bool) -> None:
    shape = shape_of(noun)
    if not isinstance(value, Mapping):
        violations.add(path, value, f"give names with values: {', '.join(shape)}")
        return
    prefix = f"{path}." if path else ""
    for name in value:
        if name not in shape:
            remedy = f"there is no such field; {meant(str(name), shape)}".removesuffix("; ")
            violations.add(f"{prefix}{name}", value[name], remedy)
    for name, field in shape.items():
        if name in value:
            _add_faults_of_field(field, value[name], f"{prefix}{name}", violations, lenient=lenient)
        elif field.required:
            violations.add(f"{prefix}{name}", None, "missing; a value must be given")


def _add_faults_of_field(field: Field, value: Any, path: str, violations: Violations, *, lenient: bool) -> None:
    if field.noun is not None and _holds_nouns(field, value):
        for suffix, one in _parts(field, value):
            _add_faults(field.noun, one, path + suffix, violations, lenient=lenient)
        return
    try:
        made = msgspec.convert(value, field.kind, strict=not lenient)
    except (msgspec.ValidationError, ValueError) as error:
        violations.add(path, value, _remedy(field, value, str(error)))
        return
    if isinstance(made, datetime) and made.tzinfo is None:
        violations.add(path, value, f"say with which offset, such as {made.isoformat()}Z for UTC")


def _holds_nouns(field: Field, value: object) -> bool:
    if field.listed:
        return isinstance(value, list | tuple)
    return value is not None if not field.named else isinstance(value, Mapping)


def _remedy(field: Field, value: object, error: str) -> str:
    kind = _without_none(field.kind)
    if field.is_time:
        return "write a time with seconds and its offset, such as 2026-03-02T08:00:00+08:00"
    if field.listed:
        kind = typing.get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, Enum):
        names = [str(one.value) for one in kind]
        given = value if isinstance(value, list | tuple) else [value]
        wrong = next((one for one in given if isinstance(one, str) and one not in names), "")
        hint = meant(wrong, names)
        return f"give one of {', '.join(names)}" + (f"; {hint}" if "mean" in hint else "")
    return error
