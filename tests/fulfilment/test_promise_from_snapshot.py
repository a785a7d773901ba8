"""A promise is to the letter the same, whether a snapshot makes it or the Problem of all lanes."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any, NoReturn

import pytest

from solver.catalog.catalog import Catalog
from solver.clock import SystemClock
from solver.errors import DeadlineTooShort
from solver.fulfilment.command import StockAmount
from solver.fulfilment.promising import promised
from solver.fulfilment.promising.from_snapshot import FromSnapshot
from solver.fulfilment.promising.model import DeliveryFee, DeliveryOption, PromiseCommand
from solver.fulfilment.promising.promise import promise
from solver.fulfilment.promising.promised import FromAllLanes, Promised
from solver.fulfilment.questions import Question
from solver.fulfilment.readiness import Readiness
from solver.gen.xunyuan.sourcing.v1 import promise_pb2, sourcing_pb2
from solver.network.model import SourceKind
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.promising import basket
from solver.sourcing.promising.basket import Declined
from solver.sourcing.promising.inner.told import Told, tell
from solver.sourcing.snapshot.briefly import Briefly
from solver.sourcing.snapshot.inner.ground import NEAR_A_LIMIT
from solver.sourcing.snapshot.shelves import UnitsBySource
from solver.sourcing.snapshot.view import Ask, Unknown
from solver.sourcing.terms import landed_cost, stock_value
from solver.wire.codec import to_proto
from solver.wire.promises import promise_answer
from tests.sourcing.snapshot.any_world import World, any_world

WORLDS = 40


def ready(world: World) -> Briefly | None:
    """What decides quickly, made ready for the world's orders."""

    def asks_under(policy: Policy) -> Ask:
        def ask(order: Order, network: Network, available: UnitsBySource) -> Problem:
            return replace(world.ask(order, network, available), policy=policy)

        return ask

    briefly = Briefly.of(network=world.network, catalog=world.catalog, policy=world.policy, asks_under=asks_under)
    if briefly is None:
        return None
    for order in world.orders:
        briefly.see(order)
    return briefly


def question_of(world: World, order: Order, rng: random.Random) -> Question:
    """With what units are worth, or cost, where the policy minds."""
    skus = {part.sku for line in order.lines for part in world.catalog.explode(line.sku)}
    available = {sku: world.available.get(sku, {}) for sku in sorted(skus)}
    minor = {sku: {one: rng.randint(1, 900) for one in of} for sku, of in available.items()}
    values = minor if minds(world.policy, stock_value) else {}
    return Question(
        order=order,
        policy=world.policy,
        catalog=world.catalog,
        network=world.network,
        available=available,
        on_hand=available,
        values=values,
        values_version=1 if values else 0,
        landed_costs=minor if minds(world.policy, landed_cost) else {},
    )


def minds(policy: Policy, term: ModuleType) -> bool:
    return term.TERM.name not in policy.off and bool(term.SHARE.of(policy))


def commands(world: World, order: Order, rng: random.Random) -> Iterator[PromiseCommand]:
    fees = (DeliveryFee(option_id="any", fee_minor=700), DeliveryFee(fee_minor=300, free_from_minor=2_000))
    yield PromiseCommand(order=order, fees=fees)
    services = list(world.network.services)
    options = [
        DeliveryOption(
            option_id=f"o{number}",
            only_kinds=tuple(rng.sample(list(SourceKind), k=rng.choice([0, 1, 2, 4]))),
            only_services=tuple(rng.sample(services, k=rng.randint(0, len(services)))),
            only_carriers=tuple(f"C-{one}" for one in rng.sample(services, k=rng.choice([0, 0, 1]))),
        )
        for number in range(rng.randint(1, 5))
    ]
    yield PromiseCommand(order=order, options=tuple(options), valid_for=timedelta(minutes=rng.choice([0, 7, 2_000])))


