"""Plans on stock that is not simply there: on its way, backordered, reserved, of lots that expire, kept as safety."""

from datetime import date, timedelta

from solver.fulfilment.amounts_seen import amounts_of
from solver.gen.xunyuan.sourcing.v1 import plan_pb2, sourcing_pb2
from solver.gen.xunyuan.stock.v1 import commitments_pb2, stock_pb2
from solver.sourcing.policy import Policy
from solver.stock.expected.consignment_model import ArrivedUnits, SentUnits
from solver.stock.expected.consignments import Consignments
from solver.stock.model import BackorderLimit, Movement
from solver.stock.partners.dealer_rows import DealerTerms, put_terms
from solver.stock.safety import SafetyStock, put_safety
from tests.made_world import MONDAY_AT_8, order_of
from tests.running import SECONDS, Running, fresh_id, plan_request

TOMORROW = MONDAY_AT_8 + timedelta(days=1)


def shipped(plan: plan_pb2.Plan) -> dict[tuple[str, str], int]:
    """(source, offer) -> units."""
    shipped: dict[tuple[str, str], int] = {}
    for package in plan.packages:
        key = (package.source_id, package.offer_id)
        shipped[key] = shipped.get(key, 0) + sum(one.units for one in package.contents)
    return shipped


def units(service: Running, sku: str = "TEA") -> int:
    return sum(available for (_, of), (available, _, _) in service.levels(sku).items() if of == sku)


def consignments(service: Running) -> Consignments:
    return Consignments(service.application.journal, service.application.stock)


def send(service: Running, sku: str, many: int, site_id: str = "W-EAST") -> None:
    with service.application.database.write() as tx:
        sent = [SentUnits(sku=sku, units=many)]
        consignments(service).advise(tx, "C-1", site_id, sent, TOMORROW)


def test_what_is_on_its_way_is_planned_held_and_becomes_the_plans_when_it_arrives(service: Running) -> None:
    there = units(service)
    send(service, "TEA", 10)
    plan = service.plan(plan_request(order_of(("TEA", there + 4))))
    assert plan.lines[0].unfilled_units == 0
    [(offer, promised)] = [(key, many) for key, many in shipped(plan).items() if key[1]]
    assert offer == ("W-EAST", "in_transit@2026-03-03T08:00Z")
    assert 4 <= promised <= 10
    assert service.discrepancies() == []
    service.confirm(plan.plan_id)
    with service.application.database.write() as tx:
        arrived = [ArrivedUnits(sku="TEA", units=10)]
        assert consignments(service).arrive(tx, "C-1", arrived, more_to_come=False).broken == ()
    available, held, committed = service.levels("TEA")["W-EAST", "TEA"]
    assert (held, available + committed) == (0, 10 + 10)
    assert committed == promised + shipped(plan).get(("W-EAST", ""), 0)
    ship = commitments_pb2.ShipRequest(request_id=fresh_id(), plan_id=plan.plan_id)
    assert service.commitments.Ship(ship).commitment.state == commitments_pb2.COMMITMENT_STATE_SHIPPED
    assert service.discrepancies() == []


def test_a_plan_backorders_as_far_as_sites_may_and_gets_what_comes(service: Running) -> None:
    there = units(service)
    with service.application.database.write() as tx:
        service.application.stock.limit_backorders(tx, [BackorderLimit(site_id="W-EAST", sku="TEA", units=5)], "terms")
    plan = service.plan(plan_request(order_of(("TEA", there + 4))))
    assert plan.lines[0].unfilled_units == 0
    [backordered] = [many for (_, offer), many in shipped(plan).items() if offer.startswith("backorder@")]
    assert 4 <= backordered <= 5
    service.confirm(plan.plan_id)
    with service.application.database.write() as tx:
        service.application.stock.receive(tx, [Movement(site_id="W-EAST", sku="TEA", units=5)], "po")
    get = commitments_pb2.GetCommitmentRequest(plan_id=plan.plan_id)
    found = service.commitments.GetCommitment(get).commitment
    assert sum(one.awaited_units for one in found.contents) == 0
    assert sum(one.committed_units for one in found.contents) == there + 4
    assert service.discrepancies() == []


