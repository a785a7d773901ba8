"""Lost sales: what the customer would have paid for the units that are not shipped."""

from fractions import Fraction

import numpy as np

from solver.sourcing.amounts import at_price
from solver.sourcing.case import Ints
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.recounting import half_up, nothing, per_order
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

SHARE = Setting(
    name="lost_sales_permille",
    most=1_000_000,
    meaning="share of a unit's price, in thousandths, that an unfilled unit costs; rounds half up per unit",
)


def _prices(facts: Facts) -> Ints:
    return np.array([line.unit_price_minor for line in facts.lines], dtype=np.int64)


def _measured(facts: Facts) -> Charge:
    return Charge(unfilled=_prices(facts))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    share = SHARE.of(policy)
    return Charge(unfilled=at_price(_prices(facts), share, per=1000)) if share else None


def _recount_value(finished: Finished) -> Recount:
    value = {line.line_id: line.unit_price_minor for line in finished.problem.lines}
    return per_order(finished, sum(line.unfilled_units * value[line.line_id] for line in finished.plan.lines))


def _recount_minor(finished: Finished) -> Recount:
    if not finished.plan.unfilled_units:
        return nothing(finished)
    share = Fraction(SHARE.of(finished.policy), 1000)
    lost = {line.line_id: half_up(line.unit_price_minor * share) for line in finished.problem.lines}
    return per_order(finished, sum(line.unfilled_units * lost[line.line_id] for line in finished.plan.lines))


TERM = Term(
    name="lost_sales",
    measure="lost_sales_minor",
    meaning="what the customer would have paid for the units that are not shipped",
    chinese="销售损失",
    settings=(SHARE,),
    asked_by=(SHARE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_value,
    recount_minor=_recount_minor,
)
