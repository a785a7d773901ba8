"""Surcharges of the carrier: fuel, remote areas, peak days; each a function of freight and billable weight."""

from solver.network.cards import surcharge_card
from solver.network.model import RateCard
from solver.network.surcharge import Surcharge
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import begun, half_up_of, per_package
from solver.sourcing.term import Recount, Term


def _by_card(facts: Facts) -> Charge:
    known: dict[tuple[RateCard, tuple[Surcharge, ...]], RateCard] = {}
    for lane in facts.lanes:
        terms = (lane.card, lane.surcharges)
        if lane.surcharges and terms not in known:
            known[terms] = surcharge_card(lane.card, lane.surcharges, facts.most_grams)
    return Charge(cards=tuple(known.get((lane.card, lane.surcharges)) for lane in facts.lanes))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    return _by_card(facts) if any(lane.surcharges for lane in facts.lanes) else None


def _recount(finished: Finished) -> Recount:
    return per_package(finished, _surcharges_minor)


def _surcharges_minor(parcel: Parcel) -> int:
    lane = parcel.lane
    if not lane.surcharges:
        return 0
    freight_minor = _freight_minor(lane.card, parcel.package.billable_grams)
    kilograms = begun(parcel.package.billable_grams, 1000)
    return sum(
        surcharge.per_package_minor
        + surcharge.per_kg_minor * kilograms
        + half_up_of(freight_minor * surcharge.freight_basis_points, 10_000)
        for surcharge in lane.surcharges
    )


def _freight_minor(card: RateCard, grams: int) -> int:
    for band in card.bands:
        if band.up_to_grams is None or grams <= band.up_to_grams:
            steps = begun(max(0, grams - band.from_grams), band.step_grams)
            return band.base_minor + steps * band.step_minor
    return 0  # not carried, which the judge reports by itself


TERM = Term(
    name="surcharges",
    measure="surcharge_minor",
    meaning="what the carrier charges beside the freight: fuel, remote areas, peak days",
    chinese="附加费",
    measured=_by_card,
    priced=_priced,
    recount_measure=_recount,
    recount_minor=_recount,
)
