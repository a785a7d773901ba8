"""The question of a wave: orders, each with its own problem, and what they share. A frozen value, everything in it.

Every order's Problem sees the whole stock and all that is left of every limit, as if it were alone. What the wave adds
is that the orders compete: together they take no more of an offer's units than it has, no more of a source's orders,
units and minutes than it has left (`Offer.orders_left` ...), no more packages than a service has left
(`Lane.packages_left`). Where orders say different things of the same offer, source or service, the least holds.
`WaveTerms` state what no single order could: costs of opening, limits that may be exceeded at a price, quotas,
priorities, who may share a package.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from solver.sourcing.problem import Problem

VALUE_STEP_MINOR = 100  # value counts in whole hundreds of minor units, rounded down for each unit of a SKU


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTerms:
    """What a source costs and takes in one wave.

    `opening_cost_minor` is paid once where it ships anything in the wave. It takes at most `most_orders` orders,
    `most_units` units and `most_minutes` minutes of handling (None: no limit but what its offers say); each one beyond
    costs `over_order_minor` and so on (None: the limit is strict).
    """

    source_id: str
    opening_cost_minor: int = 0
    most_orders: int | None = None
    most_units: int | None = None
    most_minutes: int | None = None
    over_order_minor: int | None = None
    over_unit_minor: int | None = None
    over_minute_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierCapacity:
    """How many packages of the wave a service takes, or takes from one source, or on one day.

    `day` is that of the hand-over in UTC (None: any day; packages of lanes that do not say when count on no day). Each
    package beyond costs `over_package_minor` (None: the limit is strict). A package counts on one capacity at most.
    """

    service_id: str
    most_packages: int
    source_id: str = ""  # empty: from all sources
    day: date | None = None
    over_package_minor: int | None = None


class QuotaBasis(StrEnum):
    """What a quota is a share of."""

    ORDERS = "orders"  # orders to which the source ships anything, of all orders of the wave
    VALUE = "value"  # value of the goods that it ships, of the value of all goods ordered; in steps of VALUE_STEP_MINOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """A source's agreed share of the wave, in basis points (10,000 is all of it).

    Every order, or every 1.00 of value, that it is given too little costs `short_minor`; each too much costs
    `over_minor` (None: the source is given no more). Shares are rounded: the least up, the most down.
    """

    source_id: str
    basis: QuotaBasis = QuotaBasis.ORDERS
    least_basis_points: int = 0
    most_basis_points: int = 10_000
    short_minor: int = 0
    over_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTerms:
    """What an order is to the wave.

    `priority_minor` is what each of its units that stays unfilled costs the wave beyond the order's own policy: the
    more, the sooner it is served. Orders of one `merge_key` go to one recipient, and may share packages (合单).
    """

    order_id: str
    priority_minor: int = 0
    merge_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkMinutes:
    """How many minutes of its handling a source needs for an order, whatever it ships for it; else by its own norm."""

    order_id: str
    source_id: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveTerms:
    """What no single order states. What is not named has no cost, no limit and no claim of its own."""

    sources: tuple[SourceTerms, ...] = ()
    carriers: tuple[CarrierCapacity, ...] = ()
    quotas: tuple[Quota, ...] = ()
    orders: tuple[OrderTerms, ...] = ()
    work: tuple[WorkMinutes, ...] = ()


NO_TERMS = WaveTerms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Orders of one currency, with ids of their own, to be decided together."""

    orders: tuple[Problem, ...]
    terms: WaveTerms = NO_TERMS
