"""A promise is to the letter the same, whether a snapshot makes it or the Problem of all lanes."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from solver.fulfilment.promising.from_snapshot import FromSnapshot
from solver.fulfilment.promising.model import DeliveryFee, DeliveryOption, PromiseCommand
from solver.fulfilment.promising.promise import promise
from solver.fulfilment.questions import Question
from solver.gen.xunyuan.sourcing.v1 import promise_pb2
from solver.network.model import SourceKind
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.promising.basket import Declined
from solver.sourcing.snapshot.briefly import Briefly
from solver.sourcing.snapshot.shelves import UnitsBySource
from solver.sourcing.snapshot.view import Ask, Unknown
from solver.wire.codec import to_proto
from solver.wire.promises import promise_to_proto
from tests.sourcing.snapshot.any_world import World, any_world

WORLDS = 60


def ready(world: World) -> FromSnapshot | None:
    """What promises from a snapshot, made ready for the world's orders."""

    def asks_under(policy: Policy) -> Ask:
        def ask(order: Order, network: Network, available: UnitsBySource) -> Problem:
            return replace(world.ask(order, network, available), policy=policy)

        return ask

    briefly = Briefly.of(network=world.network, catalog=world.catalog, policy=world.policy, asks_under=asks_under)
    if briefly is None:
        return None
    for order in world.orders:
        briefly.see(order)
    return FromSnapshot(briefly)


def question_of(world: World, order: Order) -> Question:
    skus = {part.sku for line in order.lines for part in world.catalog.explode(line.sku)}
    available = {sku: world.available.get(sku, {}) for sku in sorted(skus)}
    return Question(
        order=order,
        policy=world.policy,
        catalog=world.catalog,
        network=world.network,
        available=available,
        on_hand=available,
    )


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
    same = declined = filled = unfilled = several = 0
    for number in range(seed, seed + WORLDS):
        world = any_world(number)
        quickly = ready(world)
        if quickly is None:
            continue
        rng = random.Random(f"options/{number}")
        for drawn in world.orders:
            order = replace(drawn, promised_at=None)
            for command in commands(world, order, rng):
                question = question_of(world, replace(order, placed_at=command.valid_until))
                try:
                    made = quickly.promise(question, command)
                except (Declined, Unknown):
                    declined += 1
                    continue
                assert made == promise(question.problem(), command, seconds_left=lambda: 300.0)
                assert promise_to_proto(made) == to_proto(made, promise_pb2.Promise)
                same += 1
                told = [one for option in made.options for one in (option.earliest, option.cheapest) if one]
                filled += sum(not one.unpromised_units for one in told)
                unfilled += sum(bool(one.unpromised_units) for one in told)
                several += sum(len(one.packages) > 1 for one in told)
    assert same > WORLDS
    assert declined < same
    assert min(filled, unfilled, several) > WORLDS
