"""Whether plans that were made one by one, each on the whole stock, can all be held."""

from collections import Counter
from collections.abc import Sequence

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


def overrun(slot: Slot, takers: Sequence[tuple[Question, Plan]]) -> bool:
    """True where these plans, all of which take of the slot, take more than any of their orders saw.

    What is not there yet is not counted here: two orders that want it are taken to contend.
    """
    source_id, offer_id, sku = slot
    if offer_id:
        return len(takers) > 1
    seen = min(question.available.get(sku, {}).get(source_id, 0) for question, _ in takers)
    return sum(taken_by(plan)[slot] for _, plan in takers) > seen


def contended(questions: Sequence[Question], plans: Sequence[Plan]) -> bool:
    """True where the plans together take more than any of their orders saw, or may do so."""
    takers: dict[Slot, list[tuple[Question, Plan]]] = {}
    packages: Counter[str] = Counter()
    for question, plan in zip(questions, plans, strict=True):
        packages.update(package.service_id for package in plan.packages)
        for slot in taken_by(plan):
            takers.setdefault(slot, []).append((question, plan))
    network = questions[0].network
    limited = {
        service_id
        for service_id, count in packages.items()
        if count > 1 and (network.services[service_id].daily_packages or network.services[service_id].daily_grams)
    }
    return bool(limited) or any(overrun(slot, of) for slot, of in takers.items())
