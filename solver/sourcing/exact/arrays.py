"""What the inner loops read: a case as flat arrays of int64, with one cost for all levels.

Quantities are counted in blocks: usually a block is one unit, but a part that is proven not to be split is one block.
Contents of a package are then a number, the mixed-radix code of how many blocks of each part: its *state*. State 0 is
nothing, the last state is the whole order. Whoever keeps a network in memory may fill these arrays without a Case: what
changes from order to order are `blocks`, `supply`, `package_cost`, `lane_tariff` and the arrays over parts and lines.
"""

from typing import NamedTuple

import numpy as np

from solver.sourcing.case import NO_LIMIT, Case, Flags, Ints
from solver.sourcing.exact.levels import MOST, Scale, scale_of
from solver.sourcing.exact.reasons import GaveUp
from solver.sourcing.exact.tables import CLOSED, PriceTables, price_tables, price_tables_at

NEVER = MOST  # the cost of what cannot be; one such cost and a finite one still add up within 64 bits
MOST_STATES = 1 << 18


class Arrays(NamedTuple):
    """A case for the inner loops. D parts, K lines, S sources, N offers, L lanes, T tariffs, G groups, I stairs."""

    radix: Ints  # [D]: blocks asked, plus one
    stride: Ints  # [D]: by how much one block changes the state
    block_units: Ints  # [D]
    grams: Ints  # [D]: of a block
    mm3: Ints  # [D]
    apart: Flags  # [D, D]
    # Lines that may be left: line_state[k] is what one leaving takes away, at most line_times[k] times.
    line_state: Ints  # [K]
    line_times: Ints  # [K]
    line_cost: Ints  # [K]: of one leaving
    together: Flags  # [K, D]: the parts of each line that must leave from one source
    complete: bool
    # Offers.
    blocks: Ints  # [N, D]: whole blocks in stock
    supply: Ints  # [D]: blocks of all offers with a lane, at most what is asked
    offer_source: Ints  # [N]
    stair_start: Ints  # [N + 1]: the stairs of offer n are stair_start[n] to stair_start[n + 1]
    stair_part: Ints  # [I]
    stair_after: Ints  # [I]: units
    stair_cost: Ints  # [I]: a unit
    # Lanes, source by source; lane_number is the case's own number of each.
    lane_number: Ints  # [L]
    source_lanes: Ints  # [S + 1]: the lanes of source s are source_lanes[s] to source_lanes[s + 1]
    lane_offer: Ints  # [L]
    lane_tariff: Ints  # [L]
    lane_service: Ints  # [L]
    carries: Flags  # [L, D]
    most_grams: Ints  # [L], of a package, as the next two
    most_mm3: Ints  # [L]
    most_units: Ints  # [L]
    is_limited: Flags  # [L]: any of these three is a limit
    repeats: Flags  # [L]: offer, carries, kind_cost and block_cost are those of the lane before
    package_cost: Ints  # [L], with what every further package costs
    kind_cost: Ints  # [L]
    block_cost: Ints  # [L, D]
    # Tariffs, as in PriceTables, with one price for all levels and NEVER where closed.
    tariff_group: Ints
    tariff_column: Ints
    group_volumetric: Ints
    group_cuts: Ints
    cuts: Ints
    prices: Ints  # [T, C]
    # Sources and limits.
    source_cost: Ints  # [S], with what every further source costs
    source_most_units: Ints  # [S]: with one package at least in its minutes
    source_most_minutes: Ints  # [S]
    source_package_minutes: Ints  # [S]
    source_unit_minutes: Ints  # [S]
    service_most_packages: Ints  # [V]
    most_packages: int
    most_sources: int
    spared: int  # what the first package and the first source do not cost, though package_cost and source_cost say so

    @property
    def states(self) -> int:
        """How many different contents there are, nothing included."""
        return int(np.prod(self.radix))


def prepared(case: Case) -> tuple[PriceTables, Scale] | GaveUp:
    """The case's tariffs as tables, and how its levels make one cost."""
    grams, mm3 = int(case.demand @ case.unit_grams), int(case.demand @ case.unit_mm3)
    tables = price_tables(case.tariffs, case.levels, grams, mm3) or _reachable_tables(case)
    if tables is None:
        return GaveUp.TOO_MANY_PRICES
    dearest = tables.prices.max(axis=(1, 2), initial=0)
    step = np.gcd.reduce(np.maximum(tables.prices, 0).reshape(case.levels, -1), axis=1)
    scale = scale_of(case, dearest, step)
    return GaveUp.LEVELS_OVERFLOW if scale is None else (tables, scale)


def _reachable_tables(case: Case) -> PriceTables | None:
    if int(np.prod([float(units) + 1 for units in case.demand])) > MOST_STATES:
        return None
    grams = mm3 = np.zeros(1, dtype=np.int64)
    for units, part_grams, part_mm3 in zip(case.demand, case.unit_grams, case.unit_mm3, strict=True):
        counts = np.arange(units + 1)[:, None]
        grams, mm3 = (counts * part_grams + grams).ravel(), (counts * part_mm3 + mm3).ravel()
    return price_tables_at(case.tariffs, case.levels, grams, mm3)


