"""What a rule is: one file in `rules`, found by its name; it forbids, and checks that a finished plan obeys."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from solver.sourcing.case import Flags, Ints
from solver.sourcing.facts import Facts
from solver.sourcing.finished import Finished
from solver.sourcing.policy import Policy
from solver.sourcing.setting import Setting, WordsSetting


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Restriction:
    """What a rule forbids, in arrays; shapes' letters as in `case`. What is left out is not restricted."""

    closed_lanes: Flags | None = None  # [L], True: no package may use it
    closed_parts: Flags | None = None  # [L, D], True: no package of the lane may hold the part
    stock: Ints | None = None  # [N, D], at most so many units of what the offer has
    package_most_grams: Ints | None = None  # [L]
    package_most_mm3: Ints | None = None  # [L]
    package_most_units: Ints | None = None  # [L]
    most_packages: int | None = None
    most_sources: int | None = None
    complete: bool = False
    complete_lines: Flags | None = None  # [K]
    together: Flags | None = None  # [K]
    apart: Flags | None = None  # [D, D], symmetric
    source_most_units: Ints | None = None  # [S]
    source_most_minutes: Ints | None = None  # [S]
    service_most_packages: Ints | None = None  # [V]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A decision dimension that allows or forbids.

    `name` is a sentence that is true of every plan that obeys it; it names the constraint family, the reason given to a
    caller, and the entry in the counts of exclusions. `restrict` says what it forbids under the policy (None: nothing),
    `broken` lists in words what a finished plan breaks, without the help of `restrict`. The judge passes over a rule of
    which the policy states everything in `asked_by` as 0 or empty: such a rule no plan breaks. None named: facts alone
    may make it forbid. Only a rule that closes lanes may be made soft.
    """

    name: str
    meaning: str
    restrict: Callable[[Facts, Policy], Restriction | None]
    broken: Callable[[Finished], Iterable[str]]
    settings: tuple[Setting, ...] = ()
    words: tuple[WordsSetting, ...] = ()
    chinese: str = ""
    may_be_soft: bool = False
    asked_by: tuple[Setting | WordsSetting, ...] = ()
