"""Versions of what is sold, their place in life, and what may be ordered when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from solver.catalog.catalog import Catalog
from solver.catalog.life import LifeState
from solver.catalog.model import ChannelItem
from solver.catalog.store import CatalogStore, channel_row
from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound
from solver.storage.database import Database
from solver.storage.documents import DOCUMENT_SCHEMA
from solver.storage.once import Request
from solver.storage.requests import REQUEST_SCHEMA
from solver.storage.url import open_database
from tests.made_world import GIFT, MATERIALS

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
TEA, CUP, POT = MATERIALS[:3]
SHOP_TEA = ChannelItem(channel="tmall", code="T-1", item_id="TEA", price_minor=1990, currency="CNY")


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url, [DOCUMENT_SCHEMA, REQUEST_SCHEMA])
    yield opened
    opened.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def store(database: Database, clock: ManualClock) -> CatalogStore:
    store = CatalogStore(database, clock)
    store.upsert_materials(request("materials"), MATERIALS)
    store.upsert_sales_items(request("items"), [GIFT])
    return store


def request(request_id: str) -> Request:
    return Request(method="upsert", request_id=request_id, body_digest=b"")


def refused(error: pytest.ExceptionInfo[InvalidRequest]) -> dict[str, str]:
    return {one.field: one.remedy for one in error.value.violations}


def test_what_is_written_anew_is_the_next_version_and_every_version_is_kept(
    database: Database, clock: ManualClock, store: CatalogStore
) -> None:
    store.upsert_materials(request("same"), [TEA])
    store.upsert_materials(request("heavier"), [replace(TEA, weight_grams=600), CUP])
    for one in (store, CatalogStore(database, clock)):
        assert [(tea.version, tea.weight_grams) for tea in one.materials.versions("TEA")] == [(1, 500), (2, 600)]
        assert one.materials.get("TEA", 1) == replace(TEA, version=1)
        assert one.catalog.materials["TEA"] == replace(TEA, version=2, weight_grams=600)
        assert one.catalog.materials["CUP"].version == 1
        assert set(one.catalog.materials) == {material.sku for material in MATERIALS}
    with pytest.raises(NotFound, match="no version 3 of material 'TEA'"):
        store.materials.get("TEA", 3)


def test_a_version_that_may_be_in_use_never_changes_and_the_refusal_names_its_path(store: CatalogStore) -> None:
    rows = [replace(CUP, version=1), replace(TEA, version=1, weight_grams=600), replace(POT, version=3)]
    with pytest.raises(InvalidRequest) as error:
        store.upsert_materials(request("changed"), rows)
    assert refused(error) == {
        "materials[1].version": "this version is active and says something else; a version that may be in use never "
        "changes: give 0, or 2, for the next one",
        "materials[2].version": "the next version is 2; give 0, or that",
    }
    assert [tea.version for tea in store.materials.versions("TEA")] == [1]


def test_a_draft_is_written_in_place_and_not_in_force_until_it_is_active(store: CatalogStore) -> None:
    draft = replace(TEA, weight_grams=600, state=LifeState.DRAFT)
    store.upsert_materials(request("draft"), [draft])
    store.upsert_materials(request("better"), [replace(draft, weight_grams=610)])
    assert [(tea.version, tea.weight_grams) for tea in store.materials.versions("TEA")] == [(1, 500), (2, 610)]
    assert store.catalog.materials["TEA"].weight_grams == 500
    assert store.materials.change_life(request("go"), ["TEA"], LifeState.ACTIVE) == 1
    assert store.catalog.materials["TEA"].weight_grams == 610


def test_a_version_comes_into_force_and_ends_by_the_clock(clock: ManualClock, store: CatalogStore) -> None:
    promotion = replace(GIFT, name="Promotion", effective_from=TOMORROW, effective_until=TOMORROW + timedelta(hours=1))
    store.upsert_sales_items(request("promotion"), [promotion])
    assert store.catalog.sales_items["GIFT"].name == GIFT.name
    taken = store.catalog
    clock.advance(timedelta(days=1))
    assert (store.catalog.sales_items["GIFT"].name, taken.sales_items["GIFT"].name) == ("Promotion", GIFT.name)
    assert store.catalog is store.catalog
    clock.advance(timedelta(hours=1))
    assert store.catalog.sales_items["GIFT"].name == GIFT.name


def test_only_what_is_active_and_effective_may_be_ordered_and_the_refusal_names_state_and_date(
    clock: ManualClock, store: CatalogStore
) -> None:
    store.upsert_materials(request("later"), [replace(TEA, sku="NEW", effective_from=TOMORROW)])
    store.upsert_channel_items(request("codes"), [SHOP_TEA])
    store.materials.change_life(request("pause"), ["CUP"], LifeState.PAUSED)
    store.materials.change_life(request("end"), ["POT"], LifeState.ACTIVE, effective_until=NOW)
    store.channel_items.change_life(request("retire"), [channel_row("tmall", "T-1")], LifeState.RETIRED)
    catalog = store.catalog
    assert catalog.refusal("", "TEA") == ""
    assert catalog.refusal("", "CUP") == "material CUP is paused; activate it, or name another"
    assert catalog.refusal("", "POT") == f"material POT was effective until {NOW.isoformat()}; name another"
    assert catalog.refusal("", "NEW") == (
        f"material NEW is not effective until {TOMORROW.isoformat()}; order it then, or name another"
    )
    assert catalog.refusal("", "GIFT").startswith("its part material POT was effective until")
    assert catalog.refusal("tmall", "T-1").endswith("is retired; activate it, or name another")
    assert catalog.refusal("", "NONE").startswith("there is no such sales item or material")
    clock.advance(timedelta(days=1))
    assert store.catalog.refusal("", "NEW") == ""


def test_what_is_paused_stays_so_when_it_is_written_anew(store: CatalogStore) -> None:
    store.materials.change_life(request("pause"), ["TEA"], LifeState.PAUSED)
    store.upsert_materials(request("sync"), [replace(TEA, weight_grams=700)])
    tea = store.catalog.materials["TEA"]
    assert (tea.version, tea.weight_grams, tea.state) == (2, 700, LifeState.PAUSED)


def test_life_goes_one_way_and_all_or_none_of_a_call_moves(store: CatalogStore) -> None:
    store.materials.change_life(request("retire"), ["TEA"], LifeState.RETIRED)
    with pytest.raises(InvalidRequest) as error:
        store.materials.change_life(request("back"), ["CUP", "TEA", "NONE"], LifeState.DRAFT)
    assert refused(error) == {
        "ids[0].state": "it is active, which may become paused, retired",
        "ids[1].state": "it is retired, which may become nothing else",
        "ids[2]": "there is no such material; name one that exists, or add it first",
    }
    assert store.catalog.materials["CUP"].state is LifeState.ACTIVE


def test_a_time_without_a_zone_and_an_end_before_its_beginning_are_refused(store: CatalogStore) -> None:
    rows = [
        replace(TEA, effective_from=datetime(2026, 3, 1)),  # noqa: DTZ001 - that is what is wrong with it
        replace(CUP, effective_from=TOMORROW, effective_until=NOW),
        replace(POT, version=-1),
    ]
    with pytest.raises(InvalidRequest) as error:
        store.upsert_materials(request("times"), rows)
    assert list(refused(error)) == [
        "materials[0].effective_from", "materials[1].effective_until", "materials[2].version"
    ]  # fmt: skip


def test_a_channels_code_leads_to_materials_and_other_channels_do_not_know_it(store: CatalogStore) -> None:
    box = ChannelItem(channel="jd", code="T-1", item_id="GIFT")
    store.upsert_channel_items(request("codes"), [SHOP_TEA, box])
    catalog = store.catalog
    assert [part.sku for part in catalog.resolved("tmall", "T-1").parts] == ["TEA"]
    assert [(part.sku, part.units) for part in catalog.resolved("jd", "T-1").parts] == [("POT", 1), ("CUP", 2)]
    assert catalog.item_of("pdd", "T-1") == "T-1"
    assert catalog.resolved("tmall", "CUP").item_id == "CUP"
    with pytest.raises(KeyError):
        catalog.resolved("pdd", "T-1")


def test_a_code_may_sell_a_combination_which_has_no_parts_before_it_is_exploded(store: CatalogStore) -> None:
    store.combination_ids = lambda: {"BLIND-BOX"}
    store.upsert_channel_items(request("blind"), [replace(SHOP_TEA, item_id="BLIND-BOX")])
    resolved = store.catalog.resolved("tmall", "T-1")
    assert (resolved.item_id, resolved.parts, resolved.refusal) == ("BLIND-BOX", (), "")
    store.channel_items.change_life(request("pause"), [channel_row("tmall", "T-1")], LifeState.PAUSED)
    assert store.catalog.refusal("tmall", "T-1").endswith("is paused; activate it, or name another")


def test_a_code_sells_one_thing_until_it_is_retired(store: CatalogStore) -> None:
    with pytest.raises(InvalidRequest) as error:
        store.upsert_channel_items(request("twice"), [SHOP_TEA, replace(SHOP_TEA, item_id="CUP")])
    assert list(refused(error)) == ["channel_items[1]"]
    store.upsert_channel_items(request("first"), [SHOP_TEA])
    other = replace(SHOP_TEA, item_id="CUP")
    with pytest.raises(InvalidRequest) as error:
        store.upsert_channel_items(request("other"), [other])
    remedy = "in tmall this code sells TEA; retire that first, or give another code"
    assert refused(error) == {"channel_items[0].code": remedy}
    assert store.catalog.item_of("tmall", "T-1") == "TEA"


def test_a_channel_item_sells_what_exists_and_a_price_has_a_currency(store: CatalogStore) -> None:
    wrong = replace(SHOP_TEA, item_id="NONE", currency="", code=" ")
    with pytest.raises(InvalidRequest) as error:
        store.upsert_channel_items(request("wrong"), [wrong])
    assert set(refused(error)) == {f"channel_items[0].{name}" for name in ("code", "item_id", "currency")}


def test_a_catalog_of_plain_nouns_minds_their_states() -> None:
    catalog = Catalog.of([replace(TEA, state=LifeState.PAUSED), CUP], (), [SHOP_TEA])
    assert catalog.refusal("tmall", "T-1") == "material TEA is paused; activate it, or name another"
    assert catalog.refusal("", "CUP") == ""
