"""What a field of the catalog is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FieldKind(StrEnum):
    """What a field holds, and how its text reads."""

    WHOLE = "whole"  # a whole number of a unit: 500
    MONEY = "money"  # minor units: 1250
    TEXT = "text"
    ENUM = "enum"  # one of its values
    DATE = "date"  # 2026-03-01
    FLAG = "flag"  # yes or no
    LIST = "list"  # words with | between them
    CODE = "code"  # text of a known format, such as a GTIN


class Layer(StrEnum):
    """Of what a field may be said."""

    MATERIAL = "material"
    SALES_ITEM = "sales_item"
    CHANNEL_ITEM = "channel_item"


ALL_LAYERS = tuple(Layer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field: what may be said under this name, in which layers, and what is a sound value.

    `label` is its name in Chinese. `unit` is that of a number. `least` and `most` limit a number, `most` the characters
    of a text or the words of a list (0: as many as any). `values` are those of an enum, or the words that a list may
    have (empty: any), each with its label. `format` names what a code, or each word of a list, must be. A field that is
    `held` is one of the noun itself; every other is an attribute. `standard` says where the field comes from.
    """

    name: str
    label: str
    kind: FieldKind
    group: str = ""
    meaning: str = ""
    unit: str = ""
    least: int = 0
    most: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    layers: tuple[Layer, ...] = ALL_LAYERS
    held: bool = False
    standard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that belong together, with a title in English and Chinese."""

    name: str
    title: str
    fields: tuple[Field, ...]
