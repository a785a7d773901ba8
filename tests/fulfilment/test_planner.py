"""The planner alone: its sources of catalog and network, lost races, time, and what a plan owes."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, count, repeat
from typing import Any

import pytest

from solver.app import Application
from solver.catalog.catalog import Catalog
from solver.clock import ManualClock
from solver.errors import LostRace, NotFound, StockShort
from solver.fulfilment.charging import charges_of
from solver.fulfilment.model import FulfilmentPlan, PlanCommand, PlanState
from solver.fulfilment.planner import ATTEMPTS, Planner
from solver.fulfilment.records import find, plan_ids_of
from solver.journal.model import EntryState
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.plan import Term
from solver.stock.holding.commitment_model import CommitmentState
from solver.stock.stock import Stock
from solver.storage.once import Request
from tests.made_world import CARRIERS, EAST_WAREHOUSE, GIFT, MATERIALS, MONDAY_AT_8, REGIONS, SERVICES, order_of


@dataclass(frozen=True)
class OwnCatalog:
    """A caller's own catalog."""

    catalog: Catalog


@dataclass(frozen=True)
class OwnNetwork:
    """A caller's own network."""

    network: Network
    currency: str | None = "CNY"


class Crowded(Stock):
    """Stock of which others take the last unit just before each of the first holds."""

    def __init__(self, application: Application, times: int) -> None:
        super().__init__(application.journal)
        self.left = times
        self.holds = 0

    def hold_each(self, tx: Any, wanted: Any) -> Any:
        self.holds += 1
        if self.left:
            self.left -= 1
            return [StockShort("taken a moment ago") for _ in wanted]
        return super().hold_each(tx, wanted)


def planner_of(application: Application, *, kind: type[Planner] = Planner, **changes: Any) -> Planner:
    parts: dict[str, Any] = {
        name: getattr(application, name) for name in ("database", "clock", "catalog", "network", "policies", "stock")
    }
    return kind(**{**parts, **changes})


_ids = count()


def named(request_id: str = "") -> Request:
    return Request(method="PlanFulfillment", request_id=request_id or f"r{next(_ids)}", body_digest=b"")


def plan(planner: Planner, order: Order, **changes: Any) -> FulfilmentPlan:
    return planner.plan(named(), PlanCommand(order=order, **changes), seconds_left=30.0)


def rows(application: Application) -> dict[str, int]:
    with application.database.read() as reader:
        names = [name for (name,) in reader.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: reader.query(f"SELECT count(*) FROM {name}")[0][0] for name in names}


def test_every_state_of_a_hold_and_of_a_commitment_is_a_state_of_a_plan() -> None:
    of_holds = {PlanState.of_hold(state) for state in EntryState}
    of_commitments = {PlanState.of_commitment(state) for state in CommitmentState}
    assert of_holds | of_commitments == set(PlanState) - {PlanState.DRAFT}
    assert of_holds & of_commitments == {PlanState.CONFIRMED}
    standing = {PlanState.HELD, PlanState.CONFIRMED, PlanState.PARTLY_SHIPPED, PlanState.SHIPPED}
    assert {state for state in PlanState if state.stands} == standing


@pytest.mark.parametrize("lost", range(ATTEMPTS))
def test_a_race_that_is_lost_fewer_times_than_it_is_tried_is_won_in_the_end(
    application: Application, lost: int
) -> None:
    crowded = Crowded(application, lost)
    standing = plan(planner_of(application, stock=crowded), order_of(("TEA", 2)))
    assert standing.state is PlanState.HELD
    assert crowded.holds == lost + 1
    with application.database.read() as reader:
        assert application.stock.held(reader, ["TEA"]) == {"TEA": {"S-EAST": 2}}


