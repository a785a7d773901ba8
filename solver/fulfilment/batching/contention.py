"""Whether plans that were made one by one, each on the whole stock, can all be held."""

from collections import Counter
from collections.abc import Mapping, Sequence

from solver.fulfilment.questions import Question
from solver.network.model import Service
from solver.sourcing.plan import Plan
from solver.sourcing.snapshot.decision import Decision

_NOWHERE: Mapping[str, int] = {}
Slot = tuple[str, str, str]  # source, offer, SKU


def taken_by(plan: Plan) -> dict[Slot, int]:
    """Units that a plan takes of each source's offer."""
    units: dict[Slot, int] = {}
    for package in plan.packages:
        for packed in package.contents:
            slot = (package.source_id, package.offer_id, packed.sku)
            units[slot] = units.get(slot, 0) + packed.units
    return units


def overrun(slot: Slot, takers: Sequence[tuple[Question, int]]) -> bool:
    """True where so many units, each taken of the slot for a question, are more than any of the questions saw.

    What is not there yet is not counted here: two orders that want it are taken to contend.
    """
    source_id, offer_id, sku = slot
    if offer_id:
        return len(takers) > 1
    taken, least, last = 0, None, None
    for question, units in takers:
        taken += units
        of = question.available.get(sku, _NOWHERE)
        if of is not last:  # mostly all see one and the same
            last, there = of, of.get(source_id, 0)
            least = there if least is None else min(least, there)
    return least is not None and taken > least


def contended(questions: Sequence[Question], plans: Sequence[Plan]) -> bool:
    """True where the plans together take more than any of their orders saw, or may do so."""
    packages = Counter(package.service_id for plan in plans for package in plan.packages)
    return _contended(questions, packages, [taken_by(plan) for plan in plans])


def decisions_contend(questions: Sequence[Question], decisions: Sequence[Decision]) -> bool:
    """The same of what was decided on each question alone, before there are plans."""
    packages = Counter(chosen.service_id for one in decisions for chosen in one.packages)
    taken: list[dict[Slot, int]] = []
    for one in decisions:
        units: dict[Slot, int] = {}
        for chosen in one.packages:
            for sku, count in chosen.units.items():
                slot = (chosen.source_id, "", sku)
                units[slot] = units.get(slot, 0) + count
        taken.append(units)
    return _contended(questions, packages, taken)


def _contended(questions: Sequence[Question], packages: Mapping[str, int], taken: Sequence[Mapping[Slot, int]]) -> bool:
    network = questions[0].network
    if any(count > 1 and _is_limited(network.services[service_id]) for service_id, count in packages.items()):
        return True
    takers: dict[Slot, list[tuple[Question, int]]] = {}
    for question, units in zip(questions, taken, strict=True):
        for slot, count in units.items():
            takers.setdefault(slot, []).append((question, count))
    return any(len(of) > 1 and overrun(slot, of) for slot, of in takers.items())


def _is_limited(service: Service) -> bool:
    return bool(service.daily_packages or service.daily_grams)
