"""Attributes on the way in, categories that inherit, and tags that follow."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from solver.catalog.attributes import check_stated_attributes
from solver.catalog.categories import Category, book_of
from solver.catalog.fields.model import Field, FieldKind, Layer
from solver.catalog.model import ChannelItem, Material
from solver.catalog.store import CatalogStore
from solver.clock import ManualClock
from solver.errors import InvalidRequest, Violations
from solver.storage.documents import DOCUMENT_SCHEMA
from solver.storage.once import Request
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database
from tests.made_world import GIFT, MATERIALS

TEA, CUP, _ = MATERIALS[:3]
MILK = Material(sku="MILK", name="Milk", weight_grams=1000)
GRADE = Field(
    name="grade",
    label="等级",
    kind=FieldKind.ENUM,
    values={"one": "一级", "two": "二级"},
    layers=(Layer.MATERIAL, Layer.SALES_ITEM),
)
FOOD = Category(category_id="food", name="Food", required=("shelf_life_days",))
TEAS = Category(category_id="tea", name="Tea", parent_id="food", fields=(GRADE,), required=("grade", "title"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogStore]:
    database = open_database(tmp_path / "catalog.db", [DOCUMENT_SCHEMA, REQUEST_SCHEMA])
    store = CatalogStore(database, ManualClock(datetime(2026, 3, 1, tzinfo=UTC)))
    store.upsert_categories(request("categories"), [TEAS, FOOD])
    store.upsert_materials(request("materials"), MATERIALS)
    yield store
    database.close()


def request(request_id: str) -> Request:
    return Request(method="upsert", request_id=request_id, body_digest=b"")


def faults(store: CatalogStore, rows: Sequence[Material]) -> dict[str, str]:
    before = store.catalog
    with pytest.raises(InvalidRequest) as error:
        store.upsert_materials(request(f"wrong {rows}"[:128]), rows)
    assert store.catalog is before
    return {one.field: one.remedy for one in error.value.violations}


def test_attributes_are_kept_in_one_form(store: CatalogStore) -> None:
    said = {"shelf_life_days": "2 weeks", "is_liquid": "是", "launches_on": "2026-03-01", "allergens": "乳"}
    store.upsert_materials(request("milk"), [replace(MILK, attributes=said)])
    milk = store.catalog.materials["MILK"]
    kept = {"allergens": "milk", "is_liquid": "yes", "launches_on": "2026-03-01", "shelf_life_days": "14"}
    assert milk.attributes == kept


def test_every_fault_of_every_row_is_told_with_its_path_and_a_guess(store: CatalogStore) -> None:
    rows = [
        replace(MILK, attributes={"shelf_live_days": "14", "gtin": "4006381333932", "net_weight_grams": "1 l"}),
        replace(CUP, attributes={"price_minor": "5", "weight_grams": "7", "title": "Cup"}, category_id="cups"),
    ]
    told = faults(store, rows)
    assert told["materials[0].attributes.shelf_live_days"] == "there is no such field; did you mean shelf_life_days?"
    assert told["materials[0].attributes.gtin"].startswith("the check digit is wrong: behind 400638133393 it is 1")
    assert told["materials[0].attributes.net_weight_grams"].startswith("l does not fit: the field is in g")
    assert (
        told["materials[1].attributes.price_minor"] == "is a field of a channel item, not of a material; say it there"
    )
    assert told["materials[1].attributes.weight_grams"].endswith("itself; give it beside `attributes`")
    assert told["materials[1].attributes.title"].startswith("is a field of a sales item or a channel item")
    assert told["materials[1].category_id"].startswith("there is no such category")
    assert len(told) == 7


def test_a_category_asks_for_fields_and_adds_some_and_what_lies_below_inherits_both(store: CatalogStore) -> None:
    told = faults(store, [replace(TEA, category_id="tea"), replace(CUP, attributes={"grade": "one"})])
    assert told["materials[0].attributes.grade"] == "category tea asks for it (等级); give a value"
    assert told["materials[0].attributes.shelf_life_days"].startswith("category food asks for it")
    assert told["materials[1].attributes.grade"].startswith("there is no such field")
    assert len(told) == 3  # a title is none of a material's fields
    sound = replace(TEA, category_id="tea", attributes={"grade": "一级", "shelf_life_days": "730"})
    store.upsert_materials(request("tea"), [sound])
    tea = store.catalog.materials["TEA"]
    assert tea.attributes["grade"] == "one"


def test_what_a_held_field_says_counts_as_said(store: CatalogStore) -> None:
    sized = Category(category_id="sized", name="Sized", required=("length_mm", "value_minor"))
    store.upsert_categories(request("sized"), [sized])
    whole = replace(CUP, category_id="sized", length_mm=10, width_mm=10, height_mm=10, value_minor=0)
    assert list(faults(store, [whole])) == ["materials[0].value_minor"]


def test_categories_that_loop_or_ask_for_what_nobody_may_say_are_refused(store: CatalogStore) -> None:
    rows = [
        replace(FOOD, parent_id="tea"),
        Category(category_id="x", name="X", parent_id="none", required=("shelf_live_days", "gtin", "gtin")),
        Category(category_id="y", name="Y", fields=(replace(GRADE, name="gtin"), replace(GRADE, name="Bad Name"))),
        Category(category_id="z", name="Z", fields=(replace(GRADE, values={}), replace(GRADE, name="w", held=True))),
        Category(category_id="v", name="V", fields=(replace(GRADE, kind=FieldKind.CODE, format="gtim"),)),
    ]
    with pytest.raises(InvalidRequest) as error:
        store.upsert_categories(request("wrong"), rows)
    told = {one.field: one.remedy for one in error.value.violations}
    assert set(told) == {
        "categories[0].parent_id", "categories[1].parent_id", "categories[1].required[0]", "categories[1].required[2]",
        "categories[2].fields[0].name", "categories[2].fields[1].name", "categories[3].fields[0].values",
        "categories[3].fields[1].held", "categories[4].fields[0].format",
    }  # fmt: skip
    assert told["categories[1].required[0]"] == "there is no such field; did you mean shelf_life_days?"
    assert told["categories[4].fields[0].format"] == "there is no such format; did you mean gtin?"
    assert set(store.catalog.categories) == {"food", "tea"}


def test_the_fields_of_a_category_are_those_above_it_and_its_own(store: CatalogStore) -> None:
    book = book_of("tea", store.catalog.categories)
    assert book.fields["grade"] == GRADE
    assert book.required == {"grade": "tea", "title": "tea", "shelf_life_days": "food"}
    assert "grade" not in book_of("food", store.catalog.categories).fields


def test_fields_that_do_not_fit_each_other_are_refused(store: CatalogStore) -> None:
    rows = [
        replace(MILK, attributes={"net_weight_grams": "1001", "shelf_life_days": "7", "least_days_on_sale": "8"}),
        replace(CUP, attributes={"un_number": "UN1266", "battery_packing": "alone"}),
        replace(TEA, attributes={"units_per_inner": "6", "inners_per_case": "4", "units_per_case": "20"}),
    ]
    told = faults(store, rows)
    assert told["materials[0].attributes.net_weight_grams"] == "is more than weight_grams, 1000; put one of them right"
    assert told["materials[0].attributes.least_days_on_sale"].startswith("is more than shelf_life_days, 7")
    assert told["materials[1].attributes.hazard_class"] == "UN1266 is a dangerous good; give its class"
    assert "materials[1].attributes.battery_type" in told
    assert told["materials[2].attributes.units_per_case"].startswith("4 inners of 6 units make 24")


def test_a_channel_item_says_the_fields_of_its_layer(store: CatalogStore) -> None:
    store.upsert_sales_items(request("gift"), [GIFT])
    shown = ChannelItem(
        channel="tmall", code="G", item_id="GIFT", attributes={"title": "礼盒", "selling_points": "good|cheap"}
    )
    store.upsert_channel_items(request("shown"), [shown])
    with pytest.raises(InvalidRequest) as error:
        store.upsert_channel_items(request("wrong"), [replace(shown, attributes={"title": "x" * 121, "gtin": "1"})])
    assert [one.field for one in error.value.violations] == [
        "channel_items[0].attributes.gtin", "channel_items[0].attributes.title"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "traits"),
    [
        ({}, ()),
        ({"tags": ("own", "hazmat")}, ("own", "hazmat")),
        ({"attributes": {"temperature_class": "frozen"}}, ("cold_chain",)),
        ({"attributes": {"temperature_class": "cool", "battery_type": "none", "hazard_class": "none"}}, ()),
        ({"attributes": {"un_number": "UN1266", "hazard_class": "3"}, "tags": ("hazmat",)}, ("hazmat",)),
        ({"attributes": {"battery_type": "lithium_ion"}, "tags": ("own",)}, ("own", "battery")),
        ({"length_mm": 1500, "width_mm": 375, "height_mm": 375}, ()),
        ({"length_mm": 1501, "width_mm": 1, "height_mm": 1}, ("oversize",)),
        ({"length_mm": 1500, "width_mm": 376, "height_mm": 375}, ("oversize",)),
    ],
)
def test_what_carriers_look_at_follows_from_attributes_and_size(
    changes: dict[str, object], traits: tuple[str, ...]
) -> None:
    material = Material(**{"sku": "A", "name": "A", "weight_grams": 1, **changes})  # type: ignore[arg-type]  # fields
    assert material.traits == traits


def test_where_categories_are_not_known_attributes_stand_in_the_kept_form() -> None:
    violations = Violations()
    stated = replace(
        MILK, attributes={"shelf_life_days": "2 weeks", "grade": "one", "title": "Milk", "is_liquid": "yes"}
    )
    check_stated_attributes(stated, Layer.MATERIAL, "m", violations)
    told = {one.field: one.remedy for one in violations.found}
    assert told["m.attributes.shelf_life_days"] == "write 14"
    assert set(told) == {f"m.attributes.{name}" for name in ("shelf_life_days", "grade", "title")}
    within = Violations()
    check_stated_attributes(replace(stated, category_id="tea"), Layer.MATERIAL, "m", within)
    assert "m.attributes.grade" not in {one.field for one in within.found}
