"""What reading messages looks at of a dataclass: its fields with their types, worked out once."""

import types
from dataclasses import Field, fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints


@cache
def fields_of(noun_type: Any) -> tuple[tuple[Field[Any], Any], ...]:
    """Every field with its type."""
    hints = get_type_hints(noun_type)
    return tuple((field, hints[field.name]) for field in fields(noun_type))


def is_noun(hint: Any) -> bool:
    """Whether values of this type are dataclasses."""
    return is_dataclass(hint) and isinstance(hint, type)


def may_be_none(hint: Any) -> bool:
    """Whether the type allows for None."""
    return type(None) in get_args(hint)


def without_none(hint: Any) -> Any:
    """X of X | None."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint
