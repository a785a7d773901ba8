"""Whether plans that were made one by one, each on the whole stock, can all be held."""

from collections import Counter
from collections.abc import Mapping, Sequence

from solver.fulfilment.questions import Question
from solver.sourcing.plan import Plan

Slot = tuple[str, str, str]  # source, offer, SKU


def taken_by(plan: Plan) -> Counter[Slot]:
    """Units that a plan takes of each source's offer."""
    units: Counter[Slot] = Counter()
    for package in plan.packages:
        for packed in package.contents:
            units[package.source_id, package.offer_id, packed.sku] += packed.units
    return units


def contended(questions: Sequence[Question], plans: Sequence[Plan]) -> bool:
    """True where the plans together take more than any of their orders saw, or may do so."""
    wanted: Counter[Slot] = Counter()
    packages: Counter[str] = Counter()
    users: Counter[Slot] = Counter()
    seen: dict[tuple[str, str], int] = {}
    for question, plan in zip(questions, plans, strict=True):
        taken = taken_by(plan)
        wanted.update(taken)
        users.update(taken.keys())
        packages.update(package.service_id for package in plan.packages)
        for source_id, _, sku in taken:
            units = question.available.get(sku, {}).get(source_id, 0)
            seen[source_id, sku] = min(units, seen.get((source_id, sku), units))
    return any(_overrun(slot, units, users, seen) for slot, units in wanted.items()) or any(
        _limited(question, packages) for question in questions[:1]
    )


def _overrun(slot: Slot, units: int, users: Mapping[Slot, int], seen: Mapping[tuple[str, str], int]) -> bool:
    """What is not there yet is not counted here: two orders that want it are taken to contend."""
    source_id, offer_id, sku = slot
    return users[slot] > 1 if offer_id else units > seen[source_id, sku]


def _limited(question: Question, packages: Mapping[str, int]) -> bool:
    network = question.network
    services = (network.services[service_id] for service_id, count in packages.items() if count > 1)
    return any(service.daily_packages or service.daily_grams for service in services)
