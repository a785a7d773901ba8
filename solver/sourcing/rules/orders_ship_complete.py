"""An order that must ship complete ships whole or not at all."""

from collections.abc import Iterator

from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.rule import Restriction, Rule
from solver.sourcing.setting import Setting

ALL_ORDERS = Setting(name="ship_complete", most=1, meaning="1: every order ships whole or not at all")


def _restrict(facts: Facts, policy: Policy) -> Restriction | None:
    return Restriction(complete=True) if facts.problem.ships_complete or ALL_ORDERS.of(policy) else None


def _broken(finished: Finished) -> Iterator[str]:
    if not (finished.problem.ships_complete or ALL_ORDERS.of(finished.policy)):
        return
    unfilled = finished.plan.unfilled_units
    if finished.parcels and unfilled:
        yield f"the order ships complete or not at all, {unfilled} units are left"


RULE = Rule(
    name="orders_ship_complete",
    meaning="an order that says so, or with ship_complete any, ships whole or not at all",
    chinese="整单发货",
    settings=(ALL_ORDERS,),
    restrict=_restrict,
    broken=_broken,
)
