"""The catalog that is kept: loaded in batches, read as one immutable value."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from solver.catalog.attributes import read_attributes
from solver.catalog.catalog import Catalog, ChannelCode
from solver.catalog.categories import Categories, Category, FieldBook, book_of, check_category
from solver.catalog.fields.model import Layer
from solver.catalog.life import LifeState
from solver.catalog.model import ChannelItem, Material, SalesItem
from solver.catalog.validate import check_channel_item, check_material, check_sales_item
from solver.catalog.versioned import InForce, VersionedStore
from solver.clock import Clock
from solver.errors import Violations
from solver.storage.database import Database
from solver.storage.once import Request
from solver.storage.registry import Registry
from solver.validation import MOST_ROWS, Known, check_reference, check_rows, check_unique

MOST_IMPORTED = 50_000  # rows of one import
Described = TypeVar("Described", Material, SalesItem, ChannelItem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Rows that were checked: what is wrong with them, and how they are written where nothing is."""

    violations: Violations
    write: Callable[[Request], int]

    def refused(self, what: str) -> "Checked":
        """Itself. Raises InvalidRequest where anything is wrong."""
        self.violations.refuse_any(what)
        return self


class CatalogStore:
    """Categories, materials, sales items and channel items; all but the categories in versions.

    Whoever writes what he checked before does both within `writing`, so that two of them cannot break a rule together.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.writing = threading.RLock()
        self._categories = Registry(database, clock, "category", Category, lambda category: category.category_id)
        self.materials = VersionedStore(
            database, clock, "material", Material, lambda material: material.sku, what="material"
        )
        self.sales_items = VersionedStore(
            database, clock, "sales_item", SalesItem, lambda item: item.item_id, what="sales item"
        )
        self.channel_items = VersionedStore(
            database, clock, "channel_item", ChannelItem, lambda item: channel_row(item.channel, item.code),
            what="channel item",
        )  # fmt: skip
        self.combination_ids: Callable[[], Known] = frozenset  # what channels may show besides; set by who keeps them
        self._made: tuple[tuple[object, ...], Catalog] | None = None

    @property
    def catalog(self) -> Catalog:
        """The catalog as it stands now: the very same value until something changes."""
        materials, items = self.materials.in_force, self.sales_items.in_force
        codes, categories = self.channel_items.in_force, self._categories.nouns
        made = self._made
        if made is not None:  # asked for many times by each plan: without a loop
            of = made[0]
            if of[0] is materials and of[1] is items and of[2] is codes and of[3] is categories:
                return made[1]
        catalog = _catalog_of(materials, items, codes, categories)
        self._made = (materials, items, codes, categories), catalog
        return catalog

    def upsert_categories(self, request: Request, categories: Sequence[Category]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation.

        What lies in a category already is asked for new fields when it is written next.
        """
        with self.writing:
            return self.checked_categories(categories).refused("the list of categories").write(request)

    def checked_categories(self, categories: Sequence[Category], most: int = MOST_ROWS) -> Checked:
        """The rows as they would be kept, or what is wrong with them; nothing is written."""
        violations = _begun(categories, "categories", [one.category_id for one in categories], most)
        known = {**self._categories.nouns, **{one.category_id: one for one in categories}}
        for position, category in enumerate(categories):
            check_category(category, known, f"categories[{position}]", violations)
        return Checked(violations=violations, write=lambda request: self._categories.upsert(request, categories))

    def upsert_materials(self, request: Request, materials: Sequence[Material]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation."""
        with self.writing:
            return self.checked_materials(materials).refused("the list of materials").write(request)

    def checked_materials(self, materials: Sequence[Material], most: int = MOST_ROWS) -> Checked:
        """The rows as they would be kept, or what is wrong with them; nothing is written."""
        violations = _begun(materials, "materials", [material.sku for material in materials], most)
        categories = self._categories.nouns
        books = _Books(categories)
        kept = []
        for position, material in enumerate(materials):
            path = f"materials[{position}]"
            check_material(material, path, violations)
            _check_category_of(material, categories, path, violations)
            kept.append(_described(material, Layer.MATERIAL, books.of(material.category_id), path, violations))
        self.materials.succession(kept, "materials", violations)
        return Checked(violations=violations, write=lambda request: self.materials.upsert(request, kept, "materials"))

    def upsert_sales_items(self, request: Request, items: Sequence[SalesItem]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation."""
        with self.writing:
            return self.checked_sales_items(items).refused("the list of sales items").write(request)

    def checked_sales_items(self, items: Sequence[SalesItem], most: int = MOST_ROWS) -> Checked:
        """The rows as they would be kept, or what is wrong with them; nothing is written."""
        violations = _begun(items, "sales_items", [item.item_id for item in items], most)
        materials, categories = self.materials.in_force.nouns, self._categories.nouns
        books = _Books(categories)
        kept = []
        for position, item in enumerate(items):
            path = f"sales_items[{position}]"
            check_sales_item(item, materials, path, violations)
            _check_category_of(item, categories, path, violations)
            kept.append(_described(item, Layer.SALES_ITEM, books.of(item.category_id), path, violations))
        self.sales_items.succession(kept, "sales_items", violations)
        return Checked(
            violations=violations, write=lambda request: self.sales_items.upsert(request, kept, "sales_items")
        )

    def upsert_channel_items(self, request: Request, items: Sequence[ChannelItem]) -> int:
        """Write all or none; returns how many. Raises InvalidRequest with every violation.

        A code that sells one thing is not given to another while it may still be ordered.
        """
        with self.writing:
            return self.checked_channel_items(items).refused("the list of channel items").write(request)

    def checked_channel_items(self, items: Sequence[ChannelItem], most: int = MOST_ROWS) -> Checked:
        """The rows as they would be kept, or what is wrong with them; nothing is written."""
        rows = [channel_row(item.channel, item.code) for item in items]
        violations = _begun(items, "channel_items", rows, most)
        catalog = self.catalog
        books = _Books(catalog.categories)
        kept = []
        for position, item in enumerate(items):
            path = f"channel_items[{position}]"
            known = catalog if item.item_id in catalog else self.combination_ids()
            check_channel_item(item, known, path, violations)
            _check_code(item, catalog, path, violations)
            book = books.of(_category_of_item(item.item_id, catalog))
            kept.append(_described(item, Layer.CHANNEL_ITEM, book, path, violations))
        self.channel_items.succession(kept, "channel_items", violations)
        return Checked(
            violations=violations, write=lambda request: self.channel_items.upsert(request, kept, "channel_items")
        )


class _Books:
    """The fields of each category, put together once."""

    def __init__(self, categories: Categories) -> None:
        self._categories = categories
        self._made: dict[str, FieldBook] = {}

    def of(self, category_id: str) -> FieldBook:
        if category_id not in self._made:
            self._made[category_id] = book_of(category_id, self._categories)
        return self._made[category_id]


def channel_row(channel: str, code: str) -> str:
    """The id of a channel item's row: the length tells the channel's end, whatever it contains."""
    return f"{len(channel)} {channel} {code}"


def _begun(rows: Sequence[object], path: str, ids: Sequence[str], most: int) -> Violations:
    violations = Violations()
    check_rows(rows, path, violations, most)
    check_unique(ids, path, violations)
    return violations


def _check_category_of(noun: Material | SalesItem, categories: Known, path: str, violations: Violations) -> None:
    if noun.category_id:
        check_reference(noun.category_id, categories, "category", f"{path}.category_id", violations)


def _described(noun: Described, layer: Layer, book: FieldBook, path: str, violations: Violations) -> Described:
    """The noun with its attributes in the form that is kept."""
    if not noun.attributes and not book.required:
        return noun
    kept = read_attributes(noun, layer, book, path, violations)
    return noun if kept == noun.attributes else replace(noun, attributes=kept)


def _category_of_item(item_id: str, catalog: Catalog) -> str:
    noun = catalog.sales_items.get(item_id) or catalog.materials.get(item_id)
    return noun.category_id if noun is not None else ""


def _check_code(item: ChannelItem, catalog: Catalog, path: str, violations: Violations) -> None:
    standing = catalog.channel_items.get((item.channel, item.code))
    if standing is None or standing.item_id == item.item_id:
        return
    free = standing.state in (LifeState.RETIRED, LifeState.DRAFT)
    remedy = f"in {item.channel} this code sells {standing.item_id}; retire that first, or give another code"
    violations.require(free, f"{path}.code", item.code, remedy)


def _catalog_of(
    materials: InForce[Material],
    items: InForce[SalesItem],
    codes: InForce[ChannelItem],
    categories: Mapping[str, Category],
) -> Catalog:
    refused = materials.refused
    if items.refused or refused:
        shadowed = {sku: why for sku, why in materials.refused.items() if sku not in items.nouns}
        refused = shadowed | dict(items.refused)
    by_code: dict[ChannelCode, ChannelItem] = {(one.channel, one.code): one for one in codes.nouns.values()}
    return Catalog(
        materials=materials.nouns,
        sales_items=items.nouns,
        channel_items=MappingProxyType(by_code),
        categories=categories,
        refused=refused,
        refused_codes={(codes.nouns[row].channel, codes.nouns[row].code): why for row, why in codes.refused.items()},
    )
