"""The kinds of values that a setting may have, and how each is read from text."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin

Value: TypeAlias = str | int | float | bool | Path | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a value is (`noun`), and how it is read; `read` raises ValueError for what is none."""

    noun: str
    read: Callable[[str], Value]
    is_list: bool = False
    is_switch: bool = False
    may_lack: bool = False


def kind_of(annotation: Any) -> Kind:
    """The kind of a field by its type: text, numbers, true or false, paths, lists of texts, each perhaps with None."""
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (one for one in get_args(annotation) if one is not NoneType)
        kind = kind_of(inner)
        return Kind(noun=kind.noun, read=kind.read, is_list=kind.is_list, is_switch=kind.is_switch, may_lack=True)
    return _KINDS[annotation]


def in_words(value: Value) -> str:
    """A value as a file, a variable and an option would write it; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _text(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise ValueError(text)
    return text


def _whole(text: str) -> int:
    if not text.isascii():
        raise ValueError(text)
    return int(text.replace(",", "x"))  # `1_000` may be written, `1,000` may not


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _switch(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _words(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(",")) if text.strip() else ()
    if len({*words}) < len(words):
        raise ValueError(text)
    return tuple(_text(word) for word in words)


_KINDS: dict[Any, Kind] = {
    str: Kind(noun="a text on one line", read=_text),
    int: Kind(noun="a whole number", read=_whole),
    float: Kind(noun="a number", read=_number),
    bool: Kind(noun="true or false", read=_switch, is_switch=True),
    Path: Kind(noun="a path", read=lambda text: Path(_text(text))),
    tuple[str, ...]: Kind(noun="texts, each once", read=_words, is_list=True),
}
