"""Which rules keep units of an order from being shipped: a smallest set of them that conflict."""

from collections.abc import Callable, Collection
from dataclasses import replace

from solver.sourcing.explanation.asking import Decide, under, without_rules
from solver.sourcing.explanation.binding import restricting_rules
from solver.sourcing.explanation.conflict import smallest_conflict
from solver.sourcing.explanation.model import Blame
from solver.sourcing.policy import Level, Policy
from solver.sourcing.problem import Problem

_FILL = (Level(measure="unfilled_units"),)


def rules_to_blame(problem: Problem, decide: Decide) -> Blame | None:
    """A smallest set of rules that together keep units from being shipped which could be, were there no rules.

    None where no rule is to blame: as many units can be filled under all of them, or not even without any. What
    shipping costs is not looked at. The problem's policy must not relax its rules.
    """
    rules = restricting_rules(problem)
    asked = under(problem, replace(problem.policy, levels=_FILL))
    least_unfilled = decide(without_rules(asked, rules)).unfilled_units

    def fills(policy: Policy) -> bool:
        return decide(under(asked, policy)).unfilled_units <= least_unfilled

    conflict = smallest_conflict(asked.policy, rules, fills)
    if conflict is None or not conflict.rules:
        return None
    freeing = _freeing_rules(asked.policy, rules, conflict.rules, fills)
    return Blame(rules=conflict.rules, is_smallest=conflict.is_smallest, freeing_rules=freeing)


def _freeing_rules(
    policy: Policy, rules: Collection[str], conflict: Collection[str], fills: Callable[[Policy], bool]
) -> tuple[str, ...]:
    """Rules that must all go for the order to be filled; empty where any one of the conflict is enough."""
    if all(fills(_without(policy, {name})) for name in conflict):
        return ()
    gone = {*rules}
    for name in sorted(rules, key=lambda name: (name in conflict, name)):
        if fills(_without(policy, gone - {name})):
            gone.remove(name)
    return tuple(sorted(gone))


def _without(policy: Policy, names: Collection[str]) -> Policy:
    return replace(policy, off=tuple(sorted({*policy.off, *names})))
