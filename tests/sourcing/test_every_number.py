"""Every number of a sound plan counts: changed by one, or moved to another place, the judge objects."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

from solver.sourcing.assemble import assemble
from solver.sourcing.brief import brief
from solver.sourcing.check import violations_of, violations_of_each
from solver.sourcing.plan import Engine, LineAnswer, Package, PackedUnits, Plan, Stop
from solver.sourcing.problem import Problem
from tests.sourcing.judged import with_line, with_package
from tests.sourcing.terms.random_world import random_finding, rich_problem

PLANS = 60
Tampered = tuple[str, Plan]  # what was changed, and the plan with it


def test_no_number_of_a_plan_can_be_changed_unnoticed(seed: int) -> None:
    seen = Counter[str]()
    for number in range(seed, seed + PLANS):
        problem, plan = sound(number)
        assert violations_of(problem, plan) == []
        for place, tampered in with_a_number_changed(plan):
            assert violations_of(problem, tampered), f"seed {number}: {place}"
            seen[place] += 1
    assert min(seen.values()) > 10, seen
    assert seen.keys() >= {"units", "weight_grams", "late_minutes", "unfilled_units", "a package's freight", "level"}


def test_many_plans_are_judged_together_as_each_is_by_itself(seed: int) -> None:
    """Sound ones, such as do not add up, and such as cannot be counted up at all, in any sequence."""
    plans = []
    for number in range(seed, seed + PLANS // 4):
        problem, plan = sound(number)
        told = [plan, *(tampered for _, tampered in with_a_number_changed(plan))]
        plans += [(problem, one) for one in (*told, replace(plan, order_id="another"))]
    random.Random(seed).shuffle(plans)
    found = violations_of_each(plans)
    assert found == [violations_of(problem, plan) for problem, plan in plans]
    assert 0 < sum(not violations for violations in found) < len(found)


def test_no_unit_can_be_moved_to_another_package_unnoticed(seed: int) -> None:
    moved = 0
    for number in range(seed, seed + PLANS):
        problem, plan = sound(number)
        for tampered in with_a_unit_moved(plan):
            assert violations_of(problem, tampered), f"seed {number}"
            moved += 1
    assert moved > PLANS


def test_no_package_can_take_another_lane_unnoticed(seed: int) -> None:
    """Two lanes that are alike but for their ids may well cost the same; here no two carriers are the same."""
    taken = 0
    for number in range(seed, seed + PLANS):
        problem, plan = sound(number)
        for at, package in enumerate(plan.packages):
            for lane in problem.lanes:
                if lane.lane_id != package.lane_id and lane.carrier_id != package.carrier_id:
                    source_id, service_id, via_source_id, offer_id = lane.lane_id
                    tampered = with_package(
                        plan,
                        at,
                        source_id=source_id,
                        service_id=service_id,
                        via_source_id=via_source_id,
                        offer_id=offer_id,
                    )
                    assert violations_of(problem, tampered), f"seed {number}: {lane.lane_id}"
                    taken += 1
    assert taken > PLANS


def sound(seed: int) -> tuple[Problem, Plan]:
    """A problem in which every term plays a part now and then, and a plan of it, not the best one."""
    problem = rich_problem(seed)
    posed = brief(problem)
    finding = random_finding(random.Random(seed), posed)
    return problem, assemble(posed, finding, engine=Engine.GREEDY, stop=Stop.HEURISTIC)


def with_a_number_changed(plan: Plan) -> Iterator[Tampered]:
    for by in (-1, 1):
        yield "total_minor", replace(plan, total_minor=plan.total_minor + by)
        for term in plan.cost_minor:
            yield f"the plan's {term}", replace(plan, cost_minor=_more(plan.cost_minor, term, by))
        for at, level in enumerate(plan.levels):
            levels = [*plan.levels]
            levels[at] = replace(level, value=level.value + by)
            yield "level", replace(plan, levels=tuple(levels))
        for at, line in enumerate(plan.lines):
            for name in _numbers_of(line):
                yield name, with_line(plan, at, **{name: getattr(line, name) + by})
        for at, package in enumerate(plan.packages):
            for name in _numbers_of(package):
                yield name, with_package(plan, at, **{name: getattr(package, name) + by})
            for term in package.cost_minor:
                cost = _more(package.cost_minor, term, by)
                # As if the term had come to that: the plan's own costs go with it.
                whole = replace(plan, cost_minor=_more(plan.cost_minor, term, by), total_minor=plan.total_minor + by)
                yield f"a package's {term}", with_package(whole, at, cost_minor=cost)
            for position, packed in enumerate(package.contents):
                yield "units", _with_units(plan, at, position, packed.units + by)
    yield "bound_minor", replace(plan, bound_minor=plan.total_minor + 1)
    yield "bound_minor", replace(plan, bound_minor=-1)


def with_a_unit_moved(plan: Plan) -> Iterator[Plan]:
    for giving, package in enumerate(plan.packages):
        for taking in range(len(plan.packages)):
            for position, packed in enumerate(package.contents) if giving != taking else ():
                given = _with_units(plan, giving, position, packed.units - 1)
                contents = [*given.packages[taking].contents, replace(packed, units=1)]
                yield with_package(given, taking, contents=_together(contents))


def _with_units(plan: Plan, at: int, position: int, units: int) -> Plan:
    contents = [*plan.packages[at].contents]
    contents[position] = replace(contents[position], units=units)
    return with_package(plan, at, contents=tuple(packed for packed in contents if packed.units))


def _together(contents: list[PackedUnits]) -> tuple[PackedUnits, ...]:
    units = Counter[tuple[str, str]]()
    for packed in contents:
        units[packed.line_id, packed.sku] += packed.units
    return tuple(PackedUnits(line_id=line_id, sku=sku, units=count) for (line_id, sku), count in units.items())


def _numbers_of(stated: Package | LineAnswer) -> list[str]:
    return [field.name for field in fields(stated) if type(getattr(stated, field.name)) is int]


def _more(cost: Mapping[str, int], term: str, by: int) -> dict[str, int]:
    changed = dict(cost)
    changed[term] += by
    return changed
