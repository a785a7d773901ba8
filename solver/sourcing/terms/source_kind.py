"""Kinds of sources: stores first, or warehouses first, as the policy prefers."""

import numpy as np

from solver.network.model import SourceKind
from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_package
from solver.sourcing.setting import Setting, WordsSetting
from solver.sourcing.term import Recount, Term

PRICE = Setting(name="unpreferred_kind_minor", meaning="price of each package from a source of no preferred kind")
KINDS = WordsSetting(
    name="preferred_kinds",
    meaning="the kinds of source that are preferred; none named: all are alike",
    choices=tuple(kind.value for kind in SourceKind),
)


def _unpreferred(facts: Facts, policy: Policy) -> Ints:
    kinds = KINDS.of(policy)
    per_offer = [bool(kinds) and offer.kind not in kinds for offer in facts.offers]
    return facts.at_lanes(np.array(per_offer, dtype=np.int64))


def _measured(facts: Facts) -> Charge:
    return Charge(package=_unpreferred(facts, facts.problem.policy))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=_unpreferred(facts, policy) * price) if price and KINDS.of(policy) else None


def _is_unpreferred(finished: Finished, parcel: Parcel) -> bool:
    kinds = set(KINDS.of(finished.policy))
    return len(kinds) > 0 and str(parcel.offer.kind) not in kinds


def _recount_packages(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: 1 if _is_unpreferred(finished, parcel) else 0)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    return per_package(finished, lambda parcel: price if _is_unpreferred(finished, parcel) else 0)


TERM = Term(
    name="source_kind",
    measure="unpreferred_packages",
    meaning="packages from sources of no preferred kind",
    chinese="货源类型偏好",
    settings=(PRICE,),
    words=(KINDS,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_packages,
    recount_minor=_recount_minor,
)
