"""A noun as the values that a file has for it: what stands at its default is left out."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any


def plain(noun: object) -> Any:
    """Dataclasses as dictionaries and tuples as lists, all the way down; other values as they are.

    Reading puts the defaults back, so that nothing is lost, and a later release may add fields with a default without
    changing what is written.
    """
    if is_dataclass(noun) and not isinstance(noun, type):
        return {
            field.name: plain(value)
            for field in fields(noun)
            if (value := getattr(noun, field.name)) != _default(field)
        }
    if isinstance(noun, Mapping):
        return {key: plain(value) for key, value in noun.items()}
    return [plain(one) for one in noun] if isinstance(noun, tuple | list) else noun


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()
