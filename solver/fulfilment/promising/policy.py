"""Policies that keep a promise: narrowed to what an option allows, and bound to the promised time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from solver.fulfilment.promising.model import DeliveryOption
from solver.network.lanes import Lane
from solver.sourcing.policy import LATEST_ARRIVAL, Level, Policy
from solver.sourcing.rules import (
    carriers_are_allowed,
    packages_are_likely_in_time,
    packages_arrive_by_the_promise,
    packages_arrive_soon_enough,
    services_are_allowed,
    source_kinds_are_allowed,
)
from solver.sourcing.setting import MOST_SETTING, WordsSetting
from solver.sourcing.terms import unfilled
from solver.sourcing.validate import MOST_LEVELS

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """A rule that allows only some words, and forbids others."""

    rule: str
    only: WordsSetting
    blocked: WordsSetting

    def gives_way(self, policy: Policy) -> bool:
        """Whether the policy forbids some words at a price, or where the order can be filled without them."""
        return self.rule in {*policy.soft, *policy.relax} and bool(self.only.of(policy) or self.blocked.of(policy))


CHOICES = _KINDS, _SERVICES, _CARRIERS = tuple(
    _Choice(rule=module.RULE.name, only=module.ONLY, blocked=module.BLOCKED)
    for module in (source_kinds_are_allowed, services_are_allowed, carriers_are_allowed)
)


def narrowed(policy: Policy, option: DeliveryOption) -> Policy | None:
    """The policy with only what the option allows; None where it allows nothing of that.

    The option is the customer's choice and always strict. A list of the policy that is not (off, soft, or relaxed in
    some stage) gives way to it.
    """
    asked = ((_KINDS, option.only_kinds), (_SERVICES, option.only_services), (_CARRIERS, option.only_carriers))
    left: Policy | None = policy
    for choice, words in asked:
        if left is not None and words:
            left = _only(left, choice, words)
    return left


def hasty(policy: Policy) -> Policy:
    """The policy with as few unfilled units as possible before all else; the arrival is bound by other means."""
    measure = unfilled.TERM.measure
    others = (level for level in policy.levels if level.measure not in (measure, LATEST_ARRIVAL))
    return replace(policy, levels=(Level(measure=measure), *others)[:MOST_LEVELS])


def keeping(policy: Policy, valid_for: timedelta) -> Policy:
    """The policy under which every package is there by the promise; orders may come up to `valid_for` after it.

    It bears no name: it is not the kept policy any more.
    """
    by, soon = packages_arrive_by_the_promise, packages_arrive_soon_enough
    settings = {name: value for name, value in policy.settings.items() if name != by.GRACE.name} | {by.SWITCH.name: 1}
    limit = soon.LIMIT.of(policy)
    if limit:  # counts from the order, which may come this much before what the promise was worked out for
        settings[soon.LIMIT.name] = min(limit - (-valid_for // _MINUTE), MOST_SETTING)
    return replace(_with_strict(policy, by.RULE.name), settings=settings, policy_id="", version=0)


def promisable_at(lane: Lane, policy: Policy) -> datetime:
    """From when on the lane can be promised: its arrival, or later where the policy asks for a chance."""
    rule = packages_are_likely_in_time
    permille = 0 if rule.RULE.name in (*policy.off, *policy.soft) else rule.LIMIT.of(policy)
    if not permille or lane.transit_times is None or lane.hand_over_at is None:
        return lane.arrives_at
    likely_at = lane.hand_over_at + lane.transit_times.quantile_minutes(permille) * _MINUTE
    return max(lane.arrives_at, likely_at)


def _only(policy: Policy, choice: _Choice, asked: Sequence[str]) -> Policy | None:
    is_strict = choice.rule not in (*policy.off, *policy.soft, *policy.relax)
    own, blocked = choice.only.of(policy), choice.blocked.of(policy)
    allowed = tuple(
        str(word) for word in asked if not is_strict or (word not in blocked and (not own or word in own))
    )  # fmt: skip
    if not allowed:
        return None
    others = {name: words for name, words in policy.words.items() if name != choice.blocked.name}
    return replace(_with_strict(policy, choice.rule), words=others | {choice.only.name: allowed})


def _with_strict(policy: Policy, rule: str) -> Policy:
    return replace(
        policy,
        off=tuple(name for name in policy.off if name != rule),
        soft={name: price for name, price in policy.soft.items() if name != rule},
        relax={name: stage for name, stage in policy.relax.items() if name != rule},
    )