def test_a_race_that_is_always_lost_leaves_no_trace(application: Application) -> None:
    crowded, before = Crowded(application, ATTEMPTS), rows(application)
    with pytest.raises(LostRace) as lost:
        plan(planner_of(application, stock=crowded), order_of(("TEA", 2)))
    assert lost.value.metadata == {"order_id": "O-1"}
    assert (crowded.holds, rows(application)) == (ATTEMPTS, before)


def test_after_a_lost_race_the_plan_is_made_anew_from_the_stock_of_then(application: Application) -> None:
    """Another order takes the store's three teas between the decision and its commit; the warehouse ships then."""
    decide, rival = Planner._decide, application.planner

    class Slow(Planner):
        def _decide(self, *arguments: Any) -> Any:
            decided = decide(self, *arguments)
            if not taken:
                taken.append(plan(rival, order_of(("TEA", 3), order_id="rival")).plan.source_ids)
            return decided

    taken: list[tuple[str, ...]] = []
    parts = {
        name: getattr(application, name) for name in ("database", "clock", "catalog", "network", "policies", "stock")
    }
    standing = plan(Slow(**parts), order_of(("TEA", 2)))
    assert (taken, standing.plan.source_ids) == ([("S-EAST",)], ("W-EAST",))
    with application.database.read() as reader:
        assert application.stock.held(reader, ["TEA"]) == {"TEA": {"S-EAST": 3, "W-EAST": 2}}


def test_catalog_and_network_may_be_the_callers_own(application: Application) -> None:
    """A network in which the warehouse alone exists, and a catalog in which a tea weighs a kilogram more."""
    network = Network.of(regions=REGIONS, sources=[EAST_WAREHOUSE], carriers=CARRIERS, services=SERVICES)
    catalog = Catalog.of([replace(MATERIALS[0], weight_grams=1500), *MATERIALS[1:]], [GIFT])
    planner = planner_of(application, catalog=OwnCatalog(catalog), network=OwnNetwork(network))
    standing = plan(planner, order_of(("TEA", 1)))
    [package] = standing.plan.packages
    assert (package.source_id, package.weight_grams) == ("W-EAST", 1500)


def test_the_microseconds_of_the_decision_are_those_of_the_stopwatch(application: Application) -> None:
    """Read at the call, around a round that it takes no part in, for the time left, around the decision, and later."""
    readings = chain([0.0] * 5, [1.0], repeat(1.25))
    planner = planner_of(application, stopwatch=lambda: next(readings))
    assert plan(planner, order_of(("TEA", 1))).decision_micros == 250_000


def test_a_plan_is_kept_as_it_was_made_and_found_by_its_order(application: Application, clock: ManualClock) -> None:
    first = plan(application.planner, order_of(("TEA", 1), ("GIFT", 1)))
    application.confirming.release(named(), first.plan_id)
    clock.advance(timedelta(minutes=1))
    second = plan(application.planner, order_of(("TEA", 1), ("GIFT", 1)))
    with application.database.read() as reader:
        assert set(plan_ids_of(reader, "O-1")) == {first.plan_id, second.plan_id}
        record = find(reader, first.plan_id)
        assert record is not None
        assert (record.plan, record.created_at) == (first.plan, MONDAY_AT_8)
        assert find(reader, "plan-none") is None
    with pytest.raises(NotFound):
        application.made_plans.get("plan-none")


def test_a_plan_owes_each_carrier_its_freight_and_each_source_its_handling(application: Application) -> None:
    standing = plan(application.planner, order_of(("POT", 7), ("CUP", 1)))
    with application.database.read() as reader:
        record = find(reader, standing.plan_id)
    assert record is not None
    charges = charges_of(record)
    assert (charges.plan_id, charges.currency) == (standing.plan_id, "CNY")
    assert sum(charges.freight_minor.values()) == standing.plan.cost_minor[Term.FREIGHT]
    assert set(charges.freight_minor) == {"truck-co"}
    assert sum(charges.handling_minor.values()) == standing.plan.cost_minor[Term.HANDLING]
    assert set(charges.handling_minor) == set(standing.plan.source_ids)
