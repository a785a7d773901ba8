"""Age of stock (先到期先出): a unit that keeps for long is dearer to take than one that soon expires.

The lots of an offer that keep for as long as the policy asks are taken by their expiry, the earliest first. All other
units count as fresh as the freshest lot of the SKU in the whole order, so that they are never taken for old ones.
"""

from collections.abc import Sequence

from solver.sourcing.amounts import Portions, rising
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer
from solver.sourcing.recounting import in_turn, nothing
from solver.sourcing.rules.stock_keeps_long_enough import LIMIT as SHELF_LIFE
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="fresh_minor_per_day", meaning="price of each unit for each day that it could still have been kept"
)


def _by_age(facts: Facts, price: int) -> Charge:
    least_days = SHELF_LIFE.of(facts.problem.policy)
    freshest = dict.fromkeys(facts.skus, 0)
    for offer in facts.offers:
        for sku, lots in offer.lots.items():
            freshest[sku] = max([freshest.get(sku, 0), *(lot.days_to_expiry for lot in lots)])

    def portions(offer: Offer, sku: str) -> Portions:
        for lot in sorted(offer.lots.get(sku, ()), key=lambda lot: lot.days_to_expiry):
            if lot.days_to_expiry >= least_days:
                yield lot.units, lot.days_to_expiry * price
        yield offer.available[sku], freshest[sku] * price

    return rising(facts, portions)


def _measured(facts: Facts) -> Charge:
    return _by_age(facts, 1)


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return _by_age(facts, price) if price else None


def _recount(finished: Finished, price: int) -> Recount:
    least_days = SHELF_LIFE.of(finished.policy)

    def amounts(offer: Offer, sku: str, units: int) -> Sequence[int]:
        known = sorted(lot.days_to_expiry for lot in offer.lots.get(sku, ()) for _ in range(min(units, lot.units)))
        kept = [days for days in known if days >= least_days]
        everywhere = [lot.days_to_expiry for one in finished.problem.offers for lot in one.lots.get(sku, ())]
        freshest = max([0, *everywhere])
        return [days * price for days in [*kept, *[freshest] * units][:units]]

    return in_turn(finished, amounts)


def _recount_days(finished: Finished) -> Recount:
    return _recount(finished, 1)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    return _recount(finished, price) if price else nothing(finished)


TERM = Term(
    name="stock_age",
    measure="remaining_life_days",
    meaning="for how many days the units taken could still have been kept; what expires first is taken first",
    chinese="效期（先到期先出）",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_days,
    recount_minor=_recount_minor,
)
