"""What concerns the judge under a policy: the terms that may cost, the rules that may be broken."""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.sourcing.dimensions import all_rules, all_terms
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Rule
from solver.sourcing.setting import Setting, WordsSetting
from solver.sourcing.term import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerns:
    """Terms and rules by name: those that are on, that hold strictly, and that the policy's settings call for."""

    terms: tuple[Term, ...]
    rules: tuple[Rule, ...]


_MOST_KEPT = 64
_kept: dict[int, tuple[Policy, Concerns]] = {}  # by the policy's identity, which stays taken for as long as it is kept


def concerns_of(policy: Policy) -> Concerns:
    """What concerns the judge under this policy; remembered for the last policies."""
    known = _kept.get(id(policy))
    if known is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[id(policy)] = (policy, _concerns_of(policy))
    return known[1]


def _concerns_of(policy: Policy) -> Concerns:
    excused = {*policy.off, *policy.soft}
    return Concerns(
        terms=tuple(term for term in all_terms() if term.name not in policy.off and _calls(policy, term.asked_by)),
        rules=tuple(rule for rule in all_rules() if rule.name not in excused and _calls(policy, rule.asked_by)),
    )


def _calls(policy: Policy, asked_by: Sequence[Setting | WordsSetting]) -> bool:
    return not asked_by or any(setting.of(policy) for setting in asked_by)
