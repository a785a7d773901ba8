"""The fields that ship with the product: `fields.yaml` beside this module."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import msgspec
import yaml

from solver.catalog.fields.model import Field, Group, Layer

_LAYERS = {"m": Layer.MATERIAL, "s": Layer.SALES_ITEM, "c": Layer.CHANNEL_ITEM}


@cache
def groups() -> tuple[Group, ...]:
    """Every group of fields, in the order of the file."""
    text = files("solver.catalog.fields").joinpath("fields.yaml").read_text("utf-8")
    return tuple(
        Group(
            name=name,
            title=said["title"],
            fields=tuple(_field(field_name, name, field) for field_name, field in said["fields"].items()),
        )
        for name, said in yaml.safe_load(text).items()
    )


@cache
def shipped_fields() -> Mapping[str, Field]:
    """Every field by name."""
    return MappingProxyType({field.name: field for group in groups() for field in group.fields})


def _field(name: str, group: str, said: Mapping[str, Any]) -> Field:
    assert said.keys() <= Field.__dataclass_fields__.keys(), f"{name}: {sorted(said)}"
    layers = tuple(_LAYERS[letter] for letter in said["layers"])
    return msgspec.convert({**said, "name": name, "group": group, "layers": layers}, Field)
