"""Country borders: every package that goes to another country than its source's."""

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="cross_border_minor", meaning="price of each package that goes to another country: customs, papers, risk"
)


def _measured(facts: Facts) -> Charge:
    return Charge(package=facts.of_lanes("crosses_border"))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=facts.of_lanes("crosses_border") * price) if price else None


def _recount_packages(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: 1 if parcel.lane.crosses_border else 0)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    return per_package(finished, lambda parcel: price if parcel.lane.crosses_border else 0)


TERM = Term(
    name="cross_border",
    measure="cross_border_packages",
    meaning="packages that go to another country than their source's",
    chinese="跨境",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_packages,
    recount_minor=_recount_minor,
)
