"""Batches decided from a snapshot's arrays come to what they come to from Problems, and fall back where they must."""

import random
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import replace

import pytest

from solver.app import Application
from solver.fulfilment.batching import jointly
from solver.fulfilment.batching.by_snapshot import orders_of, plainly_contend
from solver.fulfilment.batching.jointly import Jointly
from solver.fulfilment.batching.rooms import NO_LIMITS, Rooms
from solver.fulfilment.questions import Question
from solver.orders.model import Address
from solver.sourcing.plan import Engine, ReasonCode
from solver.sourcing.policy import DEFAULT_POLICY, Policy
from solver.stock.model import Movement
from solver.watching.call_notes import Phase, begin_notes
from solver.waves.check_bound import violations_of_bound
from solver.waves.limits import WaveLimits
from solver.waves.plan import WavePlan
from solver.waves.wave import NO_TERMS, OrderTerms, Quota, SourceTerms, Wave, WaveTerms
from tests.made_world import STOCK, order_of

LIMITS = WaveLimits(passes=100, moves=100, columns=8)
SKUS, SITES = ("TEA", "CUP", "POT"), ("W-EAST", "S-EAST", "W-WEST")


def asked(application: Application, seed: int, policy: Policy = DEFAULT_POLICY, count: int = 7) -> list[Question]:
    """Orders of one to four units, for the east and the west, of which there are too few everywhere."""
    rng = random.Random(f"batch/{seed}")
    there = {(row.source_id, row.sku): row.units for row in STOCK}
    changes = [
        Movement(site_id=site, sku=sku, units=rng.randint(1, 4) - there.get((site, sku), 0))
        for site in SITES
        for sku in SKUS
    ]
    with application.database.write() as tx:
        application.stock.adjust(tx, [one for one in changes if one.units], "few of everything")
    application.planner.make_ready(policy)
    questions = []
    for number in range(count):
        wanted = {rng.choice(SKUS): rng.randint(1, 2) for _ in range(rng.randint(1, 2))}
        door = Address(region_id=rng.choice(["EAST-CITY", "WEST-CITY"]))
        order = order_of(*sorted(wanted.items()), order_id=f"{number}", destination=door)
        questions.append(application.planner.asking.question(order, policy))
    return questions


def both(
    application: Application,
    questions: Sequence[Question],
    monkeypatch: pytest.MonkeyPatch,
    terms: WaveTerms = NO_TERMS,
    rooms: Rooms = NO_LIMITS,
) -> tuple[WavePlan, WavePlan]:
    """From a snapshot, and from Problems."""
    how = Jointly(readiness=application.planner.readiness, terms=terms, limits=LIMITS, rooms=rooms)
    assert orders_of(questions, application.planner.readiness, terms) is not None
    of_snapshot = how.decide(questions, seconds_left=lambda: 600.0)
    monkeypatch.setattr(jointly, "orders_of", lambda *_: None)
    return of_snapshot, how.decide(questions, seconds_left=lambda: 600.0)


TERMS = WaveTerms(
    sources=(
        SourceTerms(source_id="W-EAST", opening_cost_minor=300, most_orders=3, over_order_minor=150),
        SourceTerms(source_id="W-WEST", most_units=5),
    ),
    orders=(OrderTerms(order_id="1", priority_minor=400), OrderTerms(order_id="2", priority_minor=900)),
)


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("terms", [NO_TERMS, TERMS], ids=["stock", "terms"])
def test_a_batch_costs_the_same_from_a_snapshot(
    application: Application, monkeypatch: pytest.MonkeyPatch, seed: int, number: int, terms: WaveTerms
) -> None:
    questions = asked(application, 4 * seed + number)
    rooms = Rooms(packages={"air": 1}, orders={"S-EAST": 2}) if number % 2 else NO_LIMITS
    one, other = both(application, questions, monkeypatch, terms, rooms)
    assert one.total_minor == other.total_minor
    assert one.cost_minor == other.cost_minor
    assert max(one.bound_minor, other.bound_minor) <= one.total_minor
    assert abs(one.bound_minor - other.bound_minor) <= one.total_minor // 100
    whole = Wave(orders=tuple(question.problem() for question in questions), terms=rooms.within(terms))
    assert list(violations_of_bound(whole, one)) == []


@pytest.mark.parametrize("of_snapshot", [True, False])
def test_search_and_check_of_orders_decided_together_are_phases_of_their_own(
    application: Application, monkeypatch: pytest.MonkeyPatch, of_snapshot: bool
) -> None:
    questions = asked(application, 1, count=9)
    if not of_snapshot:
        monkeypatch.setattr(jointly, "orders_of", lambda *_: None)
    how = Jointly(readiness=application.planner.readiness, limits=LIMITS)
    watched = copy_context()
    notes = watched.run(begin_notes)
    assert watched.run(how.decide, questions, seconds_left=lambda: 600.0).engine is Engine.BATCH
    assert [phase for phase, _ in notes.laps][-2:] == [Phase.SOLVE, Phase.CHECK]


def test_what_others_take_is_told_in_the_same_words(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = asked(application, 1, count=9)
    one, other = both(application, questions, monkeypatch)
    assert one.engine is other.engine is Engine.BATCH

    def told(plan: WavePlan) -> list[tuple[str, ReasonCode, str]]:
        return sorted(
            (line.sku, reason.code, reason.text.partition(";")[0])
            for of in plan.plans
            for line in of.lines
            for reason in line.reasons
        )

    assert told(one)
    assert told(one) == told(other)


def test_what_only_problems_say_is_decided_from_them(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = asked(application, 2)
    terms = WaveTerms(quotas=(Quota(source_id="W-WEST", least_basis_points=5000, short_minor=10),))
    one, other = both(application, questions, monkeypatch, terms)
    assert (one.total_minor, one.bound_minor, one.quotas) == (other.total_minor, other.bound_minor, other.quotas)


def test_orders_that_go_by_two_policies_see_later_stock_or_other_units_are_no_snapshots(
    application: Application,
) -> None:
    questions = asked(application, 3, count=2)
    readiness = application.planner.readiness
    first, second = questions
    assert orders_of(questions, readiness, NO_TERMS) is not None
    dear = replace(second, policy=replace(second.policy, split_minor=12_345))
    standing = replace(second, standing=(("W-EAST", "ground"),))
    less = replace(
        second,
        order=replace(second.order, channel="JD"),
        available={**first.available, **{sku: dict.fromkeys(of, 1) for sku, of in first.available.items()}},
    )
    for other in (dear, standing, less):
        assert orders_of([first, other], readiness, NO_TERMS) is None
    assert orders_of([replace(first, policy=dear.policy)], readiness, NO_TERMS) is None, "it is not ready"


def test_contention_is_seen_before_any_order_is_decided_at_length(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = asked(application, 1, count=9)
    readiness = application.planner.readiness
    every = orders_of(questions, readiness, NO_TERMS)
    alone = orders_of(questions[:1], readiness, NO_TERMS)
    assert every is not None
    assert alone is not None
    assert plainly_contend(every, NO_LIMITS)
    assert not plainly_contend(alone, NO_LIMITS)
    assert plainly_contend(alone, Rooms(packages={"ground": 0}))

    def never(*_: object, **__: object) -> None:
        raise AssertionError("decided at length")

    monkeypatch.setattr(jointly, "decided_each", never)
    assert Jointly(readiness=readiness, limits=LIMITS).decide(questions, seconds_left=lambda: 600.0).total_minor
