"""Upserts and look-ups through the service: all or nothing, kept, and used by the next plan."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message

from solver.clock import ManualClock
from solver.gen.xunyuan.catalog.v1 import catalog_pb2
from solver.gen.xunyuan.network.v1 import network_pb2, source_pb2, tariff_pb2
from solver.gen.xunyuan.stock.v1 import stock_pb2
from solver.network.model import SourceKind
from solver.wire.codec import to_proto
from tests.made_world import EAST_STORE, GIFT, GROUND, MATERIALS, REGIONS, SOURCES, order_of
from tests.running import SECONDS, Running, fresh_id, plan_request, refusal

REQUESTS: dict[str, tuple[str, type[Any], str, type[Any]]] = {
    "regions": ("network", network_pb2.UpsertRegionsRequest, "UpsertRegions", source_pb2.Region),
    "sources": ("network", network_pb2.UpsertSourcesRequest, "UpsertSources", source_pb2.Source),
    "carriers": ("network", network_pb2.UpsertCarriersRequest, "UpsertCarriers", tariff_pb2.Carrier),
    "services": ("network", network_pb2.UpsertServicesRequest, "UpsertServices", tariff_pb2.Service),
    "materials": ("catalog", catalog_pb2.UpsertMaterialsRequest, "UpsertMaterials", catalog_pb2.Material),
    "sales_items": ("catalog", catalog_pb2.UpsertSalesItemsRequest, "UpsertSalesItems", catalog_pb2.SalesItem),
}


def upsert(service: Running, noun: str, *rows: object, request_id: str | None = None) -> int:
    """Write rows, dataclasses or messages; how many were written."""
    room, request_type, method, row_type = REQUESTS[noun]
    messages = [row if isinstance(row, Message) else to_proto(row, row_type) for row in rows]
    request = request_type(request_id=fresh_id() if request_id is None else request_id, **{noun: messages})
    written: int = getattr(getattr(service, room), method)(request, timeout=SECONDS).written
    return written


def freight(service: Running) -> int:
    """What two teas to the east cost in freight: 800 from the store, by its own tariff."""
    return service.plan(plan_request(order_of(("TEA", 2)), validate_only=True)).cost_minor["freight"]


def test_a_replaced_tariff_prices_the_next_plan_and_no_plan_made_before(service: Running) -> None:
    before = service.plan(plan_request(order_of(("TEA", 2), order_id="before")))
    assert freight(service) == 800
    near, far = GROUND.rates
    bands = tuple(replace(band, base_minor=band.base_minor + 7) for band in near.card.bands)
    dearer = replace(GROUND, rates=(replace(near, card=replace(near.card, bands=bands)), far))
    assert upsert(service, "services", dearer) == 1
    assert freight(service) == 807
    service.confirm(before.plan_id)
    assert service.plan(plan_request(order_of(("TEA", 2), order_id="after"))).cost_minor["freight"] == 807
    assert before.cost_minor["freight"] == 800


def test_a_replaced_weight_and_a_replaced_bundle_count_from_the_next_plan_on(service: Running) -> None:
    upsert(service, "materials", replace(MATERIALS[0], weight_grams=600))
    assert freight(service) == 900
    upsert(service, "sales_items", replace(GIFT, parts=GIFT.parts[:1]))
    [package] = service.plan(plan_request(order_of(("GIFT", 1)))).packages
    assert [(one.sku, one.units) for one in package.contents] == [("POT", 1)]


def test_replaced_values_are_kept_over_a_restart(service: Running, clock: ManualClock) -> None:
    upsert(service, "materials", replace(MATERIALS[0], weight_grams=600))
    upsert(service, "sources", replace(EAST_STORE, handling_per_package_minor=5000))
    folder = Path(service.application.database.name).parent
    service.close()
    again = Running(folder, clock)
    try:
        plan = again.plan(plan_request(order_of(("TEA", 2))))
        assert (plan.packages[0].source_id, plan.cost_minor["freight"]) == ("W-EAST", 900)
    finally:
        again.close()


def test_a_repeated_upsert_does_not_undo_what_came_after(service: Running) -> None:
    heavier = replace(MATERIALS[0], weight_grams=600)
    assert upsert(service, "materials", heavier, request_id="heavier") == 1
    upsert(service, "materials", MATERIALS[0])
    before = service.contents()
    assert upsert(service, "materials", heavier, request_id="heavier") == 1
    assert service.contents() == before
    assert freight(service) == 800


@pytest.mark.parametrize(
    ("noun", "rows", "fields"),
    [
        ("regions", [replace(REGIONS[0], parent_id="EAST-CITY")], {"regions"}),
        ("regions", [REGIONS[0], replace(REGIONS[1], latitude=float("nan"))], {"regions[1].latitude"}),
        (
            "sources",
            [SOURCES[0], replace(SOURCES[1], region_id="MOON"), replace(SOURCES[2], longitude=200.0, lead_minutes=-1)],
            {"sources[1].region_id", "sources[2].longitude", "sources[2].lead_minutes"},
        ),
        ("sources", [SOURCES[0], SOURCES[0]], {"sources[1]"}),
        ("sources", [source_pb2.Source(source_id="X", region_id="EAST")], {"sources[0].kind"}),
        (
            "sources",
            [SOURCES[0], source_pb2.Source(source_id="X", region_id="EAST", kind=99)],  # type: ignore[arg-type]  # unknown
            {"sources[1].kind"},
        ),
        ("sources", [source_pb2.Source(
            source_id="X", region_id="EAST", kind=source_pb2.SOURCE_KIND_STORE, hours=source_pb2.Hours(),
        )], {"sources[0].hours", "sources[0].hours.weekdays"}),
        ("carriers", [], {"carriers"}),
        ("services", [replace(GROUND, currency="USD")], {"services[0].currency"}),
        ("services", [replace(GROUND, carrier_id="nobody", rates=GROUND.rates[:1])], {
            "services[0].carrier_id", "services[0].region_zones[2].zone",
        }),
        ("services", [tariff_pb2.Service(
            service_id="x", carrier_id="truck-co", currency="CNY", rates=[tariff_pb2.ZoneRate(zone="a")],
            kinds=[0, 7],  # type: ignore[list-item]  # unknown
        )], {"services[0].rates[0].card", "services[0].kinds[0]", "services[0].kinds[1]"}),
        ("materials", [MATERIALS[0], replace(MATERIALS[1], sku="", weight_grams=0)], {
            "materials[1].sku", "materials[1].weight_grams",
        }),
        ("sales_items", [replace(GIFT, parts=())], {"sales_items[0].parts"}),
    ],
)  # fmt: skip
def test_one_wrong_row_refuses_the_whole_call_and_every_wrong_field_is_told(
    service: Running, noun: str, rows: list[object], fields: set[str]
) -> None:
    before = service.contents()
    refused = refusal(lambda: upsert(service, noun, *rows))
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    assert set(refused.fields) == fields
    assert service.contents() == before


def test_an_unknown_kind_of_source_is_told_what_kinds_there_are(service: Running) -> None:
    source = source_pb2.Source(source_id="X", region_id="EAST", kind=99)  # type: ignore[arg-type]  # unknown
    refused = refusal(lambda: upsert(service, "sources", source))
    kinds = ", ".join(f"SOURCE_KIND_{kind.name}" for kind in SourceKind)
    assert refused.fields == {"sources[0].kind": f"99: give one of {kinds}"}


@pytest.mark.parametrize("noun", sorted(REQUESTS))
def test_every_upsert_needs_a_request_id_and_takes_at_most_a_thousand_rows(service: Running, noun: str) -> None:
    rows: dict[str, Any] = {
        "regions": REGIONS[0], "sources": SOURCES[0], "carriers": tariff_pb2.Carrier(carrier_id="c"),
        "services": GROUND, "materials": MATERIALS[0], "sales_items": GIFT,
    }  # fmt: skip
    before = service.contents()
    assert set(refusal(lambda: upsert(service, noun, rows[noun], request_id="")).fields) == {"request_id"}
    refused = refusal(lambda: upsert(service, noun, *[rows[noun]] * 1001))
    assert refused.fields[noun] == "'1001 rows': send 1 to 1,000"
    assert "violations_left_out" in refused.metadata
    assert service.contents() == before


def test_defaults_stand_in_for_what_is_absent(service: Running) -> None:
    band = tariff_pb2.Band(base_minor=100)
    rates = [tariff_pb2.ZoneRate(zone="z", card=tariff_pb2.RateCard(bands=[band]))]
    absent = tariff_pb2.Service(
        service_id="absent",
        carrier_id="truck-co",
        currency="CNY",
        rates=rates,
        region_zones=[tariff_pb2.RegionZone(zone="z")],
    )
    upsert(service, "services", absent)
    written = service.application.network.network
    assert written.services["absent"].rates[0].card.bands[0].step_grams == 1000
    assert written.services["absent"].rates[0].card.bands[0].up_to_grams is None


def test_a_source_without_hours_is_always_open_in_utc(service: Running) -> None:
    upsert(service, "sources", source_pb2.Source(source_id="X", region_id="EAST", kind=source_pb2.SOURCE_KIND_STORE))
    source = service.application.network.network.sources["X"]
    assert (source.time_zone, source.hours.opens_minute, source.hours.closes_minute) == ("UTC", 0, 1440)
    assert source.hours.weekdays == (1, 2, 3, 4, 5, 6, 7)


def test_rows_are_read_back_as_they_were_written_in_the_order_asked(service: Running) -> None:
    regions = service.network.BatchGetRegions(
        network_pb2.BatchGetRegionsRequest(region_ids=["WEST", "EAST-CITY", "WEST"]), timeout=SECONDS
    ).regions
    assert list(regions) == [to_proto(REGIONS[number], source_pb2.Region) for number in (2, 1, 2)]
    materials = service.catalog.BatchGetMaterials(
        catalog_pb2.BatchGetMaterialsRequest(skus=["POT", "TEA"]), timeout=SECONDS
    ).materials
    assert list(materials) == [
        to_proto(replace(MATERIALS[number], version=1), catalog_pb2.Material) for number in (2, 0)
    ]
    items = service.catalog.BatchGetSalesItems(
        catalog_pb2.BatchGetSalesItemsRequest(item_ids=["GIFT"]), timeout=SECONDS
    ).sales_items
    assert list(items) == [to_proto(replace(GIFT, version=1), catalog_pb2.SalesItem)]
    carriers = service.network.ListCarriers(network_pb2.ListCarriersRequest(), timeout=SECONDS).carriers
    assert [carrier.carrier_id for carrier in carriers] == ["plane-co", "truck-co"]


def test_a_look_up_names_every_unknown_id(service: Running) -> None:
    request = catalog_pb2.BatchGetMaterialsRequest(skus=["TEA", "NO", "CUP", "NEITHER"])
    refused = refusal(lambda: service.catalog.BatchGetMaterials(request, timeout=SECONDS))
    assert (refused.code, refused.reason) == ("NOT_FOUND", "NOT_FOUND")
    assert refused.metadata == {"skus[1]": "NO", "skus[3]": "NEITHER"}
    assert "'NO', 'NEITHER'" in refused.text


@pytest.mark.parametrize("count", [0, 1001])
def test_a_look_up_takes_one_to_a_thousand_ids(service: Running, count: int) -> None:
    request = network_pb2.BatchGetRegionsRequest(region_ids=["EAST"] * count)
    refused = refusal(lambda: service.network.BatchGetRegions(request, timeout=SECONDS))
    assert refused.fields == {"region_ids": f"'{count} rows': send 1 to 1,000"}


@pytest.mark.parametrize(
    ("movement", "fields"),
    [
        ({"site_id": "MOON", "sku": "TEA", "units": 1}, {"movements[0].site_id"}),
        ({"site_id": "S-EAST", "sku": "GIFT", "units": 1}, {"movements[0].sku"}),
        ({"site_id": "S-EAST", "sku": "TEA", "units": 1_000_001}, {"movements[0].units"}),
        ({"site_id": "S-EAST", "sku": "TEA", "units": -1_000_001}, {"movements[0].units"}),
        ({"site_id": "", "sku": "", "units": 0}, {"movements[0].site_id", "movements[0].sku", "movements[0].units"}),
    ],
)
@pytest.mark.parametrize("method", ["ReceiveStock", "AdjustStock"])
def test_a_wrong_movement_is_told_and_none_is_booked(
    service: Running, method: str, movement: dict[str, Any], fields: set[str]
) -> None:
    before = service.contents()
    request = getattr(stock_pb2, f"{method}Request")(request_id=fresh_id())
    request.movements.add(**movement)
    request.movements.add(site_id="S-EAST", sku="TEA", units=1)
    refused = refusal(lambda: getattr(service.stock, method)(request, timeout=SECONDS))
    assert refused.code == "INVALID_ARGUMENT"
    assert set(refused.fields) == fields
    assert service.contents() == before


def test_a_receipt_takes_nothing_out_and_a_correction_that_changes_nothing_is_none(service: Running) -> None:
    before = service.contents()
    receipt = stock_pb2.ReceiveStockRequest(request_id=fresh_id(), reference="x" * 257)
    receipt.movements.add(site_id="S-EAST", sku="TEA", units=-1)
    refused = refusal(lambda: service.stock.ReceiveStock(receipt, timeout=SECONDS))
    assert set(refused.fields) == {"reference", "movements[0].units"}
    receipt.reference = "pallet\0 7"
    refused = refusal(lambda: service.stock.ReceiveStock(receipt, timeout=SECONDS))
    assert refused.fields["reference"] == r"'pallet\x00 7': leave out the NUL character"

    correction = stock_pb2.AdjustStockRequest(request_id=fresh_id())
    correction.movements.add(site_id="S-EAST", sku="TEA", units=1)
    correction.movements.add(site_id="S-EAST", sku="TEA", units=-1)
    refused = refusal(lambda: service.stock.AdjustStock(correction, timeout=SECONDS))
    assert set(refused.fields) == {"movements"}
    assert service.contents() == before
