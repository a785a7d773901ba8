"""Which rules bind: without one of them, alone, a better plan would be had."""

from dataclasses import dataclass, fields

import numpy as np

from solver.sourcing.case import NO_LIMIT
from solver.sourcing.dimensions import all_rules
from solver.sourcing.explanation.asking import Decide, TimeIsUp, as_decided, is_better, without_rules
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Problem
from solver.sourcing.rule import Restriction


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingRules:
    """Rules by name: those without each of which the plan would be better, and those of which it is not known."""

    binding: tuple[str, ...] = ()
    may_bind: tuple[str, ...] = ()


def binding_rules(problem: Problem, plan: Plan, decide: Decide) -> BindingRules:
    """One question without all rules; only where its answer is better, one without each."""
    asked = as_decided(problem, plan)
    names = restricting_rules(asked)
    if not names:
        return BindingRules()
    if not plan.is_proven:
        return BindingRules(may_bind=names)
    freed = _answer(decide, without_rules(asked, names))
    if freed is None:
        return BindingRules(may_bind=names)
    if not is_better(freed, plan):
        return BindingRules(may_bind=() if freed.is_proven else names)
    if len(names) == 1:
        return BindingRules(binding=names)
    answers = {name: _answer(decide, without_rules(asked, [name])) for name in names}
    binding = tuple(name for name, other in answers.items() if other is not None and is_better(other, plan))
    unknown = tuple(name for name, other in answers.items() if other is None or not other.is_proven)
    return BindingRules(binding=binding, may_bind=tuple(name for name in unknown if name not in binding))


def _answer(decide: Decide, problem: Problem) -> Plan | None:
    try:
        return decide(problem)
    except TimeIsUp:
        return None


def restricting_rules(problem: Problem) -> tuple[str, ...]:
    """The strict rules in force that forbid anything of this order, by name."""
    facts, policy = Facts.of(problem), problem.policy
    asked = [rule for rule in all_rules() if rule.name not in policy.off and rule.name not in policy.soft]
    restrictions = [(rule.name, rule.restrict(facts, policy)) for rule in asked]
    return tuple(name for name, one in restrictions if one is not None and _forbids(one, facts))


def _forbids(restriction: Restriction, facts: Facts) -> bool:
    if restriction.stock is not None and (restriction.stock < facts.stock).any():
        return True
    others = [getattr(restriction, field.name) for field in fields(restriction) if field.name != "stock"]
    return any(_limits(value) for value in others)


def _limits(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return bool(value.any() if value.dtype == np.bool_ else (value < NO_LIMIT).any())
    return bool(value)
