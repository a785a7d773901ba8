"""Fair shares: a package from a source that is above its agreed share of orders costs more."""

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
    name="share_excess_minor_per_percent",
    meaning="price of a package for each percentage point of its source's orders above its share; rounds half up",
)
_BASIS_POINTS_PER_PERCENT = 100


def _measured(facts: Facts) -> Charge:
    return Charge(package=facts.at_lanes(facts.of_offers("share_excess_basis_points")))


def _priced(facts: Facts, policy: Policy) -> Charge | None:
    price = PRICE.of(policy)
    if not price:
        return None
    per_offer = at_price(facts.of_offers("share_excess_basis_points"), price, per=_BASIS_POINTS_PER_PERCENT)
    return Charge(package=facts.at_lanes(per_offer))


def _recount_excess(problem: Problem, plan: Plan) -> Recount:
    return per_package(plan, lambda package: offer_of(problem, package).share_excess_basis_points)


def _recount_minor(problem: Problem, plan: Plan) -> Recount:
    price = PRICE.of(problem.policy)
    if not price:
        return nothing(plan)
    return per_package(
        plan, lambda package: half_up(Fraction(offer_of(problem, package).share_excess_basis_points * price, 100))
    )


TERM = Term(
    name="fair_share",
    measure="share_excess_basis_points",
    meaning="by how much the source of every package is above its agreed share of orders",
    chinese="经销商份额",
    settings=(PRICE,),
    measured=_measured,
    priced=_priced,
    recount_measure=_recount_excess,
    recount_minor=_recount_minor,
)
