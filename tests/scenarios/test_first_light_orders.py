"""The demo network's orders: three days of everyday ones, and the named ones, each showing what its README says."""

from collections import Counter
from datetime import UTC, timedelta

from solver.network.model import SourceKind
from tests.scenarios.world import CHINA, World


def test_orders_are_placed_on_three_local_days_in_aware_utc(world: World) -> None:
    moments = [order.placed_at for order in world.scenario.orders]
    assert moments == sorted(moments)
    assert {moment.tzinfo for moment in moments} == {UTC}
    days = {moment.astimezone(CHINA).date().isoformat() for moment in moments}
    assert days == {"2026-03-06", "2026-03-07", "2026-03-08"}


def test_orders_have_one_to_six_lines_two_on_average(world: World) -> None:
    counts = Counter(len(order.lines) for order in world.scenario.orders)
    assert sorted(counts) == [1, 2, 3, 4, 5, 6]
    assert round(sum(lines * orders for lines, orders in counts.items()) / 120, 1) == 2.0


def test_everyday_orders_are_promised_the_same_day_to_three_days_later(world: World) -> None:
    waits: Counter[int] = Counter()
    for order in world.numbered_orders:
        assert order.promised_at is not None
        assert order.promised_at > order.placed_at
        waits[(order.promised_at.astimezone(CHINA).date() - order.placed_at.astimezone(CHINA).date()).days] += 1
    assert sorted(waits) == [0, 1, 2, 3]


def test_same_day_promises_are_made_only_where_there_are_stores(world: World) -> None:
    with_stores = {source.region_id for source in world.scenario.sources if source.kind is SourceKind.STORE}
    with_stores |= {region_id[:5] + "0000" for region_id in with_stores}
    same_day = [
        order
        for order in world.scenario.orders
        if order.promised_at is not None and order.promised_at - order.placed_at < timedelta(hours=15)
    ]
    assert len(same_day) >= 8
    assert {order.destination.region_id for order in same_day} <= with_stores


def test_only_two_orders_ask_for_more_than_there_is(world: World) -> None:
    held = world.on_hand()
    short = [order.order_id for order in world.scenario.orders if not world.demand(order) <= held]
    assert sorted(short) == ["FL-more-than-all", "FL-sold-out"]


def test_a_store_next_door_holds_all_of_the_urgent_order(world: World) -> None:
    order = world.order("FL-next-door")
    nearest = world.sources_with_all(order)[0]
    assert (nearest.source_id, round(world.meters(nearest, order))) == ("ST-310100-09", 422)


def test_the_split_order_finds_everything_only_far_away_and_its_parts_nearby(world: World) -> None:
    order = world.order("FL-split")
    by_id = {source.source_id: source for source in world.scenario.sources}
    assert world.demand(order) == {"MACHINE-AUTO": 1, "BEAN-GEISHA-100": 2}
    assert world.meters(world.sources_with_all(order)[0], order) > 1_200_000
    for source_id, sku, lacking in (
        ("WH-CHENGDU", "MACHINE-AUTO", "BEAN-GEISHA-100"),
        ("DL-510100-01", "BEAN-GEISHA-100", "MACHINE-AUTO"),
    ):
        held = world.on_hand([by_id[source_id]])
        assert (held[sku], held[lacking]) == (4, 0)
        assert world.meters(by_id[source_id], order) < 10_000


def test_two_bundles_share_a_material(world: World) -> None:
    order = world.order("FL-two-bundles")
    assert [(line.sku, line.quantity) for line in order.lines] == [("SET-GIFT-YUNNAN", 1), ("SET-TASTING", 2)]
    assert world.demand(order)["BEAN-YUNNAN-250"] == 1 + 2


def test_one_order_names_the_same_sku_on_two_lines(world: World) -> None:
    lines = world.order("FL-same-twice").lines
    assert [(line.line_id, line.sku, line.unit_price_minor) for line in lines] == [
        ("1", "SL-CUP-TUMBLER-350", 12900),
        ("2", "SL-CUP-TUMBLER-350", 6450),
    ]


def test_the_sold_out_item_is_nowhere_and_the_other_line_is_somewhere(world: World) -> None:
    wanted, held = world.demand(world.order("FL-sold-out")), world.on_hand()
    assert (wanted["GIFT-SPRING-TEA"], held["GIFT-SPRING-TEA"]) == (1, 0)
    assert held["DRIP-HOUSE-10"] > wanted["DRIP-HOUSE-10"] == 2


def test_one_order_is_larger_than_all_stock(world: World) -> None:
    assert world.demand(world.order("FL-more-than-all")) == {"FILTER-V60-100": 2000}
    assert 0 < world.on_hand()["FILTER-V60-100"] < 2000


def test_the_heavy_order_has_a_unit_that_only_freight_carries(world: World) -> None:
    weights = {material.sku: material.weight_grams for material in world.scenario.materials}
    heaviest = max(weights[sku] for sku in world.demand(world.order("FL-heavy")))
    limits = {service.service_id: service.max_weight_grams for service in world.scenario.services}
    assert heaviest == 58_000
    assert [service_id for service_id, limit in limits.items() if limit == 0 or limit >= heaviest] == [
        "xiangtuo-freight"
    ]


def test_lhasa_has_no_source_within_1000_km(world: World) -> None:
    order = world.order("FL-lhasa")
    assert order.destination.region_id == "CN-540100"
    assert min(world.meters(source, order) for source in world.scenario.sources) > 1_000_000


def test_nothing_was_promised_to_who_is_in_no_hurry(world: World) -> None:
    unpromised = [order.order_id for order in world.scenario.orders if order.promised_at is None]
    assert unpromised == ["FL-no-hurry"]


def test_the_evening_order_can_be_handed_over_before_its_store_closes(world: World) -> None:
    order = world.order("FL-before-bed")
    store = world.sources_with_all(order)[0]
    ready = order.placed_at.astimezone(CHINA) + timedelta(minutes=store.lead_minutes)
    assert store.source_id == "ST-440100-03"
    assert world.meters(store, order) < 3_000
    assert ready.hour * 60 + ready.minute == 21 * 60 < store.hours.closes_minute


def test_the_sunday_order_is_nearest_to_a_dealer_that_is_closed(world: World) -> None:
    order = world.order("FL-sunday")
    nearest = min(world.scenario.sources, key=lambda source: world.meters(source, order))
    assert nearest == world.sources_with_all(order)[0]
    assert (nearest.source_id, nearest.kind) == ("DL-532900-01", SourceKind.DEALER)
    assert order.placed_at.astimezone(CHINA).isoweekday() not in nearest.hours.weekdays


def test_no_source_holds_all_six_lines_of_the_wide_order(world: World) -> None:
    order = world.order("FL-wide")
    assert len(order.lines) == 6
    assert world.sources_with_all(order) == []
    assert world.demand(order) <= world.on_hand()
