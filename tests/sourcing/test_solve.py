"""What solve promises: an answer always, the same for the same question, and never worse for more to choose from."""

import random
from dataclasses import replace
from importlib import import_module

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.sourcing.check import violations_of
from solver.sourcing.mip.program import Outcome, Program, Solution
from solver.sourcing.plan import Engine, Plan, ReasonCode, Stop
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide, solve
from tests.sourcing.heuristics import fullest_plan, greedy_plan, nearest_plan
from tests.sourcing.made import PATIENT, flat, lane, line, offer, problem
from tests.sourcing.worlds import random_problem

GREEDY_IS_DEARER = problem(
    lines=(line("1", 1, {"A": 1}), line("2", 1, {"B": 1})),
    grams={"A": 500, "B": 500},
    offers=(offer("S1", {"A": 1}), offer("S2", {"A": 1, "B": 1})),
    lanes=(lane("S1", flat(300)), lane("S2", flat(800))),
)
any_seed = st.integers(0, 2**40)


def total_minor(asked: Problem) -> int:
    plan = decide(asked, engine=Engine.MIP, time_limit_seconds=60)
    assert plan.is_proven
    return plan.total_minor


def test_without_any_time_a_plan_without_solver_is_given_with_the_whole_total_as_its_gap() -> None:
    plan = solve(GREEDY_IS_DEARER, engine=Engine.MIP, time_limit_seconds=0)
    assert (plan.engine, plan.stop) == (Engine.GREEDY, Stop.TIME_LIMIT)
    assert (plan.total_minor, plan.bound_minor, plan.gap_minor) == (800, 0, 800)
    assert not plan.is_proven
    assert plan.packages == fullest_plan(GREEDY_IS_DEARER).packages
    assert greedy_plan(GREEDY_IS_DEARER).total_minor == 1_300
    assert violations_of(GREEDY_IS_DEARER, plan) == []


def test_with_time_the_same_question_is_answered_best_and_proven() -> None:
    plan = solve(GREEDY_IS_DEARER)
    assert (plan.engine, plan.stop) == (Engine.EXACT, Stop.OPTIMAL)
    assert (plan.total_minor, plan.bound_minor, plan.gap_minor) == (800, 800, 0)
    assert plan.is_proven
    by_program = solve(GREEDY_IS_DEARER, engine=Engine.MIP)
    assert (by_program.engine, by_program.stop, by_program.total_minor) == (Engine.MIP, Stop.OPTIMAL, 800)


@pytest.mark.parametrize("seconds", [0, 1e-9, 0.001, 0.003])
def test_however_little_time_there_is_the_plan_is_sound_and_no_dearer_than_greedy(seconds: float, seed: int) -> None:
    for drawn in range(seed + 7_000_000, seed + 7_000_030):
        asked = random_problem(drawn, most_pieces=7, most_sources=8)
        plan = solve(asked, engine=Engine.MIP, time_limit_seconds=seconds)
        assert violations_of(asked, plan) == [], f"seed {drawn}"
        assert plan.total_minor <= greedy_plan(asked).total_minor, f"seed {drawn}"
        assert plan.bound_minor <= total_minor(asked) <= plan.total_minor, f"seed {drawn}"
        assert plan.stop in {Stop.OPTIMAL, Stop.TIME_LIMIT}, f"seed {drawn}"
        assert plan.is_proven == (plan.stop is Stop.OPTIMAL) or plan.total_minor == plan.bound_minor, f"seed {drawn}"


def test_the_limit_of_the_policy_holds_where_the_caller_gives_none() -> None:
    hasty = replace(GREEDY_IS_DEARER, policy=replace(PATIENT, time_limit_ms=0))
    assert solve(hasty, engine=Engine.MIP).stop is Stop.TIME_LIMIT
    assert solve(hasty, engine=Engine.MIP, time_limit_seconds=60).stop is Stop.OPTIMAL


def test_units_left_when_the_time_ran_out_are_not_called_impossible() -> None:
    bundle = replace(
        GREEDY_IS_DEARER,
        lines=(line("1", 1, {"A": 1, "B": 1}),),
        offers=(offer("S1", {"A": 1}), offer("S2", {"B": 1})),
    )
    plan = solve(bundle, engine=Engine.MIP, time_limit_seconds=0)
    assert plan.unfilled_units == 1
    assert [reason.code for reason in plan.lines[0].reasons] == [ReasonCode.NOT_PROVEN]
    assert solve(bundle).unfilled_units == 0


def test_a_solver_that_fails_leaves_a_plan_without_it_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Solution(outcome=Outcome.FAILED, values=(), bound=0)
    monkeypatch.setattr(Program, "solve", lambda program, **_: failed)
    plan = solve(GREEDY_IS_DEARER, engine=Engine.MIP)
    assert (plan.engine, plan.stop, plan.bound_minor) == (Engine.GREEDY, Stop.SOLVER_FAILED, 0)
    assert plan.total_minor == 800
    assert violations_of(GREEDY_IS_DEARER, plan) == []


def test_the_same_question_gives_the_same_bytes(seed: int) -> None:
    for drawn in range(seed + 7_100_000, seed + 7_100_040):
        asked = random_problem(drawn)
        assert msgspec.json.encode(solve(asked)) == msgspec.json.encode(solve(asked)), f"seed {drawn}"


