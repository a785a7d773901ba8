"""Orders that are decided in one pass get what each would get alone, decided question by question."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from solver.fulfilment.question import network_problem
from solver.network.network import Network
from solver.orders.model import Order
from solver.sourcing.exact.search import Limits
from solver.sourcing.explanation.asking import main_source_id as main_of_plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.snapshot.asked import Asked, seeing_the_same
from solver.sourcing.snapshot.briefly import Briefly, Decided, main_source_id
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.shelves import Shelves, UnitsBySource
from solver.sourcing.snapshot.snapshot import Snapshot
from solver.sourcing.snapshot.view import Ask, Unknown
from tests.sourcing.snapshot.any_world import World, any_world

WORLDS = 40


class Refused(Exception):
    """The arrays do not say it."""


def ready(world: World) -> Briefly | None:
    def under(policy: Policy) -> Ask:
        def ask(order: Order, network: Network, available: UnitsBySource) -> Problem:
            return network_problem(order, world.catalog, network, available, available, policy)

        return ask

    made = Briefly.of(network=world.network, catalog=world.catalog, policy=world.policy, asks_under=under)
    if made is not None:
        for order in world.orders:
            made.see(order)
    return made


def best(snapshot: Snapshot, order: Order, shelves: Shelves) -> Decision:
    def refuse(*_: object) -> NoReturn:
        raise Refused

    decision = snapshot.restocked(shelves, ask=refuse, limits=Limits(nodes=20_000, loads=0)).decide(order)
    if not decision.is_proven:
        raise Refused
    return decision


def one_by_one(briefly: Briefly, asked: Asked) -> tuple[Decision, str, Decision] | None:
    """The three questions, each laid out by itself."""
    order, shelves = asked.order, briefly.strict.shelves_of(asked.available, asked.values)
    try:
        if briefly.strict.may_close_lanes(order):
            return None
        first = best(briefly.strict, order, shelves)
        if any(first.unfilled) or best(briefly.freed, order, shelves).total_minor < first.total_minor:
            return None
        main = main_source_id(first)
        assert main is not None, "something is shipped"
        position = briefly.network.source_positions[main]
        return first, main, best(briefly.strict, order, shelves.without_source(position))
    except (Refused, Unknown):
        return None


def parts(decided: Decided | None) -> tuple[Decision, str, Decision] | None:
    return None if decided is None else (decided.best, decided.main_source_id, decided.other)


def drawn(rng: random.Random, world: World) -> list[Asked]:
    """The world's orders, some of which see less than the others, or that units left behind are worth something."""
    asked = []
    for order in world.orders:
        skus = sorted({part.sku for line in order.lines for part in world.catalog.explode(line.sku)})
        seen = {sku: world.available.get(sku, {}) for sku in skus}
        values = {}
        if rng.random() < 0.2:
            seen = {sku: {one: units * rng.randint(0, 3) // 2 for one, units in of.items()} for sku, of in seen.items()}
        if rng.random() < 0.2:
            values = {sku: {one: rng.randint(1, 900) for one in of} for sku, of in seen.items()}
        asked.append(Asked(order=order, available=seen, values=values))
    return asked


def test_orders_in_one_pass_get_what_each_gets_alone(seed: int) -> None:
    counted: Counter[str] = Counter()
    for number in range(seed, seed + WORLDS):
        world, rng = any_world(number, orders=10, busy=None if number % 2 else 0.0), random.Random(f"several/{number}")
        world = world if number % 2 else replace(world, policy=Policy(max_packages=rng.choice((2, 20))))
        briefly = ready(world)
        if briefly is None:
            continue
        asked = drawn(rng, world)
        expected = [one_by_one(briefly, one) for one in asked]
        assert [parts(one) for one in briefly.decide_each(asked)] == expected, f"world {number}"
        assert [parts(briefly.decide_each([one])[0]) for one in asked] == expected, f"world {number}"
        counted.update(counts(briefly, asked, expected))
    assert counted["decided"] > WORLDS
    assert counted["left"] > 10
    assert counted["of several packages"] > 10
    assert counted["free of rules"] > 10
    assert counted["not free of rules"] > 10
    assert counted["seen without the second words"] > 10


def counts(
    briefly: Briefly, asked: Sequence[Asked], expected: Sequence[tuple[Decision, str, Decision] | None]
) -> Counter[str]:
    """What was met; and where rules are said to bind nothing, the best without them is no better."""
    counted: Counter[str] = Counter()
    for one, found in zip(asked, expected, strict=True):
        counted["left" if found is None else "decided"] += 1
        if found is None:
            continue
        counted["of several packages"] += len(found[0].packages) > 1
        words = [snapshot.encoded(one.order) for snapshot in (briefly.strict, briefly.freed)]
        is_free = briefly.unbound.is_free(words[0], words[1])
        counted["free of rules" if is_free else "not free of rules"] += 1
        [is_plainly_free] = briefly.unbound.plainly_free([one.order], [words[0]])
        assert is_free or not is_plainly_free
        counted["seen without the second words"] += is_plainly_free
        if is_free:
            shelves = briefly.strict.shelves_of(one.available, one.values)
            assert best(briefly.freed, one.order, shelves).total_minor == found[0].total_minor
    return counted


def test_the_main_source_of_a_decision_is_that_of_its_plan(seed: int) -> None:
    compared = 0
    for number in range(seed, seed + WORLDS):
        world = any_world(number)
        snapshot = world.snapshot()
        for order in world.orders:
            decision = snapshot.decide(order)
            if not decision.fallback and len(decision.packages) > 1:
                assert main_source_id(decision) == main_of_plan(snapshot.plan(order))
                compared += 1
    assert compared > 10


def test_only_orders_that_see_the_same_of_each_sku_are_laid_out_together(seed: int) -> None:
    world = any_world(seed)
    first = Asked(order=world.orders[0], available={"A": {"S": 1}, "B": {"S": 2}})
    equal = Asked(order=world.orders[1], available={"B": {"S": 2}, "C": {}})
    less = Asked(order=world.orders[2], available={"A": {"S": 0}})
    worth = Asked(order=world.orders[3], available={"C": {}}, values={"C": {"S": 1}})
    groups = seeing_the_same([first, less, equal, worth], range(4))
    assert [group.numbers for group in groups] == [[0, 2], [1, 3]]
    assert groups[0].available == {"A": {"S": 1}, "B": {"S": 2}, "C": {}}
    assert groups[1].values == {"A": {}, "C": {"S": 1}}