def test_safety_stock_is_left_by_plans_and_may_be_held_by_callers(service: Running) -> None:
    there = units(service)
    levels = service.levels("TEA")
    rows = [SafetyStock(site_id=site_id, sku="TEA", units=1) for site_id, _ in levels]
    with service.application.database.write() as tx:
        put_safety(tx, rows)
    plan = service.plan(plan_request(order_of(("TEA", there))))
    left = sum(1 for available, _, _ in levels.values() if available)
    assert sum(shipped(plan).values()) == there - left
    claim = stock_pb2.Claim(site_id="W-EAST", sku="TEA", units=1)
    hold = stock_pb2.HoldStockRequest(request_id=fresh_id(), hold_id="cart", claims=[claim])
    assert service.stock.HoldStock(hold).hold.state == stock_pb2.HOLD_STATE_HELD


def test_a_lot_that_expires_before_it_keeps_long_enough_is_not_planned(service: Running) -> None:
    """Only two units of the lot and what has no lot remain once a policy asks for ten days."""
    movement = Movement(site_id="W-EAST", sku="TEA", units=7, lot="L1", expires_on=date(2026, 3, 5))
    there = units(service)
    with service.application.database.write() as tx:
        service.application.stock.receive(tx, [movement], "po")
    every = service.plan(plan_request(order_of(("TEA", there + 7)), validate_only=True))
    assert sum(shipped(every).values()) == there + 7
    keeping = Policy(settings={"min_days_to_expiry": 10})
    some = service.plan(plan_request(order_of(("TEA", there + 7)), validate_only=True, policy=keeping))
    assert sum(shipped(some).values()) == there


def test_a_dealers_price_is_what_a_unit_costs_there(service: Running) -> None:
    terms = DealerTerms(site_id="S-EAST", sku="TEA", reserve_units=0, settlement_minor=777, currency="CNY")
    with service.application.database.write() as tx:
        put_terms(tx, [terms])
    order = order_of(("TEA", 1))
    stock, network = service.application.stock, service.application.network.network
    with service.application.database.read() as reader:
        facts = stock.sourcing_facts(reader, ["TEA"])
        there = stock.available(reader, ["TEA"])
    assert facts is not None
    amounts = amounts_of(facts, network.sources, there, there, now=MONDAY_AT_8, currency=order.currency)
    costs = {one.source_id: one.unit_cost_minor for one in amounts if one.unit_cost_minor is not None}
    assert costs == {"S-EAST": 777}
    other = amounts_of(facts, network.sources, there, there, now=MONDAY_AT_8, currency="EUR")
    assert {one.unit_cost_minor for one in other} == {None}


def test_a_plan_on_all_stock_is_explained_from_what_was_seen(service: Running) -> None:
    send(service, "TEA", 10)
    plan = service.plan(plan_request(order_of(("TEA", units(service) + 4))))
    with service.application.database.write() as tx:
        service.application.stock.receive(tx, [Movement(site_id="W-EAST", sku="TEA", units=90)], "po")
    request = sourcing_pb2.ExplainPlanRequest(plan_id=plan.plan_id)
    explanation = service.sourcing.ExplainPlan(request, timeout=SECONDS).explanation
    assert explanation.reproduced
    assert {one.source_id for one in explanation.candidates} >= {package.source_id for package in plan.packages}


def test_a_promised_unit_that_another_took_meanwhile_is_planned_anew(service: Running) -> None:
    """What nobody can have any more stays unfilled; nothing is promised twice."""
    there = units(service)
    send(service, "TEA", 4)
    first = service.plan(plan_request(order_of(("TEA", there + 4), order_id="O-1")))
    second = service.plan(plan_request(order_of(("TEA", 1), order_id="O-2")))
    assert (first.lines[0].unfilled_units, second.lines[0].unfilled_units) == (0, 1)
    service.release(first.plan_id)
    third = service.plan(plan_request(order_of(("TEA", there + 4), order_id="O-3")))
    assert third.lines[0].unfilled_units == 0
    assert service.discrepancies() == []
