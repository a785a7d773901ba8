"""What an offer asks of its data."""

from collections.abc import Mapping

from solver.catalog.combinations.flat import Goods
from solver.catalog.combinations.model import Combination, Measure, Offer, Step
from solver.catalog.combinations.pricing import PERMILLE
from solver.errors import Violations
from solver.validation import MOST_MINOR, MOST_UNITS, check_between, check_id, check_unique, check_words, unknown

MOST_STEPS = 20
MOST_ITEMS = 1_000


def check_offer(
    offer: Offer, known: Mapping[str, Combination], goods: Goods, path: str, violations: Violations
) -> None:
    """What it is about, whom it is for, and steps each of which gives something."""
    _check_items(offer, known, goods, f"{path}.item_ids", violations)
    check_words(offer.customer_tiers, f"{path}.customer_tiers", violations)
    if offer.group:
        check_id(offer.group, f"{path}.group", violations)
    check_between(offer.most_times, 0, MOST_UNITS, f"{path}.most_times", violations)
    once = offer.repeats or not offer.most_times
    violations.require(once, f"{path}.most_times", offer.most_times, "it is given once; say repeats, or leave it out")
    several = 1 <= len(offer.steps) <= MOST_STEPS
    violations.require(several, f"{path}.steps", f"{len(offer.steps)} steps", f"give 1 to {MOST_STEPS}")
    check_unique([str(step.least) for step in offer.steps], f"{path}.steps", violations)
    for at, step in enumerate(offer.steps):
        _check_step(step, offer.measure, f"{path}.steps[{at}]", violations)


def _check_items(
    offer: Offer, known: Mapping[str, Combination], goods: Goods, path: str, violations: Violations
) -> None:
    named = bool(offer.item_ids) or offer.measure is not Measure.SETS
    violations.require(named, path, "none", "name the items of a set")
    violations.require(len(offer.item_ids) <= MOST_ITEMS, path, f"{len(offer.item_ids)} items", f"name {MOST_ITEMS:,}")
    check_unique(offer.item_ids, path, violations)
    for at, item_id in enumerate(offer.item_ids):
        there = item_id in goods or (item_id in known and known[item_id].goods is not None)
        otherwise = "name a material, a sales item or a combination that is sold"
        remedy = unknown(item_id, list(known), "item", otherwise) if not there else ""
        violations.require(there, f"{path}[{at}]", item_id, remedy)


def _check_step(step: Step, measure: Measure, path: str, violations: Violations) -> None:
    check_between(step.least, 1, MOST_MINOR, f"{path}.least", violations)
    check_between(step.off_minor, 0, MOST_MINOR, f"{path}.off_minor", violations)
    check_between(step.keep_permille, 0, PERMILLE, f"{path}.keep_permille", violations)
    check_between(step.free_units, 0, max(0, step.least), f"{path}.free_units", violations)
    if step.price_minor is not None:
        check_between(step.price_minor, 0, MOST_MINOR, f"{path}.price_minor", violations)
    if measure is not Measure.UNITS:
        remedy = "only an offer that counts units gives this; measure units, or leave it out"
        violations.require(not step.free_units, f"{path}.free_units", step.free_units, remedy)
        violations.require(step.price_minor is None, f"{path}.price_minor", step.price_minor, remedy)
    gives = (step.off_minor, step.keep_permille != PERMILLE, step.free_units, step.price_minor is not None, step.goods)
    violations.require(any(one for one in gives), path, "nothing", "say what the step takes off or gives")
