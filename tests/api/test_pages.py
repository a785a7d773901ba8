"""Pages: every row exactly once, whatever the page size, also when rows come in between."""

import base64
from dataclasses import replace

import pytest

from solver.gen.xunyuan.network.v1 import network_pb2
from solver.gen.xunyuan.stock.v1 import stock_pb2
from tests.api.test_master_data import upsert
from tests.made_world import AIR, EAST_STORE, STOCK
from tests.running import SECONDS, Running, fresh_id, refusal

STORES = [f"S-{number:02}" for number in range(20)]


def sources(service: Running, page_size: int = 0, page_token: str = "") -> network_pb2.ListSourcesResponse:
    request = network_pb2.ListSourcesRequest(page_size=page_size, page_token=page_token)
    return service.network.ListSources(request, timeout=SECONDS)


def levels(
    service: Running, page_size: int = 0, page_token: str = "", skus: tuple[str, ...] = (), sites: tuple[str, ...] = ()
) -> stock_pb2.ListStockLevelsResponse:
    request = stock_pb2.ListStockLevelsRequest(page_size=page_size, page_token=page_token, skus=skus, site_ids=sites)
    return service.stock.ListStockLevels(request, timeout=SECONDS)


def add_stores(service: Running, *source_ids: str) -> None:
    upsert(service, "sources", *[replace(EAST_STORE, source_id=source_id) for source_id in source_ids])


@pytest.mark.parametrize("page_size", [0, 1, 2, 7, 22, 23, 24, 1000])
def test_a_walk_over_sources_meets_each_once_in_order(service: Running, page_size: int) -> None:
    add_stores(service, *STORES)
    met, token = [], ""
    while True:
        answer = sources(service, page_size, token)
        assert 0 < len(answer.sources) <= (page_size or 1000)
        met += [source.source_id for source in answer.sources]
        token = answer.next_page_token
        if not token:
            break
    assert met == sorted([*STORES, "S-EAST", "W-EAST", "W-WEST"])


def test_rows_added_on_the_way_disturb_nothing(service: Running) -> None:
    add_stores(service, *STORES[::2])
    met, token = [], ""
    for number in range(100):
        answer = sources(service, 2, token)
        met += [source.source_id for source in answer.sources]
        token = answer.next_page_token
        if not token:
            break
        if number < len(STORES) // 2:
            add_stores(service, STORES[2 * number + 1])
    assert met == sorted(set(met))
    assert {*STORES[::2], "S-EAST", "W-EAST", "W-WEST"} <= set(met)


def test_services_are_paged_as_well(service: Running) -> None:
    upsert(service, "services", *[replace(AIR, service_id=f"air {number:02}") for number in range(5)])
    met, token = [], ""
    while True:
        request = network_pb2.ListServicesRequest(page_size=3, page_token=token)
        answer = service.network.ListServices(request, timeout=SECONDS)
        met += [one.service_id for one in answer.services]
        token = answer.next_page_token
        if not token:
            break
    assert met == ["air", *(f"air {number:02}" for number in range(5)), "ground"]


@pytest.mark.parametrize("page_size", [1, 2, 4, 9])
def test_a_walk_over_levels_meets_each_once(service: Running, page_size: int) -> None:
    met, token = [], ""
    while True:
        answer = levels(service, page_size, token)
        met += [(level.sku, level.site_id, level.on_hand) for level in answer.levels]
        token = answer.next_page_token
        if not token:
            break
    assert met == sorted((one.sku, one.source_id, one.units) for one in STOCK)


def test_levels_are_filtered_by_sku_and_by_site(service: Running) -> None:
    of_tea = [(level.sku, level.site_id) for level in levels(service, skus=("TEA", "NONE")).levels]
    assert of_tea == [("TEA", "S-EAST"), ("TEA", "W-EAST"), ("TEA", "W-WEST")]
    both = [(level.sku, level.site_id) for level in levels(service, skus=("TEA", "CUP"), sites=("S-EAST",)).levels]
    assert both == [("CUP", "S-EAST"), ("TEA", "S-EAST")]
    assert list(levels(service, skus=("NONE",)).levels) == []


def test_too_many_filters_are_refused_together(service: Running) -> None:
    refused = refusal(lambda: levels(service, skus=("TEA",) * 1001, sites=("S-EAST",) * 1002))
    assert refused.fields == {"skus": "'1001 rows': send at most 1,000", "site_ids": "'1002 rows': send at most 1,000"}


@pytest.mark.parametrize("page_size", [-1, 1001, 2**31 - 1])
def test_a_page_size_out_of_bounds_is_refused(service: Running, page_size: int) -> None:
    for call in (sources, levels):
        refused = refusal(lambda call=call: call(service, page_size))  # type: ignore[misc]  # bound early
        assert refused.fields == {"page_size": f"{page_size}: ask for 1 to 1000, or 0 for 1000"}


@pytest.mark.parametrize(
    "token", ["!!!!", "nonsense", "茶", "QUJD\n", "Q", "Q===", base64.b64encode(b"\xff\xfe").decode(), " "]
)
def test_a_page_token_of_nobodys_making_is_refused(service: Running, token: str) -> None:
    for call in (sources, levels):
        refused = refusal(lambda call=call: call(service, 1, token))  # type: ignore[misc]  # bound early
        assert (refused.code, set(refused.fields)) == ("INVALID_ARGUMENT", {"page_token"})


def test_the_page_after_the_last_row_is_empty(service: Running) -> None:
    answer = sources(service, 1, base64.urlsafe_b64encode(b"\x7f").decode())
    assert (list(answer.sources), answer.next_page_token) == ([], "")


def test_a_page_token_survives_ids_of_any_script(service: Running) -> None:
    add_stores(service, "店一", "店二", "店三?>~")
    first = sources(service, 4)
    second = sources(service, 4, first.next_page_token)
    met = [source.source_id for source in (*first.sources, *second.sources)]
    assert met == sorted(["S-EAST", "W-EAST", "W-WEST", "店一", "店二", "店三?>~"])


def test_one_more_receipt_on_the_way_shows_a_new_level_once(service: Running) -> None:
    first = levels(service, 5)
    request = stock_pb2.ReceiveStockRequest(request_id=fresh_id())
    request.movements.add(site_id="W-WEST", sku="RARE", units=1)
    service.stock.ReceiveStock(request, timeout=SECONDS)
    rest = levels(service, 1000, first.next_page_token)
    met = [(level.sku, level.site_id) for level in (*first.levels, *rest.levels)]
    assert met == sorted({*((one.sku, one.source_id) for one in STOCK), ("RARE", "W-WEST")})