def arrays_of(case: Case, tables: PriceTables, scale: Scale, block_units: Ints) -> Arrays:
    """The case in blocks of so many units of each part.

    A block other than one unit must be all that is asked of a part that stands on a single line.
    """
    radix = case.demand // block_units + 1
    stride = np.concatenate([[1], np.cumprod(radix)[:-1]]).astype(np.int64) if len(radix) else radix
    source = case.offer_source[case.lane_offer]
    order = np.argsort(source, kind="stable")
    sources = case.source_cost.shape[1]
    further_package = int(scale.joined(case.further_package_cost))
    further_source = int(scale.joined(case.further_source_cost))
    line_state, line_times, line_cost = _leaving(case, scale, block_units, stride)
    of_source, of_package = _most_units(case)
    stair_order = np.argsort(case.stair_offer, kind="stable")
    lane_offer, carries, most_units = case.lane_offer[order], case.carries[order], of_package[order]
    blocks = np.minimum(case.stock, case.demand) // block_units
    most_grams, most_mm3 = case.package_most_grams[order], case.package_most_mm3[order]
    kind_cost = scale.joined(case.kind_cost)[order]
    block_cost = scale.joined(case.unit_cost)[order] * block_units
    return Arrays(
        radix=radix,
        stride=stride,
        block_units=block_units,
        grams=case.unit_grams * block_units,
        mm3=case.unit_mm3 * block_units,
        apart=case.apart & ~np.eye(len(radix), dtype=bool),
        line_state=line_state,
        line_times=line_times,
        line_cost=line_cost,
        together=(case.line_units > 0) & (case.together & (case.line_quantity > 0))[:, None],
        complete=bool(case.complete),
        blocks=blocks,
        supply=np.minimum(blocks[np.bincount(lane_offer, minlength=len(blocks)) > 0].sum(axis=0), radix - 1),
        offer_source=case.offer_source,
        stair_start=np.searchsorted(case.stair_offer[stair_order], np.arange(len(case.offer_source) + 1)),
        stair_part=case.stair_part[stair_order],
        stair_after=case.stair_after_units[stair_order],
        stair_cost=scale.joined(case.stair_cost)[stair_order],
        lane_number=order,
        source_lanes=np.searchsorted(source[order], np.arange(sources + 1)),
        lane_offer=lane_offer,
        lane_tariff=case.lane_tariff[order],
        lane_service=case.lane_service[order],
        carries=carries,
        most_grams=most_grams,
        most_mm3=most_mm3,
        most_units=most_units,
        is_limited=np.minimum(most_units, np.minimum(most_grams, most_mm3)) < NO_LIMIT,
        repeats=_repeats(lane_offer, carries, kind_cost, block_cost),
        package_cost=scale.joined(case.package_cost)[order] + further_package,
        kind_cost=kind_cost,
        block_cost=block_cost,
        tariff_group=tables.tariff_group,
        tariff_column=tables.tariff_column,
        group_volumetric=tables.group_volumetric,
        group_cuts=tables.group_cuts,
        cuts=tables.cuts,
        prices=np.where(tables.prices[0] == CLOSED, NEVER, scale.joined(tables.prices)),
        source_cost=scale.joined(case.source_cost) + further_source,
        source_most_units=of_source,
        source_most_minutes=case.source_most_minutes,
        source_package_minutes=case.source_package_minutes,
        source_unit_minutes=case.source_unit_minutes,
        service_most_packages=case.service_most_packages,
        most_packages=int(case.most_packages),
        most_sources=int(case.most_sources),
        spared=further_package + further_source,
    )


def _leaving(case: Case, scale: Scale, block_units: Ints, stride: Ints) -> tuple[Ints, Ints, Ints]:
    """What leaving a line takes away, how often, at what cost: unit by unit, or whole where the line is complete."""
    whole = case.complete_lines | (case.line_units[:, block_units > 1] > 0).any(axis=1)
    units = np.where(whole, case.line_quantity, 1)
    state = (case.line_units * units[:, None] // block_units) @ stride
    times = np.where(whole, np.minimum(1, case.line_quantity), case.line_quantity)
    return state, times, scale.joined(case.unfilled_cost) * units


def _repeats(lane_offer: Ints, carries: Flags, kind_cost: Ints, block_cost: Ints) -> Flags:
    """Which lanes take the same contents at the same costs, but for the package's, as the lane before."""
    repeats = np.zeros(len(lane_offer), dtype=bool)
    repeats[1:] = (lane_offer[1:] == lane_offer[:-1]) & (kind_cost[1:] == kind_cost[:-1])
    repeats[1:] &= ((carries[1:] == carries[:-1]) & (block_cost[1:] == block_cost[:-1])).all(axis=1)
    return repeats


def _most_units(case: Case) -> tuple[Ints, Ints]:
    """The most units of each source, its minutes counted with one package at least; and of a package by each lane."""
    minutes = np.minimum(case.source_most_minutes, NO_LIMIT) - case.source_package_minutes
    by_minutes = np.where(case.source_unit_minutes > 0, minutes // np.maximum(1, case.source_unit_minutes), NO_LIMIT)
    of_source = np.where(minutes < 0, 0, np.minimum(case.source_most_units, by_minutes))
    of_package = np.minimum(case.package_most_units, of_source[case.offer_source[case.lane_offer]])
    return of_source, np.where(case.service_most_packages[case.lane_service] > 0, of_package, 0)
