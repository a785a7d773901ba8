"""Staged relaxation: which rules are given up, one stage after the other, until the order can be filled."""

from dataclasses import replace

from solver.sourcing.policy import Policy


def stages(policy: Policy) -> tuple[Policy, ...]:
    """The policies to try in turn: the policy itself, then with the rules of each further stage switched off as well.

    A later one forbids less than an earlier one and charges the same. There is one for each stage that drops a rule.
    """
    numbers = sorted({stage for name, stage in policy.relax.items() if _can_be_dropped(policy, name)})
    return (policy, *(_without(policy, dropped(policy, number)) for number in numbers))


def dropped(policy: Policy, stage: int) -> tuple[str, ...]:
    """The rules given up at this stage and all before it, by name. One that is off or soft never stood in the way."""
    return tuple(
        sorted(name for name, at in policy.relax.items() if at <= stage and _can_be_dropped(policy, name))
    )  # fmt: skip


def _can_be_dropped(policy: Policy, name: str) -> bool:
    return name not in policy.off and name not in policy.soft


def _without(policy: Policy, names: tuple[str, ...]) -> Policy:
    return replace(policy, off=(*policy.off, *names))
