"""One order, three sources and four lanes, for a rule to say something about; and plans that are put together by hand.

Line 1 wants 3 of A (400 g, 1,000 mm3), line 2 wants 2 of B (1,000 g, 5,000 mm3). A dealer D, a store S and a warehouse
W have 5 of each. Lanes are, in the facts' own sequence: D by V, S by V, W by V, W by X.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from solver.network.model import SourceKind
from solver.sourcing.brief import brief
from solver.sourcing.case import Finding
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.mip.engine import solve_by_mip
from solver.sourcing.plan import Engine, LineAnswer, Package, PackedUnits, Plan, Stop
from solver.sourcing.problem import Problem
from solver.sourcing.rule import Restriction, Rule
from tests.sourcing.made import PLACED_AT, PROMISED_AT, flat, lane, line, offer, problem

D_BY_V, S_BY_V, W_BY_V, W_BY_X = range(4)
A, B = range(2)
ASKED = replace(
    problem(
        lines=(line("1", 3, {"A": 1}), line("2", 2, {"B": 1})),
        grams={"A": 400, "B": 1000},
        mm3={"A": 1_000, "B": 5_000},
        offers=(
            replace(offer("D", {"A": 5, "B": 5}), kind=SourceKind.DEALER),
            replace(offer("S", {"A": 5, "B": 5}), kind=SourceKind.STORE),
            replace(offer("W", {"A": 5, "B": 5}), kind=SourceKind.WAREHOUSE),
        ),
        lanes=(
            lane("D", flat(900)),
            lane("S", flat(700)),
            lane("W", flat(800)),
            lane("W", flat(600), service_id="X"),
        ),
        promised_at=PROMISED_AT,
    ),
    placed_at=PLACED_AT,
)


def under(
    asked: Problem, *, settings: Mapping[str, int] | None = None, words: Mapping[str, tuple[str, ...]] | None = None
) -> Problem:
    """The problem under a policy that sets these."""
    return replace(asked, policy=replace(asked.policy, settings=settings or {}, words=words or {}))


def with_lane(asked: Problem, number: int, **changes: Any) -> Problem:
    """The problem with one lane changed."""
    lanes = list(asked.lanes)
    lanes[number] = replace(lanes[number], **changes)
    return replace(asked, lanes=tuple(lanes))


def with_offer(asked: Problem, source_id: str, **changes: Any) -> Problem:
    """The problem with the offers of one source changed."""
    offers = tuple(replace(one, **changes) if one.source_id == source_id else one for one in asked.offers)
    return replace(asked, offers=offers)


def with_item(asked: Problem, sku: str, **changes: Any) -> Problem:
    """The problem with one item changed."""
    return replace(asked, items={**asked.items, sku: replace(asked.items[sku], **changes)})


def with_line(asked: Problem, line_id: str, **changes: Any) -> Problem:
    """The problem with one line changed."""
    lines = tuple(replace(one, **changes) if one.line_id == line_id else one for one in asked.lines)
    return replace(asked, lines=lines)


def forbidden(rule: Rule, asked: Problem) -> dict[str, Any]:
    """What the rule forbids, by the restriction's fields, arrays as lists; what it does not restrict is left out."""
    found = rule.restrict(Facts(asked), asked.policy)
    stated = {field.name: getattr(found, field.name) for field in fields(Restriction)} if found else {}
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in stated.items()
        if value is not None and value is not False
    }


def forbids_nothing(rule: Rule, asked: Problem) -> bool:
    """True where the rule has nothing to say."""
    return rule.restrict(Facts(asked), asked.policy) is None


def broken(rule: Rule, asked: Problem, *packages: tuple[int, Mapping[str, int]]) -> list[str]:
    """What a plan of these packages breaks; see `plan_of`."""
    return list(rule.broken(Finished.of(asked, plan_of(asked, *packages))))


def plan_of(asked: Problem, *packages: tuple[int, Mapping[str, int]]) -> Plan:
    """A plan of (lane's number, units by SKU), without costs; units are for the first line that asks for the SKU."""
    made = tuple(_package(asked, number, units) for number, units in packages)
    return Plan(
        order_id=asked.order_id,
        currency=asked.currency,
        packages=made,
        lines=tuple(_answer(asked, position, made) for position in range(len(asked.lines))),
        cost_minor={},
        total_minor=0,
        bound_minor=0,
        engine=Engine.GREEDY,
        stop=Stop.HEURISTIC,
    )


def _package(asked: Problem, number: int, units: Mapping[str, int]) -> Package:
    way = asked.lanes[number]
    weight_grams = sum(count * asked.items[sku].weight_grams for sku, count in units.items())
    volume_mm3 = sum(count * asked.items[sku].volume_mm3 for sku, count in units.items())
    line_of = {part.sku: one.line_id for one in reversed(asked.lines) for part in one.parts}
    return Package(
        source_id=way.source_id,
        service_id=way.service_id,
        carrier_id=way.carrier_id,
        contents=tuple(PackedUnits(line_id=line_of[sku], sku=sku, units=count) for sku, count in units.items()),
        weight_grams=weight_grams,
        volume_mm3=volume_mm3,
        billable_grams=way.billable_grams(weight_grams, volume_mm3),
        distance_meters=way.distance_meters,
        arrives_at=way.arrives_at,
        late_minutes=0,
        crosses_province=way.crosses_province,
        cost_minor={},
        via_source_id=way.via_source_id,
        offer_id=way.offer_id,
        stage=next(one.stage for one in asked.offers if one.key == (way.source_id, way.offer_id)),
    )


def _answer(asked: Problem, position: int, packages: tuple[Package, ...]) -> LineAnswer:
    wanted = asked.lines[position]
    shipped = {
        part.sku: sum(
            packed.units
            for package in packages
            for packed in package.contents
            if (packed.line_id, packed.sku) == (wanted.line_id, part.sku)
        )
        for part in wanted.parts
    }
    filled = min(shipped[part.sku] // part.units for part in wanted.parts)
    return LineAnswer(
        line_id=wanted.line_id,
        sku=wanted.sku,
        ordered_units=wanted.quantity,
        planned_units=filled,
        unfilled_units=wanted.quantity - filled,
    )


def decided(asked: Problem) -> Finding:
    """The best plan under all rules, proven by the reference program."""
    finding, stop = solve_by_mip(brief(asked).case, time_limit_seconds=60)
    assert stop == Stop.OPTIMAL
    return finding
