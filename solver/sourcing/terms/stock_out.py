"""Risk of running out: every unit that is taken out of an offer's safety stock.

An offer may say itself what such a unit is likely to cost; for the others the policy says it.
"""

from collections.abc import Sequence

from solver.sourcing.amounts import Portions, rising
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer
from solver.sourcing.recounting import in_turn, nothing
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="stock_out_minor_per_unit",
    meaning="price of each unit taken out of the safety stock, where the offer states none of its own",
)


def _measured(facts: Facts) -> Charge:
    def portions(offer: Offer, sku: str) -> Portions:
        yield offer.available[sku] - offer.safety.get(sku, 0), 0
        yield offer.available[sku], 1

    return rising(facts, portions)


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)

    def portions(offer: Offer, sku: str) -> Portions:
        yield offer.available[sku] - offer.safety.get(sku, 0), 0
        yield offer.available[sku], offer.stock_out_minor.get(sku, price)

    stated = any(offer.stock_out_minor for offer in facts.offers)
    return rising(facts, portions) if price or stated else None


def _below(offer: Offer, sku: str, units: int) -> list[bool]:
    """Of each unit in turn, whether it is one of the safety stock."""
    return [offer.available[sku] - taken <= offer.safety.get(sku, 0) for taken in range(units)]


def _recount_units(finished: Finished) -> Recount:
    return in_turn(finished, lambda offer, sku, units: [int(below) for below in _below(offer, sku, units)])


def _recount_minor(finished: Finished) -> Recount:
    if not any(offer.safety for offer in finished.offers):
        return nothing(finished)

    def amounts(offer: Offer, sku: str, units: int) -> Sequence[int]:
        price = offer.stock_out_minor[sku] if sku in offer.stock_out_minor else PRICE.of(finished.policy)
        return [price if below else 0 for below in _below(offer, sku, units)]

    return in_turn(finished, amounts)


TERM = Term(
    name="stock_out",
    measure="below_safety_units",
    meaning="units taken out of the safety stock",
    chinese="断货风险",
    settings=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_units,
    recount_minor=_recount_minor,
)
