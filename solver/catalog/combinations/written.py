"""Combinations as they are written, in YAML or JSON, read strictly: no unknown name, nothing of a wrong type."""

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from solver.errors import Violations
from solver.validation import unknown

Noun = TypeVar("Noun")
_AT = " - at `$"


def read_noun(value: object, noun: type[Noun], path: str, violations: Violations) -> Noun | None:
    """What was written as a dataclass; None, with every cause recorded, where it is none."""
    before = len(violations.found)
    for at, name, known in _unknown_names(value, noun, path):
        violations.add(at, name, unknown(name, known, "field", f"give one of {', '.join(known)}"))
    if len(violations.found) > before:
        return None
    try:
        return msgspec.convert(value, noun)
    except msgspec.ValidationError as error:
        told, _, at = str(error).partition(_AT)
        violations.add(f"{path}{at.rstrip('`')}", "unreadable", told[:1].lower() + told[1:])
        return None


def _unknown_names(value: object, hint: Any, path: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Names that the dataclass does not have, with their path and those that it has."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is tuple and isinstance(value, Sequence) and not isinstance(value, str):
        for position, one in enumerate(value):
            yield from _unknown_names(one, get_args(hint)[0], f"{path}[{position}]")
    if is_dataclass(hint) and isinstance(value, Mapping):
        hints = get_type_hints(hint)
        names = tuple(field.name for field in fields(hint))
        for name, one in value.items():
            at = f"{path}.{name}" if path else str(name)
            if name in hints:
                yield from _unknown_names(one, hints[name], at)
            else:
                yield at, str(name), names
