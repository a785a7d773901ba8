"""Reserve: every unit that a dealer would rather have kept for a trade of its own."""

from solver.sourcing.amounts import Portions, rising
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer
from solver.sourcing.recounting import in_turn, nothing
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(name="reserve_minor_per_unit", meaning="price of each unit taken out of a dealer's reserve")


def _below(facts: Facts, price: int) -> Charge:
    def portions(offer: Offer, sku: str) -> Portions:
        yield offer.available[sku] - offer.reserve.get(sku, 0), 0
        yield offer.available[sku], price

    return rising(facts, portions)


def _measured(facts: Facts) -> Charge:
    return _below(facts, 1)


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return _below(facts, price) if price else None


def _recount(finished: Finished, price: int) -> Recount:
    def amounts(offer: Offer, sku: str, units: int) -> list[int]:
        left = [offer.available[sku] - taken for taken in range(units)]
        return [price if here <= offer.reserve.get(sku, 0) else 0 for here in left]

    return in_turn(finished, amounts)


def _recount_units(finished: Finished) -> Recount:
    return _recount(finished, 1)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    return _recount(finished, price) if price else nothing(finished)


TERM = Term(
    name="reserve",
    measure="reserve_units",
    meaning="units taken out of what dealers would rather keep for a trade of their own",
    chinese="经销商自留",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_units,
    recount_minor=_recount_minor,
)
