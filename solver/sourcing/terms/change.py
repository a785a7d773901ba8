"""Change: packages that leave a standing plan's source or service. So a new plan alters only what is worth it."""

import numpy as np

from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished, Parcel
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="change_minor_per_package",
    meaning="price of each package from another source or by another service than the plan that stands",
)


def _changed(facts: Facts) -> Ints:
    standing = facts.problem.standing
    return np.array(
        [bool(standing) and (lane.source_id, lane.service_id) not in standing for lane in facts.lanes], dtype=np.int64
    )


def _measured(facts: Facts) -> Charge:
    return Charge(package=_changed(facts))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=_changed(facts) * price) if price and facts.problem.standing else None


def _is_changed(finished: Finished, parcel: Parcel) -> bool:
    before = {f"{source_id}\n{service_id}" for source_id, service_id in finished.problem.standing}
    return len(before) > 0 and f"{parcel.source_id}\n{parcel.service_id}" not in before


def _recount_packages(finished: Finished) -> Recount:
    return per_package(finished, lambda parcel: 1 if _is_changed(finished, parcel) else 0)


def _recount_minor(finished: Finished) -> Recount:
    price = PRICE.of(finished.policy)
    return per_package(finished, lambda parcel: price if _is_changed(finished, parcel) else 0)


TERM = Term(
    name="change",
    measure="changed_packages",
    meaning="packages from another source or by another service than the plan that stands",
    chinese="改派",
    settings=(PRICE,),
    asked_by=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_packages,
    recount_minor=_recount_minor,
)
