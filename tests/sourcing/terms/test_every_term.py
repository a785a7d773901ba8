"""Every term says of a plan before it is made what the judge counts on it afterwards."""

import random
from collections import Counter
from dataclasses import fields, replace
from typing import Any

from solver.sourcing.assemble import assemble
from solver.sourcing.brief import brief
from solver.sourcing.check import violations_of
from solver.sourcing.concerns import concerns_of
from solver.sourcing.dimensions import all_terms, settings, term_of_measure
from solver.sourcing.finished import Finished
from solver.sourcing.plan import Engine, Plan, Stop
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from tests.sourcing.terms.random_world import random_finding, rich_problem

PLANS = 300


def test_every_terms_money_and_measure_are_what_the_judge_recounts(seed: int) -> None:
    seen = Counter[str]()
    for number in range(PLANS):
        problem = rich_problem(seed + number)
        posed = brief(problem)
        finding = random_finding(random.Random(seed + number), posed)
        plan = assemble(posed, finding, engine=Engine.GREEDY, stop=Stop.HEURISTIC)
        assert violations_of(problem, plan) == [], f"seed {seed + number}"
        seen.update(name for name, minor in plan.cost_minor.items() if minor)
        seen.update(level.measure for level in plan.levels if level.value)
    assert {term.name for term in all_terms()} - set(seen) == set(), "let rich_problem draw what the term reads"
    assert {term.measure for term in all_terms()} - set(seen) == set()


def test_every_term_can_be_switched_off(seed: int) -> None:
    seen = Counter[str]()
    for number in range(PLANS // 10):
        problem = rich_problem(seed + number)
        everything = tuple(term.name for term in all_terms())
        silent = replace(problem, policy=replace(problem.policy, off=(*problem.policy.off, *everything)))
        posed = brief(silent)
        finding = random_finding(random.Random(seed + number), posed)
        plan = assemble(posed, finding, engine=Engine.GREEDY, stop=Stop.HEURISTIC)
        assert violations_of(silent, plan) == []
        assert plan.total_minor == 0
        seen.update(level.measure for level in plan.levels if level.value)
    assert "packages" in seen, "what is off is still measured"


def test_a_term_that_the_policy_does_not_ask_for_costs_no_plan_anything(seed: int) -> None:
    passed_over, asked_for = Counter[str](), Counter[str]()
    for number in range(PLANS):
        rng = random.Random(f"{seed + number}/asked")
        problem = rich_problem(seed + number)
        plan = _random_plan(problem, seed + number)
        for share in (0.0, 0.5):
            under = replace(problem, policy=_with_fewer_prices(rng, problem.policy, share))
            finished = Finished.of(under, plan)
            for term in all_terms():
                if term in concerns_of(under.policy).terms:
                    asked_for[term.name] += 1
                elif term.name not in under.policy.off:
                    passed_over[term.name] += 1
                    assert term.recount_minor(finished).packages == (0,) * len(plan.packages), f"{term.name}, {number}"
                    assert term.recount_minor(finished).order == 0, f"{term.name}, {number}"
    assert passed_over.keys() == {term.name for term in all_terms() if term.asked_by}
    assert asked_for.keys() == {term.name for term in all_terms()}


def _random_plan(problem: Problem, seed: int) -> Plan:
    posed = brief(problem)
    finding = random_finding(random.Random(seed), posed)
    return assemble(posed, finding, engine=Engine.GREEDY, stop=Stop.HEURISTIC)


def _with_fewer_prices(rng: random.Random, policy: Policy, share: float) -> Policy:
    """Each price of the policy stands with this chance, else it is 0."""
    names = [setting.name for term in all_terms() for setting in term.settings]
    prices = {name: setting.of(policy) if rng.random() < share else 0 for name, setting in settings().items()}
    core = {field.name for field in fields(Policy)}
    of_policy: dict[str, Any] = {name: prices[name] for name in names if name in core}
    return replace(
        policy,
        **of_policy,
        settings={**policy.settings, **{name: prices[name] for name in names if name not in core}},
    )


def test_no_two_terms_share_a_name_a_measure_or_a_setting() -> None:
    terms = all_terms()
    names = [term.name for term in terms]
    settings = [setting.name for term in terms for setting in term.settings]
    settings += [setting.name for term in terms for setting in term.words]
    assert len(set(names)) == len(names)
    assert len(term_of_measure()) == len(terms)
    assert len(set(settings)) == len(settings)
