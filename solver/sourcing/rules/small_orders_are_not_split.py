"""An order that is not worth splitting travels in one package, or not at all: no part of it is sent on its own.

An order whose lines state no prices is worth 0; its value counts as not known, and it may be split.
"""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

LIMIT = Setting(name="min_value_to_split_minor", meaning="an order worth less than this is not split; 0: any may be")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    if 0 < facts.problem.value_minor < LIMIT.of(policy):
        return Restriction(most_packages=1, complete=True)
    return None


def _broken(finished: Finished) -> Iterator[str]:
    value_minor = sum(line.quantity * line.unit_price_minor for line in finished.problem.lines)
    limit = LIMIT.of(finished.policy)
    if not value_minor or value_minor >= limit:
        return
    packages, unfilled = len(finished.parcels), finished.plan.unfilled_units
    if packages > 1:
        yield f"{packages} packages for an order worth {value_minor}, split only from {limit} on"
    if packages and unfilled:
        yield f"{unfilled} units are left of an order worth {value_minor}, split only from {limit} on"


RULE = Rule(
    name="small_orders_are_not_split",
    meaning="an order worth less than min_value_to_split_minor travels in one package or not at all",
    chinese="低于金额不拆单",
    settings=(LIMIT,),
    asked_by=(LIMIT,),
    restrict=_restrict,
    broken=_broken,
)
