"""Orders planned beside a caller's own system: what is answered and kept, and that nothing real moves."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from solver.client import (
    CallFailed,
    Client,
    OutcomesCommand,
    Policy,
    ShadowCommand,
    ShadowOutcome,
    ShadowPlan,
    ShadowStock,
    Shipment,
)
from solver.fulfilment.asking import Asking
from solver.fulfilment.questions import Question
from solver.fulfilment.shadowing.shadowing import Shadowing
from solver.gen.xunyuan.sourcing.v1 import shadow_pb2, shadow_pb2_grpc
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8, order_of
from tests.running import HOST, Running, refusal

SHIPPED = Shipment(
    order_id="O-1",
    source_id="W-WEST",
    carrier_id="truck-co",
    units={"TEA": 2},
    shipped_at=MONDAY_AT_8 + timedelta(hours=1),
    freight_minor=1_200,
)


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{service.server.port}") as connected:
        yield connected


def command(*wanted: tuple[str, int], order_id: str = "O-1", stock: ShadowStock = ShadowStock.LEDGER) -> ShadowCommand:
    return ShadowCommand(shadow_id="trial", order=order_of(*wanted, order_id=order_id), stock=stock)


def took(planned: ShadowPlan) -> dict[tuple[str, str], int]:
    return {
        (package.source_id, packed.sku): packed.units
        for package in planned.plan.packages
        for packed in package.contents
    }


def but_for_the_shadow(service: Running) -> dict[str, object]:
    return {
        name: rows
        for name, rows in service.contents().items()
        if not name.startswith("shadow_") and "request" not in name
    }


def test_a_plan_is_that_of_plan_fulfillment_and_nothing_is_held(service: Running, client: Client) -> None:
    before = but_for_the_shadow(service)
    planned = client.shadows.plan(command(("TEA", 2), ("CUP", 1), stock=ShadowStock.REAL))
    assert but_for_the_shadow(service) == before
    draft = client.plan(order_of(("TEA", 2), ("CUP", 1)), validate_only=True)
    assert planned.plan == draft.plan
    assert (planned.shadow_id, planned.planned_at) == ("trial", MONDAY_AT_8)


def test_on_real_stock_each_order_is_planned_as_if_it_were_the_only_one(client: Client) -> None:
    for order_id in ("O-1", "O-2", "O-3"):
        planned = client.shadows.plan(command(("TEA", 3), order_id=order_id, stock=ShadowStock.REAL))
        assert took(planned) == {("S-EAST", "TEA"): 3}


def test_the_ledger_counts_down_what_its_plans_took_and_no_other_shadow_sees_it(client: Client) -> None:
    plans = [client.shadows.plan(command(("TEA", 3), order_id=order_id)) for order_id in ("O-1", "O-2", "O-3")]
    assert [took(planned) for planned in plans] == [
        {("S-EAST", "TEA"): 3},
        {("W-EAST", "TEA"): 3},
        {("W-EAST", "TEA"): 3},
    ]
    other = client.shadows.plan(replace(command(("TEA", 3)), shadow_id="other"))
    assert took(other) == {("S-EAST", "TEA"): 3}


def test_what_the_caller_shipped_is_given_back_to_the_ledger_as_his_own_books_have_taken_it(
    service: Running, client: Client
) -> None:
    client.shadows.plan(command(("TEA", 3)))
    store = {"order_id": "O-1", "source_id": "S-EAST", "units": {"TEA": 3}}
    client.shadows.record(OutcomesCommand(shadow_id="trial", shipments=(Shipment(**store),)))  # type: ignore[arg-type]
    assert took(client.shadows.plan(command(("TEA", 3), order_id="O-2"))) == {("S-EAST", "TEA"): 3}
    # It was another source after all: the last word counts, and the store's tea is the shadow's again.
    client.shadows.record(OutcomesCommand(shadow_id="trial", shipments=(replace(SHIPPED, units={"TEA": 3}),)))
    application = service.application
    with application.database.read() as reader:
        rows = reader.query("SELECT sku, site_id, units FROM shadow_taken ORDER BY site_id")
        assert rows == [("TEA", "S-EAST", 6), ("TEA", "W-WEST", -3)]
        assert application.journal.audit(reader) == ()
        assert dict(application.stock.available(reader, ["TEA"])["TEA"]) == {"S-EAST": 3, "W-EAST": 10, "W-WEST": 50}


def test_what_is_recorded_is_read_back_with_the_plan_page_by_page(service: Running, client: Client) -> None:
    for order_id in ("O-1", "O-2", "O-3"):
        client.shadows.plan(command(("TEA", 2), order_id=order_id))
    said = OutcomesCommand(shadow_id="trial", shipments=(SHIPPED,), unshipped_order_ids=("O-3",))
    assert client.shadows.record(said) == 2
    found = {one.planned.order.order_id: one.outcome for one in client.shadows.orders("trial")}
    assert found == {"O-1": ShadowOutcome(shipments=(SHIPPED,)), "O-2": None, "O-3": ShadowOutcome()}
    stub = shadow_pb2_grpc.ShadowServiceStub(service.channel)
    request = shadow_pb2.ListShadowOrdersRequest(shadow_id="trial", page_size=2)
    pages: list[list[str]] = []
    while not pages or request.page_token:
        answer = stub.ListShadowOrders(request)
        pages.append([one.planned.order.order_id for one in answer.orders])
        request.page_token = answer.next_page_token
    assert pages == [["O-1", "O-2"], ["O-3"]]


def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(service: Running, client: Client) -> None:
    first = client.shadows.plan(command(("TEA", 3)), request_id="once")
    said = OutcomesCommand(shadow_id="trial", shipments=(SHIPPED,))
    client.shadows.record(said, request_id="once")
    before = service.contents()
    assert client.shadows.plan(command(("TEA", 3)), request_id="once") == first
    assert client.shadows.record(said, request_id="once") == 1
    assert service.contents() == before
    with pytest.raises(CallFailed, match="ALREADY_EXISTS: request id once was used"):
        client.shadows.plan(command(("TEA", 2)), request_id="once")


def test_an_order_is_planned_once_in_a_shadow(service: Running, client: Client) -> None:
    client.shadows.plan(command(("TEA", 3)))
    before = service.contents()
    with pytest.raises(CallFailed, match="order O-1 was planned in shadow trial before; name another order or shadow"):
        client.shadows.plan(command(("TEA", 1)))
    assert service.contents() == before


def test_every_field_that_is_wrong_is_named_at_once_and_nothing_is_kept(service: Running) -> None:
    stub = shadow_pb2_grpc.ShadowServiceStub(service.channel)
    before = service.contents()
    told = refusal(lambda: stub.ShadowOrder(shadow_pb2.ShadowOrderRequest(request_id="a", shadow_id="x")))
    assert (told.code, told.fields) == ("INVALID_ARGUMENT", {"order": "'missing': give a value"})
    request = shadow_pb2.RecordOutcomesRequest(request_id="b", unshipped_order_ids=["O-1", "O-2"])
    request.shipments.add(order_id="O-1", units={"TEA": 0}, freight_minor=5, paid_minor=4)
    request.shipments.add(source_id="W-EAST")
    told = refusal(lambda: stub.RecordOutcomes(request))
    assert told.code == "INVALID_ARGUMENT"
    assert told.fields == {
        "shadow_id": "'': give 1 to 128 printable characters",
        "shipments[0].units.TEA": "0: must lie between 1 and 1,000,000",
        "shipments[0].paid_minor": "4: the freight, 5, is within it; give no less",
        "shipments[1].order_id": "'': give 1 to 128 printable characters",
        "unshipped_order_ids[0]": "'O-1': stands among the shipments too; say it once",
    }
    told = refusal(lambda: stub.RecordOutcomes(shadow_pb2.RecordOutcomesRequest(request_id="c", shadow_id="x")))
    assert told.fields == {"shipments": "'0 rows': send 1 to 1,000, with unshipped_order_ids"}
    assert service.contents() == before


def test_outcomes_of_orders_that_were_not_planned_are_refused_whole(service: Running, client: Client) -> None:
    client.shadows.plan(command(("TEA", 3)))
    before = service.contents()
    said = OutcomesCommand(shadow_id="trial", shipments=(SHIPPED, replace(SHIPPED, order_id="O-9")))
    with pytest.raises(CallFailed, match="order 'O-9' was not planned in shadow 'trial'; plan it by ShadowOrder first"):
        client.shadows.record(said)
    assert service.contents() == before
    with pytest.raises(CallFailed, match="shadow 'nothing' has no orders"):
        list(client.shadows.orders("nothing"))


def test_the_policy_is_chosen_as_for_a_real_plan(client: Client) -> None:
    planned = client.shadows.plan(replace(command(("TEA", 3)), policy=Policy(split_minor=5)))
    assert planned.plan.policy_id == ""
    with pytest.raises(CallFailed, match="policy_id"):
        client.shadows.plan(replace(command(("TEA", 3), order_id="O-2"), policy_id="unheard-of"))


class Interrupted:
    """Asks like the real one, but another order of the shadow is planned before the first answer is kept."""

    def __init__(self, asking: Asking, meanwhile: Callable[[], object]) -> None:
        self._asking, self._meanwhile = asking, [meanwhile]

    def question(self, *asked: Any) -> Question:
        """The question, and what comes between."""
        question = self._asking.question(*asked)
        while self._meanwhile:
            self._meanwhile.pop()()
        return question


def test_an_order_that_comes_second_on_the_ledger_is_decided_again(service: Running) -> None:
    application = service.application
    real, planner = application.shadowing, application.planner

    def other() -> object:
        return real.plan(request_for("ShadowOrder", "other"), command(("TEA", 3), order_id="O-2"), seconds_left=60)

    interrupted = Shadowing(
        database=application.database,
        clock=application.clock,
        catalog=application.catalog,
        network=application.network,
        policies=application.policies,
        asking=cast("Asking", Interrupted(planner.asking, other)),
        readiness=planner.readiness,
        exploding=planner.exploding,
    )
    planned = interrupted.plan(request_for("ShadowOrder", "mine"), command(("TEA", 3)), seconds_left=60)
    assert took(planned) == {("W-EAST", "TEA"): 3}
    assert [took(one.planned) for one in real.orders("trial")][1] == {("S-EAST", "TEA"): 3}


def test_outcomes_of_sources_and_goods_that_nobody_knows_are_refused_whole(service: Running, client: Client) -> None:
    client.shadows.plan(command(("TEA", 3)))
    before = service.contents()
    strange = replace(SHIPPED, source_id="W-NOWHERE", units={"TEE": 1, "TEA": 1})
    stub = shadow_pb2_grpc.ShadowServiceStub(service.channel)
    request = shadow_pb2.RecordOutcomesRequest(request_id="d", shadow_id="trial")
    request.shipments.add(order_id="O-1", source_id=strange.source_id, units=strange.units)
    assert refusal(lambda: stub.RecordOutcomes(request)).fields == {
        "shipments[0].source_id": "'W-NOWHERE': there is no such source; name one that exists, or add it first",
        "shipments[0].units.TEE": "'TEE': there is no such material; name one that exists, or add it first",
    }
    assert service.contents() == before
