"""Layers, states and imports through the service: what is refused, and that an order minds them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.catalog.categories import Category
from solver.catalog.fields.model import Layer
from solver.catalog.life import LifeState
from solver.catalog.model import ChannelItem, Material
from solver.catalog.store import MOST_IMPORTED
from solver.client import CallFailed, Client
from solver.clock import ManualClock
from solver.gen.xunyuan.catalog.v1 import catalog_pb2 as pb
from solver.gen.xunyuan.catalog.v1 import category_pb2
from solver.scenario.load import load
from tests.made_world import MATERIALS, MONDAY_AT_8, made_world, order_of
from tests.running import HOST, SECONDS, Running, fresh_id, plan_request, refusal


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = Running(Path(tmp_path_factory.mktemp("data")), ManualClock(MONDAY_AT_8))
    load(started.application, made_world())
    yield started
    started.close()


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{service.server.port}") as opened:
        yield opened


def test_an_order_of_what_is_paused_or_not_yet_effective_is_refused_with_state_and_date(
    service: Running, client: Client
) -> None:
    later = MONDAY_AT_8 + timedelta(days=1)
    new = Material(sku="LATER", name="Later", weight_grams=5, effective_from=later)
    assert client.catalog.import_rows("materials", [new]).written == 1
    assert client.catalog.change_state(Layer.MATERIAL, ["CUP"], LifeState.PAUSED) == 1
    order = order_of(("TEA", 1), ("CUP", 1), ("LATER", 1))
    refused = refusal(lambda: service.plan(plan_request(order, validate_only=True)))
    assert refused.fields == {
        "order.lines[1].sku": "'CUP': material CUP is paused; activate it, or name another",
        "order.lines[2].sku": f"'LATER': material LATER is not effective until {later.isoformat()}; order it then, or "
        "name another",
    }
    client.catalog.change_state(Layer.MATERIAL, ["CUP"], LifeState.ACTIVE)
    assert service.plan(plan_request(order_of(("CUP", 1)), validate_only=True)).packages


def test_a_change_of_state_is_made_once_for_each_request(service: Running, client: Client) -> None:
    for _ in range(2):
        client.catalog.change_state(Layer.MATERIAL, ["RARE"], LifeState.PAUSED, request_id="pause it")
        client.catalog.change_state(Layer.MATERIAL, ["RARE"], LifeState.ACTIVE)
        assert service.application.catalog.catalog.materials["RARE"].state is LifeState.ACTIVE


def test_what_is_not_known_is_refused_by_name(service: Running, client: Client) -> None:
    catalog = service.catalog
    change = pb.ChangeStateRequest(request_id=fresh_id(), layer=category_pb2.LAYER_MATERIAL, item_ids=["TEA"])
    assert set(refusal(lambda: catalog.ChangeState(change, timeout=SECONDS)).fields) == {"state"}
    change = pb.ChangeStateRequest(request_id=fresh_id(), layer=9, item_ids=["TEA"])  # type: ignore[arg-type]  # unknown
    assert set(refusal(lambda: catalog.ChangeState(change, timeout=SECONDS)).fields) == {"layer"}
    listing = pb.ListCatalogRequest()
    assert set(refusal(lambda: catalog.ListCatalog(listing, timeout=SECONDS)).fields) == {"kind"}
    with pytest.raises(CallFailed) as failed:
        client.catalog.change_state(Layer.SALES_ITEM, ["TEA", "TEA"], LifeState.PAUSED)
    assert [one.field for one in failed.value.violations] == ["item_ids[1]"]
    with pytest.raises(CallFailed) as failed:
        client.catalog.versions(Layer.MATERIAL, "TEA", version=7)
    assert (failed.value.code, failed.value.reason) == ("NOT_FOUND", "NOT_FOUND")
    with pytest.raises(CallFailed, match="'NONE'"):
        client.catalog.resolve("tmall", ["TEA", "NONE"])


def test_an_import_has_rows_of_one_kind_a_request_id_and_not_too_many(service: Running) -> None:
    ask = service.catalog.ImportCatalog
    tea = pb.Material(sku="T", name="T", weight_grams=1)
    for request, field in (
        (pb.ImportCatalogRequest(request_id=fresh_id()), "rows"),
        (pb.ImportCatalogRequest(request_id=fresh_id(), materials=[tea], categories=[category_pb2.Category()]), "rows"),
        (pb.ImportCatalogRequest(materials=[tea]), "request_id"),
        (pb.ImportCatalogRequest(request_id=fresh_id(), materials=[tea] * (MOST_IMPORTED + 1)), "materials"),
    ):
        assert set(refusal(lambda request=request: ask(request, timeout=SECONDS)).fields) == {field}  # type: ignore[misc]  # bound now


def test_an_import_of_many_rows_is_listed_page_by_page_and_one_bad_row_leaves_nothing(
    service: Running, client: Client
) -> None:
    rows = [Material(sku=f"M{number:04}", name="M", weight_grams=1) for number in range(1500)]
    bad = [*rows, replace(rows[7], sku="B", weight_grams=0), replace(rows[3], name="again")]
    before = service.contents()
    answer = client.catalog.import_rows("materials", bad)
    assert [(fault.row, fault.field) for fault in answer.faults] == [(1500, "weight_grams"), (1501, "")]
    assert (answer.written, service.contents()) == (0, before)
    assert client.catalog.import_rows("materials", rows, validate_only=True).written == 0
    assert service.contents() == before
    assert client.catalog.import_rows("materials", rows).written == 1500
    listed = [material.sku for material in client.catalog.rows("materials")]
    assert listed == sorted({*(row.sku for row in rows), "LATER", *(one.sku for one in MATERIALS)})


def test_categories_and_channel_items_are_read_as_they_were_written(service: Running, client: Client) -> None:
    cups = Category(category_id="cups", name="Cups", required=("gtin",))
    shown = ChannelItem(
        channel="jd", code="C", item_id="CUP", attributes={"title": "Cup"}, price_minor=0, currency="CNY"
    )
    category_request = pb.UpsertCategoriesRequest(request_id=fresh_id())
    category_request.categories.add(category_id="cups", name="Cups", required=["gtin"])
    service.catalog.UpsertCategories(category_request, timeout=SECONDS)
    item_request = pb.UpsertChannelItemsRequest(request_id=fresh_id())
    item_request.channel_items.add(
        channel="jd", code="C", item_id="CUP", price_minor=0, currency="CNY", attributes={"title": "Cup"}
    )
    assert service.catalog.UpsertChannelItems(item_request, timeout=SECONDS).written == 1
    assert list(client.catalog.rows("categories")) == [cups]
    assert list(client.catalog.rows("channel_items")) == [replace(shown, version=1)]
    assert client.catalog.versions(Layer.CHANNEL_ITEM, "C", channel="jd") == [replace(shown, version=1)]
    refused = client.catalog.import_rows("channel_items", [replace(shown, item_id="TEA")])
    assert [(fault.row, fault.field) for fault in refused.faults] == [(0, "code")]