def test_the_sequence_of_lanes_and_offers_changes_no_byte_of_the_answer(seed: int) -> None:
    for drawn in range(seed + 7_200_000, seed + 7_200_060):
        asked = random_problem(drawn)
        rng = random.Random(drawn)
        shuffled = replace(
            asked,
            lanes=tuple(rng.sample(asked.lanes, len(asked.lanes))),
            offers=tuple(rng.sample(asked.offers, len(asked.offers))),
        )
        assert msgspec.json.encode(solve(shuffled)) == msgspec.json.encode(solve(asked)), f"seed {drawn}"


def test_the_sequence_of_lines_changes_nothing_of_the_cost(seed: int) -> None:
    for drawn in range(seed + 7_300_000, seed + 7_300_060):
        asked = random_problem(drawn)
        backwards = replace(asked, lines=asked.lines[::-1])
        plan = solve(backwards)
        assert plan.total_minor == total_minor(asked), f"seed {drawn}"
        assert [answer.line_id for answer in plan.lines] == [one.line_id for one in backwards.lines]


@settings(max_examples=40, deadline=None)
@given(seed=any_seed, data=st.data())
def test_more_stock_never_makes_a_plan_dearer(seed: int, data: st.DataObject) -> None:
    asked = random_problem(seed)
    chosen = data.draw(st.sampled_from(asked.offers))
    more = {sku: units + data.draw(st.integers(0, 3)) for sku, units in chosen.available.items()}
    offers = tuple(replace(one, available=more) if one is chosen else one for one in asked.offers)
    assert total_minor(replace(asked, offers=offers)) <= total_minor(asked)


@settings(max_examples=40, deadline=None)
@given(seed=any_seed, data=st.data())
def test_a_cheaper_lane_never_makes_a_plan_dearer(seed: int, data: st.DataObject) -> None:
    asked = random_problem(seed)
    if not asked.lanes:
        return
    chosen = data.draw(st.sampled_from(asked.lanes))
    rebate_minor = data.draw(st.integers(1, 300))
    card = replace(
        chosen.card,
        bands=tuple(replace(band, base_minor=max(0, band.base_minor - rebate_minor)) for band in chosen.card.bands),
    )
    lanes = tuple(replace(one, card=card) if one is chosen else one for one in asked.lanes)
    assert total_minor(replace(asked, lanes=lanes)) <= total_minor(asked)


@settings(max_examples=40, deadline=None)
@given(seed=any_seed, data=st.data())
def test_a_lane_more_never_makes_a_plan_dearer(seed: int, data: st.DataObject) -> None:
    asked = random_problem(seed)
    if not asked.lanes:
        return
    left_out = data.draw(st.sampled_from(asked.lanes))
    fewer = tuple(one for one in asked.lanes if one is not left_out)
    assert total_minor(asked) <= total_minor(replace(asked, lanes=fewer))


@settings(max_examples=40, deadline=None)
@given(seed=any_seed, packages=st.integers(0, 3))
def test_looser_limits_never_make_a_plan_dearer(seed: int, packages: int) -> None:
    asked = random_problem(seed)
    looser = replace(asked.policy, max_packages=asked.policy.max_packages + packages, max_sources=0)
    assert total_minor(replace(asked, policy=looser)) <= total_minor(asked)


def test_without_any_time_the_cheapest_plan_that_needs_no_solver_is_given() -> None:
    cheapest = set[int]()
    for drawn in (*range(200), 786):  # of the first 900 the last is the only one that greedy alone does best
        asked = random_problem(drawn)
        cut_short = decide(asked, engine=Engine.MIP, time_limit_seconds=0)
        totals = [plan(asked).total_minor for plan in (greedy_plan, fullest_plan, nearest_plan)]
        assert cut_short.total_minor == min(totals), f"seed {drawn}"
        assert violations_of(asked, cut_short) == [], f"seed {drawn}"
        if totals.count(min(totals)) == 1:
            cheapest.add(totals.index(min(totals)))
    assert cheapest == {0, 1, 2}, "each of the three must be the only cheapest one of some problem"


@pytest.mark.parametrize(("lines", "given"), [(1, [101.99968, 101.99984, 102.0]), (20_000, [100.6, 101.3, 102.0])])
def test_time_is_kept_back_for_the_stages_to_come_by_how_wide_the_order_is(
    lines: int, given: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """40 us for each line and lane, at most 35 % of the time, for each further stage."""
    module = import_module("solver.sourcing.solve")
    asked: list[float] = []
    nothing = decide(replace(GREEDY_IS_DEARER, lanes=()), engine=Engine.GREEDY, time_limit_seconds=1)

    def noted(_problem: Problem, _engine: Engine, until: float) -> Plan:
        asked.append(until)
        return nothing

    monkeypatch.setattr(module, "_decide_strictly", noted)
    monkeypatch.setattr(module.time, "perf_counter", lambda: 100.0)
    policy = replace(PATIENT, relax={"packages_stay_in_the_country": 1, "packages_stay_in_the_province": 2})
    lanes = GREEDY_IS_DEARER.lanes * 2
    wide = replace(GREEDY_IS_DEARER, policy=policy, lines=(line("1", 1, {"A": 1}),) * lines, lanes=lanes)
    decide(wide, engine=Engine.EXACT, time_limit_seconds=2)
    assert asked == pytest.approx(given)
