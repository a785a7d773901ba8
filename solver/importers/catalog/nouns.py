"""From the cells of a row to a noun of the catalog: columns are fields by their name or Chinese label."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from solver.catalog.categories import Category
from solver.catalog.fields.library import shipped_fields
from solver.catalog.fields.model import FieldKind, Layer
from solver.catalog.fields.reading import NEXT, canonical
from solver.catalog.model import ChannelItem, Material, SalesItem
from solver.errors import FieldViolation, Violations
from solver.scenario.shape import read_as
from solver.validation import unknown

_ATTRIBUTES = "attributes"
_PREFIX = f"{_ATTRIBUTES}."
_LABELS_OF_LIFE = {"版本": "version", "状态": "state", "生效时间": "effective_from", "失效时间": "effective_until"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of rows: its noun, the layer whose fields it has, and what names a row."""

    name: str
    noun: type[Any]
    layer: Layer | None
    key: Callable[[Any], str]
    columns: Mapping[str, str] = field(default_factory=dict)  # what a file may call a field beside its name

    @property
    def own(self) -> tuple[str, ...]:
        """The fields that the noun holds itself."""
        return tuple(one.name for one in fields(self.noun) if one.name != _ATTRIBUTES)


def _labels(layer: Layer) -> dict[str, str]:
    return {one.label: one.name for one in shipped_fields().values() if layer in one.layers} | _LABELS_OF_LIFE


def kinds() -> dict[str, Kind]:
    """Every kind by its name."""
    made = (
        Kind(name="categories", noun=Category, layer=None, key=lambda one: one.category_id),
        Kind(
            name="materials", noun=Material, layer=Layer.MATERIAL, key=lambda one: one.sku,
            columns=_labels(Layer.MATERIAL),
        ),
        Kind(
            name="sales_items", noun=SalesItem, layer=Layer.SALES_ITEM, key=lambda one: one.item_id,
            columns=_labels(Layer.SALES_ITEM) | {"组成": "parts"},
        ),
        Kind(
            name="channel_items", noun=ChannelItem, layer=Layer.CHANNEL_ITEM,
            key=lambda one: f"{one.channel} {one.code}", columns=_labels(Layer.CHANNEL_ITEM),
        ),
    )  # fmt: skip
    return {kind.name: kind for kind in made}


class Reader:
    """Reads rows of one kind; which column is what it finds out once for each name."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._own = set(kind.own)
        self._found: dict[str, tuple[str, str]] = {}

    def faults_of_names(self, names: Mapping[str, object]) -> list[FieldViolation]:
        """What is wrong with the names of a first row."""
        violations = Violations()
        meant: dict[str, str] = {}
        for name in names:
            target, remedy = self._target(name)
            if remedy:
                violations.add(name, name, remedy)
            elif target in meant:
                violations.add(name, name, f"says the same as {meant[target]}; keep one of them")
            meant.setdefault(target, name)
        return violations.found

    def noun(self, cells: Mapping[str, object], *, skip_unknown: bool) -> Any | list[FieldViolation]:
        """The noun, or everything that is wrong with the row.

        `skip_unknown`: names that are no field were told already, with the first row.
        """
        violations = Violations()
        said: dict[str, Any] = {}
        attributes: dict[str, str] = {}
        for name, cell in cells.items():
            target, remedy = self._target(name)
            if remedy:
                if not skip_unknown:
                    violations.add(name, cell, remedy)
            elif target == _ATTRIBUTES and isinstance(cell, Mapping):
                attributes |= {str(one): _plain(value) for one, value in cell.items()}
            elif target.startswith(_PREFIX):
                attributes[target.removeprefix(_PREFIX)] = _plain(cell)
            else:
                said[target] = self._held(target, cell, violations)
        if attributes:
            said[_ATTRIBUTES] = attributes
        made = read_as(self._kind.noun, said, lenient=True)
        told = {violation.field for violation in violations.found}
        if isinstance(made, list):
            violations.found += [one for one in made if one.field.partition(".")[0] not in told]
        return violations.found or made

    def _target(self, name: str) -> tuple[str, str]:
        """The noun's field, or `attributes.NAME`; or "" and what to do."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> tuple[str, str]:
        known = self._kind.columns.get(name, name)
        if known in self._own or (known == _ATTRIBUTES and self._kind.layer):
            return known, ""
        shipped = shipped_fields()
        if self._kind.layer and known.startswith(_PREFIX) and known != _PREFIX:
            return known, ""
        if self._kind.layer and known in shipped and self._kind.layer in shipped[known].layers:
            return f"{_PREFIX}{known}", ""
        here = {one.name for one in shipped.values() if self._kind.layer in one.layers} | self._own
        return "", unknown(name, sorted(here), "field", "docs/fields.md has them all") + (
            "; write attributes.NAME for a field of a category" if self._kind.layer else ""
        )

    def _held(self, name: str, cell: object, violations: Violations) -> object:
        if not isinstance(cell, str):
            return cell
        if name == "parts":
            return _parts(cell)
        if name in ("tags", "required"):
            return [word.strip() for word in cell.split(NEXT)]
        known = shipped_fields().get(name)
        if known is None or known.kind not in (FieldKind.WHOLE, FieldKind.MONEY):
            return cell.strip()
        read, remedy = canonical(known, cell)
        if read is None:
            violations.add(name, cell, remedy)
            return 0
        return int(read)


def _parts(cell: str) -> list[dict[str, str]]:
    """`POT:1|CUP:2`: materials with their units; a colon within a SKU is part of it."""
    made = []
    for word in cell.split(NEXT):
        sku, colon, units = word.strip().rpartition(":")
        made.append({"sku": sku, "units": units} if colon else {"sku": units, "units": "1"})
    return made


def _plain(value: object) -> str:
    """A value of JSON in the text form of its field."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NEXT.join(_plain(one) for one in value) if isinstance(value, list) else str(value)
