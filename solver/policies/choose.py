"""Which kept policy an order is decided under. The rule stands in docs/policies.md; this is all of it."""

from collections.abc import Iterable
from datetime import datetime

from solver.policies.model import PolicyDocument, Scope


def choose(
    documents: Iterable[PolicyDocument],
    *,
    channel: str,
    brand: str,
    customer_tier: str,
    scene: str,
    currency: str,
    at: datetime,
    order_id: str = "",
) -> PolicyDocument | None:
    """The policy for an order placed at this moment (aware); None: no kept policy is for it.

    Of each policy only the version in force counts. Of those which are for the order the one with most conditions wins;
    of equally many, one with a condition on scene, else customer tier, brand, channel, last day; else the id that comes
    first. The sequence of `documents` never matters; no two have the same id and version.
    """
    order = {"channels": channel, "brands": brand, "customer_tiers": customer_tier, "scenes": scene}
    fitting = [
        document
        for document in in_force(documents, at, order_id).values()
        if document.scope is not None and document.suits(currency) and _is_for(document.scope, order)
    ]
    return min(fitting, key=_place, default=None)


def in_force(documents: Iterable[PolicyDocument], at: datetime, order_id: str = "") -> dict[str, PolicyDocument]:
    """By id, the version of each policy that counts for an order at this moment, out of those that are valid then.

    The highest; or, of a policy that is rolled out, the one for a share of orders that includes this one, else the one
    for all.
    """
    found: dict[str, PolicyDocument] = {}
    for document in documents:
        before = found.get(document.policy_id)
        fits = document.is_valid_at(at) and document.is_live_for(order_id)
        if fits and (before is None or before.rank < document.rank):
            found[document.policy_id] = document
    return found


def _is_for(scope: Scope, order: dict[str, str]) -> bool:
    return all(not (allowed := getattr(scope, name)) or said in allowed for name, said in order.items())


def _place(document: PolicyDocument) -> tuple[int, tuple[bool, ...], str]:
    """Sorts the most specific first. A policy without a last day is no more specific for having a first one."""
    scope = document.scope or Scope()
    lists = (scope.scenes, scope.customer_tiers, scope.brands, scope.channels)
    general = (*(not stated for stated in lists), scope.until_day is None)
    return sum(general), general, document.policy_id