def test_both_ways_promise_the_same(seed: int) -> None:
    same = filled = unfilled = several = valued = 0
    for number in range(seed, seed + WORLDS):
        world = any_world(number)
        briefly = ready(world)
        if briefly is None:
            continue
        quickly = FromSnapshot(briefly)
        rng = random.Random(f"options/{number}")
        for drawn in world.orders:
            order = replace(drawn, promised_at=None)
            for command in commands(world, order, rng):
                question = question_of(world, replace(order, placed_at=command.valid_until), rng)
                try:
                    made = quickly.promise(question, command)
                except (Declined, Unknown):
                    continue
                assert made == promise(question.problem(), command, seconds_left=lambda: 300.0)
                said = sourcing_pb2.PromiseResponse.FromString(promise_answer(made)).promise
                assert said == to_proto(made, promise_pb2.Promise)
                same += 1
                valued += bool(question.values or question.landed_costs)
                told = [one for option in made.options for one in (option.earliest, option.cheapest) if one]
                filled += sum(not one.unpromised_units for one in told)
                unfilled += sum(bool(one.unpromised_units) for one in told)
                several += sum(len(one.packages) > 1 for one in told)
    assert same > WORLDS
    assert min(filled, unfilled, several) > WORLDS
    assert valued


class Ready(Readiness):
    """Has one policy ready."""

    def __init__(self, briefly: Briefly) -> None:
        super().__init__(SystemClock())
        self._briefly = briefly

    def briefly(self, network: Network, catalog: Catalog, policy: Policy) -> Briefly | None:
        return self._briefly


def test_the_lanes_of_all_sources_are_not_asked_for_where_a_snapshot_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    world = any_world(1, busy=0.0)
    briefly = ready(world)
    assert briefly is not None
    command = PromiseCommand(order=replace(world.orders[0], promised_at=None))
    question = question_of(world, replace(command.order, placed_at=command.valid_until), random.Random(1))
    right = promise(question.problem(), command, seconds_left=lambda: 300.0)
    monkeypatch.setattr(promised, "promise", forbidden)
    made = Promised(Ready(briefly))
    assert made.promise_soon(question, command, seconds_left=lambda: 300.0) == right
    with pytest.raises(DeadlineTooShort):
        made.promise_soon(question, command, seconds_left=lambda: 0.0)


def test_distances_near_a_limit_are_asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsure(*asked: Any) -> Told:
        told = tell(*asked)
        return told if len(asked[5]) else told._replace(status=NEAR_A_LIMIT)  # without exact meters

    monkeypatch.setattr(basket, "tell", unsure)
    same = 0
    for number in range(8):
        world = any_world(number, busy=0.0)
        briefly = ready(world)
        assert briefly is not None
        for order in world.orders:
            command = PromiseCommand(order=replace(order, promised_at=None))
            question = question_of(world, replace(command.order, placed_at=command.valid_until), random.Random(1))
            with suppress(Declined, Unknown):
                made = FromSnapshot(briefly).promise(question, command)
                assert made == promise(question.problem(), command, seconds_left=lambda: 300.0)
                same += 1
    assert same > 8


def test_what_is_known_beside_stock_on_hand_is_promised_from_all_lanes() -> None:
    world = any_world(1, busy=0.0)
    briefly = ready(world)
    assert briefly is not None
    command = PromiseCommand(order=replace(world.orders[0], promised_at=None))
    question = question_of(world, replace(command.order, placed_at=command.valid_until), random.Random(1))
    sku, source_id = world.orders[0].lines[0].sku, world.network.source_ids[0]
    coming = replace(question, amounts=(StockAmount(source_id=source_id, sku=sku, available_units=9),))
    right = promise(coming.problem(), command, seconds_left=lambda: 300.0)
    soon = Promised(Ready(briefly)).promise_soon(coming, command, seconds_left=lambda: 300.0)
    assert isinstance(soon, FromAllLanes)
    assert soon.make() == right


def forbidden(*_: object, **__: object) -> NoReturn:
    raise AssertionError("the ordinary path is not gone")
