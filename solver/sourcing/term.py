"""What a cost term is: one file in `terms`, found by its name, used by every engine, the judge and the explanation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from solver.sourcing.charge import Charge
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.setting import Setting, WordsSetting


class Recount(NamedTuple):
    """A term added up again from a finished plan: by package, in the plan's sequence, and for the order as a whole."""

    packages: tuple[int, ...]
    order: int = 0

    @property
    def total(self) -> int:
        """Packages and order together."""
        return sum(self.packages) + self.order


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A decision dimension that costs something.

    `name` is its key in the cost breakdown; `measure` names what is measured, its unit last, and is what a strict
    priority may minimise. `measured` says how the measure falls on what a plan uses, `priced` how much money that is
    under the policy (None: nothing). `recount_measure` and `recount_minor` add the same up from a finished plan; the
    judge calls them, so they share no code with the other two. It passes over a term of which the policy states all
    settings in `asked_by` as 0: such a term costs no plan anything. None named: facts alone may make it cost.
    """

    name: str
    measure: str
    meaning: str
    measured: Callable[[Facts], Charge]
    priced: Callable[[Facts, Policy], Charge | None]
    recount_measure: Callable[[Finished], Recount]
    recount_minor: Callable[[Finished], Recount]
    settings: tuple[Setting, ...] = ()
    words: tuple[WordsSetting, ...] = ()
    chinese: str = ""
    asked_by: tuple[Setting, ...] = ()
