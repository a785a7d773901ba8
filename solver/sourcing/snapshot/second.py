"""A second look at orders for which the first was not enough: the exact engine's own search on the snapshot's numbers.

It is asked where packages get in each other's way and where there are very many contents, and it makes no Problem.
"""

import numpy as np
from numpy.typing import NDArray

from solver.sourcing.case import NO_LIMIT, Case, Ints, Tariff
from solver.sourcing.exact.arrays import Arrays
from solver.sourcing.exact.search import Limits, search
from solver.sourcing.snapshot.decision import Chosen, Decision
from solver.sourcing.snapshot.inner import ground as g
from solver.sourcing.snapshot.inner.decided import arrays_of_order
from solver.sourcing.snapshot.inner.reach import stocked


def second_look(
    ground: g.Ground,
    tariffs: tuple[Tariff, ...],
    stock: NDArray[np.int32],
    words: Ints,
    xyz: g.Floats,
    meters: Ints,
    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    limits: Limits,
) -> Decision | str:
    """The decision, or why the search gave up. `names` are those of SKUs, sources and services."""
    s = stocked(ground, stock, words, xyz, meters)
    if (s.far == g.NONE).any():
        return "near_a_limit"
    c, status = arrays_of_order(ground, words, s)
    if status != g.DONE:
        return "beyond_the_timetable"
    finding = search(_case(c, ground, words, tariffs), limits=limits)
    if finding.reason:
        return str(finding.reason)
    sku_names, source_ids, service_ids = names
    packages = (
        Chosen(
            source_id=source_ids[s.sources[c.lane_offer[one.lane]]],
            service_id=service_ids[c.lane_service[one.lane]],
            units={sku_names[s.skus[d]]: int(one.units[d]) for d in np.flatnonzero(one.units)},
        )
        for one in finding.shipments
    )
    return Decision(
        packages=tuple(packages),
        unfilled=tuple(finding.unfilled.tolist()),
        total_minor=finding.cost[0],
        bound_minor=finding.bound[0],
    )


def _case(c: Arrays, ground: g.Ground, words: Ints, tariffs: tuple[Tariff, ...]) -> Case:
    lines, line_units = _lines(words, len(c.radix))
    none = np.zeros(0, dtype=np.int64)
    further_package, further_source = ground.policy[[g.FURTHER_PACKAGE]], ground.policy[[g.FURTHER_SOURCE]]
    return Case(
        demand=c.radix - 1,
        unit_grams=c.grams,
        unit_mm3=c.mm3,
        line_quantity=lines[:, g.QUANTITY],
        line_units=line_units,
        stock=c.blocks,
        offer_source=c.offer_source,
        lane_offer=c.lane_offer,
        lane_service=c.lane_service,
        lane_tariff=c.lane_tariff,
        carries=c.carries,
        package_most_grams=c.most_grams,
        package_most_mm3=c.most_mm3,
        package_most_units=c.most_units,
        tariffs=tariffs,
        package_cost=(c.package_cost - further_package)[None],
        kind_cost=c.kind_cost[None],
        unit_cost=c.block_cost[None],
        source_cost=(c.source_cost - further_source)[None],
        stair_offer=none,
        stair_part=none,
        stair_after_units=none,
        stair_cost=none[None],
        unfilled_cost=lines[:, g.LEFT_COST][None],
        further_package_cost=further_package,
        further_source_cost=further_source,
        most_packages=int(c.most_packages),
        most_sources=int(c.most_sources),
        complete=bool(c.complete),
        complete_lines=lines[:, g.LINE_COMPLETE] > 0,
        together=lines[:, g.LINE_TOGETHER] > 0,
        apart=c.apart,
        source_most_units=c.source_most_units,
        source_most_minutes=c.source_most_minutes,
        source_package_minutes=c.source_package_minutes,
        source_unit_minutes=c.source_unit_minutes,
        service_most_packages=np.full(len(ground.lane_limits), NO_LIMIT, dtype=np.int64),
    )


def _lines(words: Ints, parts: int) -> tuple[Ints, Ints]:
    """The words of each line, and the units of each part in one unit of it."""
    begin = g.HEAD + g.PART_WORDS * parts
    end = begin + g.LINE_WORDS * int(words[g.LINES])
    lines = words[begin:end].reshape(-1, g.LINE_WORDS)
    entries = words[end:].reshape(-1, g.ENTRY_WORDS)
    units = np.zeros((len(lines), parts), dtype=np.int64)
    of_line = np.repeat(np.arange(len(lines)), lines[:, g.LINE_ENTRIES])
    units[of_line, entries[:, 0]] = entries[:, 1]
    return lines, units
