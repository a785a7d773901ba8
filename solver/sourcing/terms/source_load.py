"""Load of the source: a package from a source that has much to do already costs more than one from an idle one."""

from fractions import Fraction

from solver.sourcing.amounts import at_price
from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.recounting import half_up, nothing, offer_of, per_package
from solver.sourcing.setting import Setting
from solver.sourcing.term import Recount, Term

PRICE = Setting(
    name="load_minor_per_percent",
    meaning="price of a package for each percent of the day's work that its source already has; rounds half up",
)
_BASIS_POINTS_PER_PERCENT = 100


def _measured(facts: Facts) -> Charge:
    return Charge(package=facts.at_lanes(facts.of_offers("load_basis_points")))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    if not price:
        return None
    per_offer = at_price(facts.of_offers("load_basis_points"), price, per=_BASIS_POINTS_PER_PERCENT)
    return Charge(package=facts.at_lanes(per_offer))


def _recount_load(problem: Problem, plan: Plan) -> Recount:
    return per_package(plan, lambda package: offer_of(problem, package).load_basis_points)


def _recount_minor(problem: Problem, plan: Plan) -> Recount:
    price = PRICE.of(problem.policy)
    if not price:
        return nothing(plan)
    return per_package(
        plan, lambda package: half_up(Fraction(offer_of(problem, package).load_basis_points * price, 100))
    )


TERM = Term(
    name="source_load",
    measure="load_basis_points",
    meaning="how much of its day's work the source of every package already has",
    chinese="负荷均衡",
    settings=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_load,
    recount_minor=_recount_minor,
)
