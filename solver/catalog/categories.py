"""Categories (类目) in a tree: each adds fields, or asks for fields, and what lies below it inherits both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from solver.catalog.fields.codes import FORMATS
from solver.catalog.fields.library import shipped_fields
from solver.catalog.fields.model import Field, FieldKind
from solver.errors import Violations
from solver.validation import Known, check_id, check_reference, check_unique, unknown

MOST_DEPTH = 10
MOST_FIELDS = 100
MOST_VALUES = 500
_LONGEST_LABEL = 200
_NUMBERS = (FieldKind.WHOLE, FieldKind.MONEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category: `fields` may be said of what lies in it or below, `required` (its own or shipped) must be said.

    `parent_id` is empty for one at the top. A required field binds in the layers that it belongs to.
    """

    category_id: str
    name: str
    parent_id: str = ""
    fields: tuple[Field, ...] = ()
    required: tuple[str, ...] = ()


Categories = Mapping[str, Category]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldBook:
    """The fields that may be said within a category, and those that must be, each with the category that asks."""

    fields: Mapping[str, Field]
    required: Mapping[str, str]


def upwards(category_id: str, categories: Categories) -> Iterator[Category]:
    """The category, its parent, and so on; ends where one is not known, or after the deepest that there may be."""
    for _ in range(MOST_DEPTH):
        category = categories.get(category_id)
        if category is None:
            return
        yield category
        category_id = category.parent_id


def book_of(category_id: str, categories: Categories) -> FieldBook:
    """The fields of a category with all that it inherits."""
    line = list(upwards(category_id, categories))
    added = {field.name: field for category in reversed(line) for field in category.fields}
    required = {name: category.category_id for category in line for name in category.required}
    return FieldBook(fields={**shipped_fields(), **added} if added else shipped_fields(), required=required)


def check_category(category: Category, categories: Categories, path: str, violations: Violations) -> None:
    """A known parent, no loop, fields with new names, and nothing required that nobody may say.

    `categories` are all there will be, this one among them.
    """
    check_id(category.category_id, f"{path}.category_id", violations)
    if category.parent_id:
        check_reference(category.parent_id, categories, "category", f"{path}.parent_id", violations)
    if not _ends(category, categories):
        remedy = f"name a parent that does not lie below it, at most {MOST_DEPTH} deep"
        violations.add(f"{path}.parent_id", category.parent_id, remedy)
        return
    few = len(category.fields) <= MOST_FIELDS
    violations.require(few, f"{path}.fields", f"{len(category.fields)} fields", f"give at most {MOST_FIELDS}")
    inherited = book_of(category.parent_id, categories).fields
    check_unique([field.name for field in category.fields], f"{path}.fields", violations)
    for position, field in enumerate(category.fields):
        check_field(field, inherited, f"{path}.fields[{position}]", violations)
    check_unique(category.required, f"{path}.required", violations)
    known = {**inherited, **{field.name: field for field in category.fields}}
    for position, name in enumerate(category.required):
        if name not in known:
            remedy = unknown(name, known, "field", "docs/fields.md has them all, or add it to `fields`")
            violations.add(f"{path}.required[{position}]", name, remedy)


def check_field(field: Field, inherited: Known, path: str, violations: Violations) -> None:
    """A field that a category adds: a new name, a label, and what its kind needs."""
    sound = field.name.isidentifier() and field.name.isascii() and field.name == field.name.lower()
    violations.require(sound, f"{path}.name", field.name, "give lower-case letters, digits and _")
    remedy = "stands in the fields that it inherits; give it another name, or leave it out"
    violations.require(field.name not in inherited, f"{path}.name", field.name, remedy)
    labelled = 0 < len(field.label) <= _LONGEST_LABEL
    violations.require(labelled, f"{path}.label", field.label, f"give 1 to {_LONGEST_LABEL} characters")
    violations.require(bool(field.layers), f"{path}.layers", field.layers, "name the layers that it belongs to")
    violations.require(not field.held, f"{path}.held", field.held, "only shipped fields are held by the noun itself")
    if field.kind in _NUMBERS and field.most:
        violations.require(field.least <= field.most, f"{path}.most", field.most, f"give at least {field.least}")
    _check_kind(field, path, violations)


def _check_kind(field: Field, path: str, violations: Violations) -> None:
    few = len(field.values) <= MOST_VALUES
    violations.require(few, f"{path}.values", f"{len(field.values)} values", f"give at most {MOST_VALUES}")
    if field.kind is FieldKind.ENUM:
        violations.require(bool(field.values), f"{path}.values", field.values, "an enum needs its values")
    if any("|" in value or not value for value in field.values):
        violations.add(f"{path}.values", list(field.values), "no value is empty or has a |")
    if field.kind is FieldKind.CODE or field.format:
        remedy = unknown(field.format, FORMATS, "format", f"give one of {', '.join(FORMATS)}")
        violations.require(field.format in FORMATS, f"{path}.format", field.format, remedy)


def _ends(category: Category, categories: Categories) -> bool:
    """Whether the way up from it reaches the top."""
    line = list(upwards(category.category_id, categories))
    return bool(line) and (not line[-1].parent_id or line[-1].parent_id not in categories)
