"""The kinds of values that a setting may have, and how each is read from text."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin

Value: TypeAlias = str | int | float | bool | Path | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a value is (`noun`; `placeholder` on the command line), and how it is read.

    `read` raises ValueError for what is none.
    """

    noun: str
    placeholder: str
    read: Callable[[str], Value]
    is_list: bool = False
    is_switch: bool = False
    may_lack: bool = False


def kind_of(annotation: Any) -> Kind:
    """The kind of a field by its type: text, numbers, true or false, paths, lists of texts, each perhaps with None."""
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (one for one in get_args(annotation) if one is not NoneType)
        kind = kind_of(inner)
        return replace(kind, may_lack=True)
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
    str: Kind(noun="a text on one line", placeholder="TEXT", read=_text),
    int: Kind(noun="a whole number", placeholder="N", read=_whole),
    float: Kind(noun="a number", placeholder="N", read=_number),
    bool: Kind(noun="true or false", placeholder="true|false", read=_switch, is_switch=True),
    Path: Kind(noun="a path", placeholder="PATH", read=lambda text: Path(_text(text))),
    tuple[str, ...]: Kind(noun="texts, each once", placeholder="TEXT,TEXT", read=_words, is_list=True),
}
