"""What the snapshot's inner loops read: the network, the stock and the policy as flat arrays, and orders as words.

Letters in shapes: S sources, V services, R rates (of a service in a zone), Q distances where something changes, M SKUs,
C classes of materials, W views (what the network looks like to a destination), X branches of regions, Z time zones.
Moments are microseconds since 1970, money minor units.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import Flags, Ints
from solver.sourcing.exact.arrays import NEVER as NEVER

Floats = NDArray[np.float64]

NONE = -1
CLOSED = -1  # where a cost stands: no lane

# Rows of source_facts.
KIND_COST, UNIT_COST, SOURCE_COST, MOST_UNITS, KEPT_UNITS, NEAR_CLASS = range(6)
# Columns of source_times.
CLOCK, LEAD_MICROS, SOURCE_ZONE, PICK_UP_GROUP = range(4)
# Columns of lane_limits.
GRAMS, MM3, UNITS = range(3)
# Columns of sku_facts.
SKU_GRAMS, SKU_MM3, SKU_CLASS = range(3)

# What the policy says, by position in `policy`.
FURTHER_PACKAGE, FURTHER_SOURCE, DISTANCE_PER_KM, LATE_HOUR, LATE_DAY, WAITING_DAY, BY_PROMISE, GRACE_MICROS = range(8)
SOON_MICROS, BY_SOURCE, MOST_STATES, DEAREST, VALUE_PERMILLE, POLICY_WORDS = range(8, 14)

# Words of an order, and where its parts begin. Then follow
# - (SKU, demand) of every part, ascending by SKU;
# - (quantity, cost of an unfilled unit, complete, together, number of entries) of every line;
# - (part, units) of every entry of every line.
VIEW, BRANCH, SETTING, ZONE, PLACED, PROMISED, COMPLETE, MOST_PACKAGES, MOST_SOURCES, PARTS, LINES, ENTRIES = range(12)
HEAD = 12
PART_WORDS, LINE_WORDS, ENTRY_WORDS = 2, 5, 2
QUANTITY, LEFT_COST, LINE_COMPLETE, LINE_TOGETHER, LINE_ENTRIES = range(5)

# How a decision ended.
DONE, COUPLED, MANY_STATES, NEAR_A_LIMIT, BEYOND_TIMETABLE, LARGE_COSTS, UNASKED = range(7)


class Ground(NamedTuple):
    """All that stays the same from order to order."""

    policy: Ints  # [POLICY_WORDS]
    # Geography: unit vectors, and the squared chord between a place and a source at which it is a class farther.
    xyz: Floats  # [S, 3]
    chords: Floats  # [2, Q]: surely nearer below the first, surely farther above the second
    cuts_meters: Ints  # [Q]: class q lies beyond the first q of them
    # Views: what does not depend on distance and time.
    lane_cost: Ints  # [W, S, V]: of a package, CLOSED where there is no lane
    lane_shut: Flags  # [W, S, V, C], or of size 0 where nothing is shut
    source_facts: Ints  # [W, 6, S]
    lane_limits: Ints  # [V, 3]: of a package
    apart: Flags  # [C, C]: of two materials; on the diagonal, of one class
    # Settings: a view and a branch. Sources of one pattern have the same lanes, all as much dearer as their bases are.
    pattern: Ints  # [settings, S]
    patterns: Ints  # [settings]: how many there are
    lane_base: Ints  # [W, S]: the least cost of a source's open lanes
    # Rates.
    branch_rate: Ints  # [X, S, V]: NONE where the distance says it
    distance_rate: Ints  # [V, Q + 1]: NONE where there is none
    rate_tariff: Ints  # [W, R]
    rate_cost: Ints  # [W, R]: of a package, CLOSED where a rule forbids it
    tariff_group: Ints
    tariff_column: Ints
    group_volumetric: Ints
    group_cuts: Ints
    cuts: Ints
    prices: Ints
    # Materials and stock: source and units of every SKU, ascending by source.
    sku_facts: Ints  # [M, 3]
    stock_start: Ints  # [M + 1]
    stock_source: NDArray[np.int32]
    stock_value: Ints  # as stock_source: what a unit left there is worth; of size 0 where nothing is
    # Times: tables of what follows when, see `timetable`.
    source_times: Ints  # [S, 4]
    pick_up_table: Ints  # [pick-up groups, V]: NONE where a pick-up comes the moment it is needed
    arrival_table: Ints  # [Z, R]: NONE where every day is one of delivery
    transit_micros: Ints  # [R]
    table_start: Ints
    table_at: Ints
    table_to: Ints
    table_slope: Ints
