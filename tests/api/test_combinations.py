"""CombinationService: kept in versions, exploded in batches, counted by channel, given back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from solver.catalog.combinations.kept import KeptCombination
from solver.clock import ManualClock
from solver.gen.xunyuan.catalog.v1 import catalog_pb2, combination_pb2, combinations_pb2_grpc, explosion_pb2
from solver.gen.xunyuan.catalog.v1 import combinations_pb2 as pb
from solver.scenario.load import load
from solver.wire.codec import to_proto
from solver.wire.plans import plan_from_proto
from tests.fulfilment.coffee import COFFEE, TASTING, coffee_world
from tests.made_world import order_of
from tests.running import SECONDS, Running, fresh_id, plan_request, refusal

STOCK = {"MACHINE": 9, "BEANS": 20, "RED": 1, "BLUE": 2, "WHITE": 1}


@pytest.fixture
def shop(tmp_path: Path, clock: ManualClock) -> Iterator[Running]:
    running = Running(tmp_path / "data", clock)
    load(running.application, coffee_world(**STOCK))
    yield running
    running.close()


@pytest.fixture
def stub(shop: Running) -> Any:
    """With the coffee set and the tasting kept."""
    service: Any = combinations_pb2_grpc.CombinationServiceStub(shop.channel)
    rows = [kept(COFFEE), kept(TASTING)]
    written = service.UpsertCombinations(
        pb.UpsertCombinationsRequest(request_id=fresh_id(), combinations=rows), timeout=SECONDS
    )
    assert written.written == 2
    return service


def kept(combination: Any, **place: Any) -> combination_pb2.KeptCombination:
    return to_proto(KeptCombination(combination=combination, **place), combination_pb2.KeptCombination)


def basket(item_id: str, quantity: int, order_id: str = "O-1") -> explosion_pb2.Basket:
    line = explosion_pb2.BasketLine(line_id="1", item_id=item_id, quantity=quantity)
    return explosion_pb2.Basket(order_id=order_id, lines=[line])


def test_a_combination_reads_as_it_was_written_with_its_version(stub: Any) -> None:
    request = pb.BatchGetCombinationsRequest(combination_ids=["TASTING", "COFFEE"])
    tasting, coffee = stub.BatchGetCombinations(request, timeout=SECONDS).combinations

    assert coffee == kept(COFFEE, version=1)
    assert tasting.combination == to_proto(TASTING, combination_pb2.Combination)


def test_a_change_of_a_version_in_use_is_refused_by_its_path(stub: Any) -> None:
    changed = kept(COFFEE, version=1)
    changed.combination.price.fixed.unit_minor = 1
    request = pb.UpsertCombinationsRequest(request_id=fresh_id(), combinations=[changed])

    refused = refusal(lambda: stub.UpsertCombinations(request, timeout=SECONDS))
    assert refused.code == "INVALID_ARGUMENT"
    assert list(refused.fields) == ["combinations[0].version"]


def test_what_is_not_sound_is_refused_and_nothing_is_kept(stub: Any) -> None:
    within = kept(COFFEE)
    within.combination.combination_id = "LOOP"
    within.combination.goods.all_of.parts[0].item.item_id = "LOOP"
    other = kept(TASTING)
    other.combination.combination_id = "NEW"
    request = pb.UpsertCombinationsRequest(request_id=fresh_id(), combinations=[other, within])

    refused = refusal(lambda: stub.UpsertCombinations(request, timeout=SECONDS))
    assert "contains itself" in refused.text
    asked = pb.BatchGetCombinationsRequest(combination_ids=["NEW"])
    assert refusal(lambda: stub.BatchGetCombinations(asked, timeout=SECONDS)).code == "NOT_FOUND"


def test_orders_are_exploded_in_a_batch_to_lines_with_shares(stub: Any) -> None:
    request = pb.ExplodeOrdersRequest(orders=[basket("COFFEE", 2), basket("TEA", 1, "O-2")], currency="CNY")
    coffee, tea = stub.ExplodeOrders(request, timeout=SECONDS).orders

    assert sum(line.quantity * line.unit_price_minor for line in coffee.lines) == 2 * 99_900
    assert {piece.sku: piece.units for piece in coffee.explosion.pieces if piece.role == explosion_pb2.ROLE_SOLD} == {
        "MACHINE": 2, "BEANS": 6,
    }  # fmt: skip
    assert [(part.sku, part.units) for line in tea.lines for part in line.parts] == [("TEA", 1)]
    assert coffee == stub.ExplodeOrders(request, timeout=SECONDS).orders[0]


def test_faults_of_orders_are_told_all_together(stub: Any) -> None:
    request = pb.ExplodeOrdersRequest(orders=[basket("NONE", 1), basket("TASTING", 1, "O-2")], currency="CNY")

    refused = refusal(lambda: stub.ExplodeOrders(request, timeout=SECONDS))
    assert list(refused.fields) == ["orders[0].lines[0].item_id", "orders[1].lines[0].chosen.cup"]


def test_availability_is_net_of_holds_and_names_what_is_short(shop: Running, stub: Any) -> None:
    request = pb.BatchGetCombinationAvailabilityRequest(combination_ids=["COFFEE", "TASTING"])

    def found() -> list[tuple[int, list[str]]]:
        answer = stub.BatchGetCombinationAvailability(request, timeout=SECONDS)
        return [(one.units, list(one.short_skus)) for one in answer.combinations]

    assert found() == [(4, ["BLUE", "RED", "WHITE"]), (2, ["BLUE", "RED", "WHITE"])]
    shop.plan(plan_request(order_of(("COFFEE", 3))))
    assert found() == [(1, ["BLUE", "RED", "WHITE"]), (0, ["BLUE", "RED", "WHITE"])]


def test_a_return_gives_back_the_share_of_what_comes_back(stub: Any) -> None:
    explosion = stub.ExplodeOrders(
        pb.ExplodeOrdersRequest(orders=[basket("COFFEE", 1)], currency="CNY"), timeout=SECONDS
    ).orders[0]
    quoted = stub.QuoteReturn(
        pb.QuoteReturnRequest(
            order=basket("COFFEE", 1),
            currency="CNY",
            decisions=explosion.explosion.decisions,
            returned=[pb.ReturnedUnits(line_id="1", sku="BEANS", units=3)],
        ),
        timeout=SECONDS,
    )
    assert (quoted.share_minor, quoted.repriced_minor, quoted.refund_minor) == (12_753, 0, 12_753)
    assert sum(part.share_minor for part in quoted.worth) == 99_900 - 12_753


def test_a_plan_on_the_wire_tells_what_it_was_exploded_to(shop: Running, stub: Any) -> None:
    plan = shop.plan(plan_request(order_of(("COFFEE", 1))))

    read = plan_from_proto(plan)
    assert read.exploded == shop.application.made_plans.get(plan.plan_id).exploded
    assert plan.exploded.lines[0].of_line_id == "1"
    assert not shop.plan(plan_request(order_of(("TEA", 1), order_id="plain"))).HasField("exploded")


def test_a_paused_combination_cannot_be_had(stub: Any) -> None:
    request = pb.ChangeCombinationStatesRequest(
        request_id=fresh_id(), combination_ids=["COFFEE"], state=catalog_pb2.LIFE_STATE_PAUSED
    )
    assert stub.ChangeCombinationStates(request, timeout=SECONDS).written == 1
    asked = pb.BatchGetCombinationAvailabilityRequest(combination_ids=["COFFEE"])
    assert stub.BatchGetCombinationAvailability(asked, timeout=SECONDS).combinations[0].units == 0
