"""Attributes of a noun against the fields of its layer and category: read on the way in, kept in one text form."""

from collections.abc import Mapping
from typing import Protocol

from solver.catalog.categories import FieldBook
from solver.catalog.fields.library import shipped_fields
from solver.catalog.fields.model import Field, Layer
from solver.catalog.fields.reading import canonical
from solver.catalog.fields.together import check_together
from solver.errors import Violations
from solver.validation import unknown

MOST_ATTRIBUTES = 300
LAYER_NAMES = {
    Layer.MATERIAL: "a material",
    Layer.SALES_ITEM: "a sales item",
    Layer.CHANNEL_ITEM: "a channel item",
}


class Described(Protocol):
    """What has attributes and lies in a category."""

    @property
    def category_id(self) -> str:
        """The category, or nothing."""
        ...

    @property
    def attributes(self) -> Mapping[str, str]:
        """Texts by the names of fields."""
        ...


def read_attributes(
    noun: Described, layer: Layer, book: FieldBook, path: str, violations: Violations
) -> Mapping[str, str]:
    """The attributes as they are kept, by the fields' names in alphabetical order; what is not sound is recorded."""
    kept: dict[str, str] = {}
    few = len(noun.attributes) <= MOST_ATTRIBUTES
    violations.require(
        few, f"{path}.attributes", f"{len(noun.attributes)} attributes", f"give at most {MOST_ATTRIBUTES}"
    )
    for name in sorted(noun.attributes)[:MOST_ATTRIBUTES]:
        at, text = f"{path}.attributes.{name}", noun.attributes[name]
        remedy = _misplaced(name, layer, book)
        read = None
        if not remedy:
            read, remedy = canonical(book.fields[name], text)
        if read is None:
            violations.add(at, text, remedy)
        else:
            kept[name] = read
    _check_required(noun, layer, book, path, violations)
    check_together(noun, kept, path, violations)
    return kept


def check_stated_attributes(noun: Described, layer: Layer, path: str, violations: Violations) -> None:
    """As `read_attributes`, where categories are not known and nothing can be written otherwise than it stands.

    What may be a field of the noun's category passes.
    """
    if not noun.attributes:
        return
    shipped = shipped_fields()
    may_be_added = bool(noun.category_id)
    for name, text in noun.attributes.items():
        at = f"{path}.attributes.{name}"
        if name not in shipped and may_be_added:
            continue
        remedy = _misplaced(name, layer, FieldBook(fields=shipped, required={}))
        if remedy:
            violations.add(at, text, remedy)
            continue
        read, remedy = canonical(shipped[name], text)
        if read != text:
            violations.add(at, text, remedy or f"write {read}")


def _misplaced(name: str, layer: Layer, book: FieldBook) -> str:
    """Why no attribute may have this name; "" where it may."""
    field = book.fields.get(name)
    if field is None:
        here = [one.name for one in book.fields.values() if layer in one.layers]
        return unknown(name, here, "field", "docs/fields.md has them all; a category may add others")
    if layer not in field.layers:
        layers = " or ".join(LAYER_NAMES[one] for one in field.layers)
        return f"is a field of {layers}, not of {LAYER_NAMES[layer]}; say it there"
    return f"is a field of {LAYER_NAMES[layer]} itself; give it beside `attributes`" if field.held else ""


def _check_required(noun: Described, layer: Layer, book: FieldBook, path: str, violations: Violations) -> None:
    for name, category_id in book.required.items():
        field = book.fields.get(name)
        if field is None or layer not in field.layers or _is_said(noun, field):
            continue
        at = f"{path}.{name}" if field.held else f"{path}.attributes.{name}"
        violations.add(at, "missing", f"category {category_id} asks for it ({field.label}); give a value")


def _is_said(noun: Described, field: Field) -> bool:
    if field.held:
        return getattr(noun, field.name) not in (None, "", 0, ())
    return field.name in noun.attributes
