"""Every term says of a plan before it is made what the judge counts on it afterwards."""

import random
from collections import Counter
from dataclasses import replace

from solver.sourcing.assemble import assemble
from solver.sourcing.brief import brief
from solver.sourcing.check import violations_of
from solver.sourcing.dimensions import all_terms, term_of_measure
from solver.sourcing.plan import Engine, Stop
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


def test_no_two_terms_share_a_name_a_measure_or_a_setting() -> None:
    terms = all_terms()
    names = [term.name for term in terms]
    settings = [setting.name for term in terms for setting in term.settings]
    settings += [setting.name for term in terms for setting in term.words]
    assert len(set(names)) == len(names)
    assert len(term_of_measure()) == len(terms)
    assert len(set(settings)) == len(settings)
