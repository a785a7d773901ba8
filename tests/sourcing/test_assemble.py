"""From what was found to a plan: prices by term, what becomes of each line, which bound is stated."""

from dataclasses import replace

import numpy as np
import pytest

from solver.sourcing.assemble import assemble
from solver.sourcing.brief import Brief, brief
from solver.sourcing.case import Finding, Shipment
from solver.sourcing.plan import Engine, Plan, Stop, Term
from tests.sourcing.made import flat, lane, line, offer, problem

ASKED = problem(
    lines=(line("1", 2, {"A": 1, "B": 2}),),
    grams={"A": 500, "B": 100},
    offers=(offer("S1", {"A": 2, "B": 4}),),
    lanes=(lane("S1", flat(600, up_to_grams=1_000)),),
)


def assembled(*contents: tuple[int, int], unfilled: int, bound: int = 0) -> Plan:
    found = Finding(
        shipments=tuple(Shipment(lane=0, units=np.array(units)) for units in contents),
        unfilled=np.array([unfilled]),
        cost=(0,),
        bound=(bound,),
    )
    return assemble(brief(ASKED), found, engine=Engine.MIP, stop=Stop.OPTIMAL)


def test_a_plan_adds_up_its_packages_its_splits_and_what_is_left() -> None:
    plan = assembled((1, 0), (0, 2), unfilled=1)
    assert plan.cost_minor == {
        Term.FREIGHT: 1_200,
        Term.HANDLING: 0,
        Term.DISTANCE: 0,
        Term.LATENESS: 0,
        Term.SPLIT: 200,
        Term.UNFILLED: 100_000,
    }
    assert plan.total_minor == 101_400
    assert (plan.lines[0].planned_units, plan.lines[0].unfilled_units) == (1, 1)


@pytest.mark.parametrize(("bound", "stated"), [(0, 0), (101_000, 101_000), (101_401, 101_400)])
def test_a_bound_is_never_above_the_total(bound: int, stated: int) -> None:
    assert assembled((1, 0), (0, 2), unfilled=1, bound=bound).bound_minor == stated


def test_a_package_that_its_lane_does_not_carry_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lane \('S1', 'V', '', ''\) does not carry 1100 g, 0 mm3"):
        assembled((2, 1), unfilled=0)


def test_what_the_carriers_of_a_plan_do_not_state_is_noted_once() -> None:
    unsaid = replace(
        ASKED.lanes[0],
        assumed=("rounding of weight: every begun kilogram", "fuel: none"),
        assumed_zh=("重量进位：不足一公斤按一公斤计", "燃油附加费：无"),
    )
    case = brief(replace(ASKED, lanes=(unsaid,)))

    def notes(*contents: tuple[int, int], case: Brief = case) -> list[tuple[str, str]]:
        shipments = tuple(Shipment(lane=0, units=np.array(units)) for units in contents)
        found = Finding(shipments=shipments, unfilled=np.array([0]), cost=(0,), bound=(0,))
        plan = assemble(case, found, engine=Engine.MIP, stop=Stop.OPTIMAL)
        return list(zip(plan.notes, plan.notes_zh, strict=True))

    service_id = unsaid.service_id
    assert notes((1, 0), (1, 4)) == [
        (f"{service_id}: fuel: none", f"{service_id}：燃油附加费：无"),
        (f"{service_id}: rounding of weight: every begun kilogram", f"{service_id}：重量进位：不足一公斤按一公斤计"),
    ]
    assert notes() == []
    untranslated = brief(replace(ASKED, lanes=(replace(unsaid, assumed=("fuel: none",), assumed_zh=()),)))
    assert notes((1, 0), case=untranslated) == [(f"{service_id}: fuel: none", f"{service_id}：fuel: none")]
