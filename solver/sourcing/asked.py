"""What the judge asks of every plan under a policy: the terms that may cost, the rules that may be broken."""

from collections.abc import Iterable
from dataclasses import dataclass

from solver.sourcing.dimensions import all_rules, all_terms
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Rule
from solver.sourcing.setting import Setting, WordsSetting
from solver.sourcing.term import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Terms and rules by name: those that are on, that hold strictly, and that the policy's settings call for."""

    terms: tuple[Term, ...]
    rules: tuple[Rule, ...]


_MOST_KEPT = 64
_kept: dict[int, tuple[Policy, Asked]] = {}  # by the policy's identity, which stays taken for as long as it is kept


def asked_of(policy: Policy) -> Asked:
    """What this policy asks; remembered for the last policies."""
    known = _kept.get(id(policy))
    if known is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[id(policy)] = (policy, _asked_of(policy))
    return known[1]


def _asked_of(policy: Policy) -> Asked:
    excused = {*policy.off, *policy.soft}
    return Asked(
        terms=tuple(term for term in all_terms() if term.name not in policy.off and _calls(policy, term.asked_by)),
        rules=tuple(rule for rule in all_rules() if rule.name not in excused and _calls(policy, rule.asked_by)),
    )


def _calls(policy: Policy, asked_by: Iterable[Setting | WordsSetting]) -> bool:
    settings = tuple(asked_by)
    return not settings or any(setting.of(policy) for setting in settings)
