"""The answer to a wave: a plan for each order, its cost and bound, and what scarce things are worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from solver.sourcing.plan import Engine, LevelValue, Plan, Stop
from solver.waves.wave import QuotaBasis


class WaveTerm(StrEnum):
    """What a wave costs: its orders' plans, and what is no single order's."""

    ORDERS = "orders"  # the totals of the plans
    OPENING = "opening"  # sources that ship anything
    OVER_CAPACITY = "over_capacity"  # orders, units, minutes, packages beyond a limit that has a price
    QUOTA = "quota"  # orders or value that a source is given too little or too much
    PRIORITY = "priority"  # unfilled units of orders that have priority


class ResourceKind(StrEnum):
    """What orders compete for."""

    STOCK = "stock"  # units of a SKU in a source's offer
    SOURCE_ORDERS = "source_orders"
    SOURCE_UNITS = "source_units"
    SOURCE_MINUTES = "source_minutes"
    SOURCE_VALUE = "source_value"  # in steps of VALUE_STEP_MINOR
    PACKAGES = "packages"  # of a service, or of it from one source, or on one day


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that there is only so much of. What does not concern its kind is empty."""

    kind: ResourceKind
    source_id: str = ""
    offer_id: str = ""
    sku: str = ""
    service_id: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowPrice:
    """What one more unit of a resource is worth at the bound, in thousandths of a minor unit.

    Below 0: one unit less of a quota's least would be worth so much. `capacity` None: only a least is asked.
    """

    resource: Resource
    price_thousandths: int
    used: int
    capacity: int | None
    least: int = 0
    text: str = ""
    text_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPrice:
    """What being shipped is worth to an order at the bound, in thousandths of a minor unit."""

    order_id: str
    price_thousandths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """What proves the bound of a wave whose orders each ship as a whole from one source: prices of the orders.

    `resources` are limits, one of a source at most, into which whole orders are packed at these prices.
    """

    order_prices: tuple[OrderPrice, ...]
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePrice:
    """What one more unit of a resource is worth in some plans, in thousandths of a minor unit."""

    resource: Resource
    price_thousandths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAtSource:
    """An order and a source."""

    order_id: str
    source_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Some plans of a small wave, and prices that prove what they cost at least.

    They are those that pay for opening the sources `opened`, ship nothing from those `closed`, something from each
    source of `served` in its order, and nothing from those of `unserved` in theirs.
    """

    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    served: tuple[OrderAtSource, ...] = ()
    unserved: tuple[OrderAtSource, ...] = ()
    prices: tuple[ResourcePrice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaAnswer:
    """What became of a quota: what the source is given, what was agreed, what a deviation costs, and its price."""

    source_id: str
    basis: QuotaBasis
    given: int
    least: int
    most: int
    cost_minor: int
    price_thousandths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Orders of one recipient that are shipped as one (合单). `plan` is that of the orders as one.

    Each order's own plan has its share of every package's contents and cost; `alone_minor` is what the orders come to
    when each is shipped by itself, `saving_minor` what is saved. Lines of `plan` are `order_id/line_id`.
    """

    merge_key: str
    order_ids: tuple[str, ...]
    plan: Plan
    alone_minor: int
    saving_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """An order that the wave's engine could not take in, and why; it was decided on what the others left.

    `floor_minor` is what it costs at least whatever the others do.
    """

    order_id: str
    reason: str
    floor_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An order that is no sound question, and what is wrong with it; the rest was planned."""

    order_id: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCost:
    """What deciding a wave in parts cost at most, and what of that was recovered.

    Each part is within its own gap of its own bound, all together within `own_gap_minor`: so much would not be proven
    of an undivided wave either. By what the plans side by side were farther than that from the bound of the undivided
    wave, the split cost at most: `most_minor`. Then orders looked at what other parts left, which saved
    `recovered_minor`.
    """

    parts: int
    largest_orders: int  # orders of the largest part
    is_lossless: bool  # the parts share nothing scarce; the split cost nothing
    most_minor: int
    recovered_minor: int
    own_gap_minor: int
    undecided_orders: int = 0  # of parts that did not answer in time; they were planned on what the others left


@dataclass(frozen=True, slots=True, kw_only=True)
class WavePlan:
    """The answer to a Wave.

    `plans` stand in the sequence of the wave's orders, without those that were refused. `cost_minor` has every WaveTerm
    and sums to `total_minor`; no plan of the wave costs less than `bound_minor`, which `prices` prove, or `packing`
    or `branches` where they are given. `opened` are the sources with an opening cost that ship. `levels` are the values
    of strict priorities, money last; empty: there is only money. With them prices are of the one cost that all levels
    make, in which one of each level counts its `level_weights`; one of money counts 1.
    """

    currency: str
    plans: tuple[Plan, ...]
    cost_minor: Mapping[str, int]
    total_minor: int
    bound_minor: int
    seconds: float
    engine: Engine
    stop: Stop
    levels: tuple[LevelValue, ...] = ()
    level_weights: tuple[int, ...] = ()
    prices: tuple[ShadowPrice, ...] = ()
    opened: tuple[str, ...] = ()
    quotas: tuple[QuotaAnswer, ...] = ()
    merges: tuple[Merge, ...] = ()
    outside: tuple[Outside, ...] = ()
    refused: tuple[Refused, ...] = ()
    money_decimals: int | None = None
    split: SplitCost | None = None  # None: it was decided as a whole
    packing: Packing | None = None  # None: `prices` prove the bound, or `branches` do
    branches: tuple[Branch, ...] = ()  # every plan is in one of them; the least that is proven of them is the bound

    @property
    def gap_minor(self) -> int:
        """By how much at most the wave is dearer than the best plan of it."""
        return self.total_minor - self.bound_minor

    @property
    def unfilled_units(self) -> int:
        """Ordered units that are not shipped."""
        return sum(plan.unfilled_units for plan in self.plans)
