"""Transit: how long every package is on the carrier's way."""

from fractions import Fraction

from solver.sourcing.amounts import at_price
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import half_up, lane_of, nothing, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="transit_minor_per_day",
    meaning="price of each 24 hours that a package is on the carrier's way; rounds half up",
)
_MINUTES_PER_DAY = 1440


def _measured(facts: Facts) -> Charge:
    return Charge(package=facts.of_lanes("transit_minutes"))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    return Charge(package=at_price(facts.of_lanes("transit_minutes"), price, per=_MINUTES_PER_DAY)) if price else None


def _recount_minutes(problem: Problem, plan: Plan) -> Recount:
    return per_package(plan, lambda package: lane_of(problem, package).transit_minutes)


def _recount_minor(problem: Problem, plan: Plan) -> Recount:
    price = PRICE.of(problem.policy)
    if not price:
        return nothing(plan)
    return per_package(
        plan, lambda package: half_up(Fraction(lane_of(problem, package).transit_minutes * price, 24 * 60))
    )


TERM = Term(
    name="transit",
    measure="transit_minutes",
    meaning="how long every package is on its way from hand-over to the door, as the tariff states it",
    chinese="在途时间",
    settings=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_minutes,
    recount_minor=_recount_minor,
)
