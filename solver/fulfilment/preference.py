"""Under which policy an order is decided: the one in the request, the one it names, or the kept one that is for it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from solver.errors import Violations
from solver.orders.model import Order
from solver.policies.choose import choose, in_force
from solver.policies.model import PolicyDocument
from solver.sourcing.policy import DEFAULT_POLICY, Policy
from solver.sourcing.validate import check_policy
from solver.validation import is_time, unknown

Kept = Mapping[tuple[str, int], PolicyDocument]  # by id and version


class Asks(Protocol):
    """A command that may bring a policy or name one."""

    @property
    def policy(self) -> Policy | None:
        """The policy itself."""
        ...

    @property
    def policy_id(self) -> str:
        """The name of a kept one; empty: none is named."""
        ...

    @property
    def policy_version(self) -> int:
        """Which version of it; 0: the latest that is valid when the order is placed."""
        ...


def preferred(asks: Asks, orders: Sequence[Order], kept: Kept, violations: Violations) -> tuple[Policy, ...]:
    """The policy for each order. What is unsound is recorded; the answer then stands for nothing."""
    one_way = asks.policy is None or not asks.policy_id
    violations.require(one_way, "policy_id", asks.policy_id, "give `policy` or `policy_id`, not both")
    nameless = bool(asks.policy_id) or not asks.policy_version
    violations.require(nameless, "policy_version", asks.policy_version, "say with `policy_id` of which policy")
    if asks.policy is not None:
        _check_given(asks.policy, kept, violations)
        return (asks.policy,) * len(orders)
    if asks.policy_id:
        return _named(asks, orders, kept, violations)
    return _chosen_each(orders, kept)


def _check_given(policy: Policy, kept: Kept, violations: Violations) -> None:
    check_policy(policy, "policy", violations)
    if policy.policy_id or policy.version:
        document = kept.get((policy.policy_id, policy.version))
        same = document is not None and document.policy == policy
        remedy = "is not the kept policy of that name and version; leave both out, or send `policy_id` instead"
        violations.require(same, "policy.policy_id", policy.policy_id, remedy)


def _named(asks: Asks, orders: Sequence[Order], kept: Kept, violations: Violations) -> tuple[Policy, ...]:
    mine = {version: document for (policy_id, version), document in kept.items() if policy_id == asks.policy_id}
    if not mine:
        remedy = unknown(asks.policy_id, {policy_id for policy_id, _ in kept}, "policy", "load it first")
        violations.add("policy_id", asks.policy_id, remedy)
        return ()
    if asks.policy_version and asks.policy_version not in mine:
        listed = ", ".join(str(version) for version in sorted(mine))
        violations.add(
            "policy_version", asks.policy_version, f"there is no such version; {asks.policy_id} has {listed}"
        )
        return ()
    policies = []
    for order in orders:
        document = mine.get(asks.policy_version) or _latest(mine, order)
        if document is None:
            violations.add("policy_id", asks.policy_id, f"has no version for {order.placed_at.date()}; name one")
            break
        if not document.suits(order.currency):
            remedy = f"is for orders in {document.currency}, and this one is in {order.currency}"
            violations.add("policy_id", asks.policy_id, remedy)
            break
        policies.append(document.policy)
    return tuple(policies)


def _latest(mine: Mapping[int, PolicyDocument], order: Order) -> PolicyDocument | None:
    if not is_time(order.placed_at):  # which is refused by itself
        return mine[max(mine)]
    return next(iter(in_force(mine.values(), order.placed_at, order.order_id).values()), None)


def _chosen_each(orders: Sequence[Order], kept: Kept) -> tuple[Policy, ...]:
    """The policy for each, chosen once for all orders that are alike in what the kept policies ask about."""
    if len(orders) == 1:
        return (_chosen(orders[0], kept),)
    has_days = any(one.scope is not None and (one.scope.from_day or one.scope.until_day) for one in kept.values())
    has_shares = any(one.live_permille is not None for one in kept.values())
    known: dict[tuple[object, ...], Policy] = {}
    policies = []
    for order in orders:
        at = order.placed_at if has_days or not is_time(order.placed_at) else None
        alike = order.channel, order.brand, order.customer_tier, order.scene, order.currency
        key = (*alike, at, order.order_id if has_shares else "")
        policy = known.get(key)
        if policy is None:
            policy = known[key] = _chosen(order, kept)
        policies.append(policy)
    return tuple(policies)


def _chosen(order: Order, kept: Kept) -> Policy:
    if not kept or not is_time(order.placed_at):
        return DEFAULT_POLICY
    document = choose(
        kept.values(),
        channel=order.channel,
        brand=order.brand,
        customer_tier=order.customer_tier,
        scene=order.scene,
        currency=order.currency,
        at=order.placed_at,
        order_id=order.order_id,
    )
    return document.policy if document else DEFAULT_POLICY
