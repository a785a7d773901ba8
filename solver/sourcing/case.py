"""The case: a Problem after every term and every rule has had its say, in arrays. What an engine needs, and no more.

Letters in shapes: P priority levels, D parts (the distinct SKUs that the order is made of), K order lines, S sources,
N offers (a source may make several: what lies there, what is on its way), L lanes, T tariffs, V services.
Money and every other cost is int64 and never negative.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.network.model import RateCard
from solver.network.volumetric import Volumetric, volumetric

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What the weight of a package costs, at each level; None at a level where it costs nothing.

    The billable weight is max(actual, what the volume weighs by the divisor, minimum), see `network.volumetric`.
    Every card has the same end and the same closed bands.
    """

    cards: tuple[RateCard | None, ...]
    volumetric_divisor_cm3_per_kg: int = 0
    volumetric_divisor_in3_per_lb: int = 0
    min_billable_grams: int = 0

    @property
    def volumetric(self) -> Volumetric:
        """What volume weighs."""
        return volumetric(self.volumetric_divisor_cm3_per_kg, self.volumetric_divisor_in3_per_lb)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One order's question in numbers.

    A plan is a set of packages, each on a lane l with so many units of each part. Its cost at level p is the sum of
    - package_cost[p, l] for each package, kind_cost[p, l] for each distinct part in it, unit_cost[p, l, d] for each
      unit, and what the lane's tariff says for its weight;
    - source_cost[p, s] for each source that ships anything;
    - stair_cost[p, i] for each unit beyond stair_after_units[i] of part stair_part[i] taken from offer stair_offer[i];
    - unfilled_cost[p, k] for each unit of line k that is not shipped;
    - further_package_cost[p] for each package after the first, further_source_cost[p] for each source after the first.
    Levels are compared one after the other: the first decides, the next decides among equals.
    """

    # What is asked. Line k wants line_quantity[k] times line_units[k, :]; demand is the sum over lines.
    demand: Ints  # [D]
    unit_grams: Ints  # [D]
    unit_mm3: Ints  # [D]
    line_quantity: Ints  # [K]
    line_units: Ints  # [K, D]
    # What there is.
    stock: Ints  # [N, D], at most the demand
    offer_source: Ints  # [N] -> S
    # How it travels. A lane belongs to one offer.
    lane_offer: Ints  # [L] -> N
    lane_service: Ints  # [L] -> V
    lane_tariff: Ints  # [L] -> T
    carries: Flags  # [L, D]: a package of the lane may hold the part
    package_most_grams: Ints  # [L], NO_LIMIT where there is none, as in all that follow
    package_most_mm3: Ints  # [L]
    package_most_units: Ints  # [L]
    tariffs: tuple[Tariff, ...]  # [T]
    # What it costs.
    package_cost: Ints  # [P, L]
    kind_cost: Ints  # [P, L]
    unit_cost: Ints  # [P, L, D]
    source_cost: Ints  # [P, S]
    stair_offer: Ints  # [I] -> N
    stair_part: Ints  # [I] -> D
    stair_after_units: Ints  # [I]
    stair_cost: Ints  # [P, I]
    unfilled_cost: Ints  # [P, K]
    further_package_cost: Ints  # [P]
    further_source_cost: Ints  # [P]
    # What is allowed.
    most_packages: int
    most_sources: int
    complete: bool  # the whole order ships, or nothing does
    complete_lines: Flags  # [K]: the whole line ships, or nothing of it
    together: Flags  # [K]: all that ships of the line leaves from one source
    apart: Flags  # [D, D], symmetric: the two parts may not share a package
    source_most_units: Ints  # [S]
    source_most_minutes: Ints  # [S]: of handling: source_package_minutes a package + source_unit_minutes a unit
    source_package_minutes: Ints  # [S]
    source_unit_minutes: Ints  # [S]
    service_most_packages: Ints  # [V]

    @property
    def levels(self) -> int:
        """How many priority levels there are."""
        return len(self.further_package_cost)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shipment:
    """A package as an engine decides it."""

    lane: int
    units: Ints  # [D]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finding:
    """What an engine found. `cost` and `bound` are per level; `reason` names what made an engine give up its proof.

    `unfilled` counts the units of each line that do not ship. No plan is below `bound`, compared level by level.
    """

    shipments: tuple[Shipment, ...]
    unfilled: Ints  # [K]
    cost: tuple[int, ...]
    bound: tuple[int, ...]
    reason: str = ""

    @property
    def is_proven(self) -> bool:
        """True when no plan is better."""
        return self.cost == self.bound
