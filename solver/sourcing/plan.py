"""The answer: packages, what stays unfilled and why, the cost by term, and how good it is proven to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from solver.frozen import quickly_made
from solver.money import format_minor
from solver.sourcing.problem import Stage


class Term(StrEnum):
    """The terms that every plan states, be they 0; the others (`terms`) appear where they cost something."""

    FREIGHT = "freight"
    HANDLING = "handling"
    DISTANCE = "distance"
    LATENESS = "lateness"
    SPLIT = "split"
    UNFILLED = "unfilled"


class Engine(StrEnum):
    """Which method made the plan."""

    EXACT = "exact"
    MIP = "mip"
    BATCH = "batch"
    GREEDY = "greedy"
    NEAREST = "nearest"
    MANUAL = "manual"  # a person decided


class Stop(StrEnum):
    """Why the search ended."""

    OPTIMAL = "optimal"
    TIME_LIMIT = "time_limit"
    HEURISTIC = "heuristic"  # the engine proves nothing
    SOLVER_FAILED = "solver_failed"


class ReasonCode(StrEnum):
    """Why units stay unfilled."""

    NO_STOCK_ANYWHERE = "no_stock_anywhere"
    STOCK_HELD = "stock_held"
    NOT_ENOUGH_STOCK = "not_enough_stock"
    OUT_OF_REACH = "out_of_reach"
    NO_SERVICE_TAKES_IT = "no_service_takes_it"
    SPLIT_LIMIT = "split_limit"
    RULE_FORBIDS = "rule_forbids"
    OUTRANKED = "outranked"
    DEARER_THAN_UNFILLED = "dearer_than_unfilled"
    NOT_PROVEN = "not_proven"
    TAKEN_BY_OTHERS = "taken_by_others"  # other orders of its wave have what it would need


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A cause in a code for programs and in words for people."""

    code: ReasonCode
    text: str
    text_zh: str = ""


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class PackedUnits:
    """So many units of a SKU for one order line."""

    line_id: str
    sku: str
    units: int


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What one source hands to one carrier for one order."""

    source_id: str
    service_id: str
    carrier_id: str
    contents: tuple[PackedUnits, ...]
    weight_grams: int
    volume_mm3: int
    billable_grams: int
    distance_meters: int
    arrives_at: datetime
    late_minutes: int
    crosses_province: bool
    cost_minor: Mapping[str, int]
    via_source_id: str = ""
    offer_id: str = ""
    stage: Stage = Stage.ON_HAND

    @property
    def lane_id(self) -> tuple[str, str, str, str]:
        """The id of the lane that it travels by."""
        return (self.source_id, self.service_id, self.via_source_id, self.offer_id)


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """What becomes of one order line, in units of the line. planned + backordered + unfilled = ordered.

    `planned_units` ship from stock that is there or on its way; `backordered_units` wait for goods still to be made or
    bought.
    """

    line_id: str
    sku: str
    ordered_units: int
    planned_units: int
    unfilled_units: int
    reasons: tuple[Reason, ...] = ()
    backordered_units: int = 0


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerUp:
    """The best plan without the chosen plan's main source. `proven` tells whether it is known to be the best."""

    without_source_id: str
    source_ids: tuple[str, ...]
    total_minor: int
    extra_minor: int
    unfilled_units: int
    proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelValue:
    """What the plan comes to at one priority, and what no plan comes below; all in the measure's own unit.

    `tolerance` is by how much the policy lets the value exceed the least for the sake of later priorities.
    """

    measure: str
    value: int
    bound: int
    tolerance: int = 0


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The answer to one Problem.

    `cost_minor` has every Term and sums to `total_minor`. No plan whatever costs less than `bound_minor`; where strict
    priorities come before money, no plan that is as good in them does. `levels` are the values of those priorities, in
    the policy's sequence, money last. `relaxed_rules` were dropped because the order could not be filled otherwise.
    `excluded` counts the lanes that each rule closed. Without one of `binding_rules`, whichever, a better plan would be
    had; of `may_bind_rules` that is not known. `fallback_reason` tells why the exact engine handed over.
    `notes_zh` are the `notes` in Chinese, one for one. `money_decimals` is how many decimals a minor unit stands for
    (None: the currency's own). `policy_id` and `policy_version` name the kept policy that it was made under; empty and
    0: it has no name.
    """

    order_id: str
    currency: str
    packages: tuple[Package, ...]
    lines: tuple[LineAnswer, ...]
    cost_minor: Mapping[str, int]
    total_minor: int
    bound_minor: int
    engine: Engine
    stop: Stop
    runner_up: RunnerUp | None = None
    why: str = ""
    notes: tuple[str, ...] = ()
    notes_zh: tuple[str, ...] = ()
    levels: tuple[LevelValue, ...] = ()
    relaxed_rules: tuple[str, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    fallback_reason: str = ""
    policy_id: str = ""
    policy_version: int = 0
    binding_rules: tuple[str, ...] = ()
    may_bind_rules: tuple[str, ...] = ()
    why_zh: str = ""
    money_decimals: int | None = None

    @property
    def gap_minor(self) -> int:
        """By how much at most the plan is dearer than the best one."""
        return self.total_minor - self.bound_minor

    def money(self, amount_minor: int) -> str:
        """An amount as people write it, without the currency."""
        return format_minor(amount_minor, self.currency, self.money_decimals)

    @property
    def is_proven(self) -> bool:
        """True when no plan can be better, neither in the priorities nor in money."""
        if self.gap_minor or not self.levels:
            return not self.gap_minor
        return all(level.value <= level.bound + level.tolerance for level in self.levels)

    @property
    def unfilled_units(self) -> int:
        """Ordered units that are not shipped."""
        return sum([line.unfilled_units for line in self.lines])

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The sources that ship, in order of their packages, each once."""
        return tuple(dict.fromkeys([package.source_id for package in self.packages]))
