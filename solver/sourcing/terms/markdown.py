"""Markdown: shipping stock that loses value by being kept saves that loss; shipping other stock misses the saving.

A unit misses what the SKU's lot with the highest markdown in the whole order would have saved, less what its own lot
saves: never less than nothing. Only lots that keep for as long as the policy asks count. Those of an offer are taken by
their markdown, the highest first; units of no such lot save nothing and are taken last.
"""

from collections.abc import Sequence
from fractions import Fraction

from solver.sourcing.amounts import Portions, rising
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Lot, Offer
from solver.sourcing.recounting import half_up, in_turn, nothing
from solver.sourcing.rules.stock_keeps_long_enough import LIMIT as SHELF_LIFE
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term
from solver.units import round_half_up_div

SHARE = Setting(
    name="missed_markdown_permille",
    most=1_000_000,
    meaning="share of the missed saving, in thousandths, that counts as a cost; 1000: all; rounds half up per unit",
)


def _missed(facts: Facts, permille: int) -> Charge:
    highest = dict.fromkeys(facts.skus, 0)
    for offer in facts.offers:
        for sku in facts.skus:
            highest[sku] = max([highest[sku], *(lot.markdown_minor for lot in _shippable(facts, offer, sku))])

    def portions(offer: Offer, sku: str) -> Portions:
        for lot in sorted(_shippable(facts, offer, sku), key=lambda lot: -lot.markdown_minor):
            yield lot.units, round_half_up_div((highest[sku] - lot.markdown_minor) * permille, 1000)
        yield offer.available[sku], round_half_up_div(highest[sku] * permille, 1000)

    return rising(facts, portions)


def _shippable(facts: Facts, offer: Offer, sku: str) -> list[Lot]:
    least_days = SHELF_LIFE.of(facts.problem.policy)
    return [lot for lot in offer.lots.get(sku, ()) if lot.units and lot.days_to_expiry >= least_days]


def _measured(facts: Facts) -> Charge:
    return _missed(facts, 1000)


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    share = SHARE.of(policy)
    return _missed(facts, share) if share else None


def _recount(finished: Finished, share: Fraction) -> Recount:
    least_days = SHELF_LIFE.of(finished.policy)

    def savings(offer: Offer, sku: str, units: int) -> list[int]:
        lots = [lot for lot in offer.lots.get(sku, ()) if not lot.days_to_expiry < least_days]
        saved = [lot.markdown_minor for lot in lots for _ in range(min(units, lot.units))]
        return sorted([*saved, *[0] * units], reverse=True)[:units]

    def amounts(offer: Offer, sku: str, units: int) -> Sequence[int]:
        best = max(savings(one, sku, 1)[0] for one in finished.problem.offers)
        return [half_up(share * (best - saving)) for saving in savings(offer, sku, units)]

    return in_turn(finished, amounts)


def _recount_missed(finished: Finished) -> Recount:
    return _recount(finished, Fraction(1))


def _recount_minor(finished: Finished) -> Recount:
    share = SHARE.of(finished.policy)
    return _recount(finished, Fraction(share, 1000)) if share else nothing(finished)


TERM = Term(
    name="markdown",
    measure="missed_markdown_minor",
    meaning="the loss of value that would have been saved by shipping the order's most perishable stock instead",
    chinese="临期清货",
    settings=(SHARE,),
    asked_by=(SHARE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_missed,
    recount_minor=_recount_minor,
)
