"""The catalog that is kept, and what an ordered item is made of."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from solver.catalog.catalog import Catalog
from solver.catalog.model import Material, Part, SalesItem
from solver.catalog.store import CatalogStore
from solver.clock import ManualClock
from solver.errors import InvalidRequest
from solver.storage.database import Database
from solver.storage.documents import DOCUMENT_SCHEMA
from solver.storage.once import Request
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database
from tests.made_world import GIFT, MATERIALS

Noun = TypeVar("Noun", Material, SalesItem)
CLOCK = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "catalog.db", [DOCUMENT_SCHEMA, REQUEST_SCHEMA])
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> CatalogStore:
    store = CatalogStore(database, CLOCK)
    assert store.upsert_materials(request("materials"), MATERIALS) == len(MATERIALS)
    assert store.upsert_sales_items(request("items"), [GIFT]) == 1
    return store


def kept(*nouns: Noun) -> list[Noun]:
    """As the store has them: in their first version."""
    return [replace(noun, version=1) for noun in nouns]


def request(request_id: str) -> Request:
    return Request(method="upsert", request_id=request_id, body_digest=b"")


def test_a_sales_item_is_its_parts_and_a_material_is_itself() -> None:
    catalog = Catalog.of(MATERIALS, [GIFT])
    assert catalog.explode("GIFT") == (Part(sku="POT", units=1), Part(sku="CUP", units=2))
    assert catalog.explode("TEA") == (Part(sku="TEA", units=1),)
    assert ("GIFT" in catalog, "TEA" in catalog, "NONE" in catalog, 7 in catalog) == (True, True, False, False)
    with pytest.raises(KeyError):
        catalog.explode("NONE")


def test_a_sales_item_named_like_a_material_is_what_is_sold() -> None:
    crate = SalesItem(item_id="TEA", name="A crate", parts=(Part(sku="TEA", units=12),))
    assert Catalog.of(MATERIALS, [crate]).explode("TEA") == (Part(sku="TEA", units=12),)


def test_what_is_written_is_there_at_once_and_after_reopening(database: Database, store: CatalogStore) -> None:
    for catalog in (store.catalog, CatalogStore(database, CLOCK).catalog):
        assert dict(catalog.materials) == {material.sku: material for material in kept(*MATERIALS)}
        assert dict(catalog.sales_items) == {"GIFT": kept(GIFT)[0]}


def test_a_catalog_taken_earlier_does_not_change(store: CatalogStore) -> None:
    taken = store.catalog
    store.upsert_materials(request("heavier"), [replace(MATERIALS[0], weight_grams=501)])
    assert taken.materials["TEA"].weight_grams == 500
    assert store.catalog.materials["TEA"].weight_grams == 501


def test_one_wrong_row_refuses_all(store: CatalogStore) -> None:
    rows = [replace(MATERIALS[0], weight_grams=501), replace(MATERIALS[1], weight_grams=0), MATERIALS[0]]
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_materials(request("mixed"), rows)
    assert [one.field for one in refused.value.violations] == ["materials[2]", "materials[1].weight_grams"]
    assert store.catalog.materials["TEA"].weight_grams == 500


def test_a_part_must_be_a_material_that_is_kept_and_not_a_sales_item(store: CatalogStore) -> None:
    nested = SalesItem(item_id="BOX", name="Box of gifts", parts=(Part(sku="GIFT", units=2),))
    with pytest.raises(InvalidRequest) as refused:
        store.upsert_sales_items(request("nested"), [nested])
    assert [one.field for one in refused.value.violations] == ["sales_items[0].parts[0].sku"]
    assert set(store.catalog.sales_items) == {"GIFT"}
