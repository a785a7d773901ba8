"""Orders that ship all of their units in one package from one source, or nothing: they have two states that matter.

Their contents are then counted in lots of all that is asked of a SKU, however many units that is.
"""

import numpy as np

from solver.network.model import RateCard
from solver.sourcing.case import Case
from solver.sourcing.exact.arrays import NEVER, Arrays
from solver.waves.layout.rows import Entry, OrderRows, Row
from solver.waves.layout.structure import has_too_many_states, sources_of_several_offers

MOST_UNITS_STATES = 1 << 17
_MOST_PARTS = 10
_HEAVY_GRAMS = 10**9


def is_one_lot(case: Case) -> bool:
    """True when the order's units are too many to be numbered one by one, and all of them ship together or stay.

    Several packages must be out of the question, or of no use: one SKU, in one offer of each source, on lanes that
    carry it all in one, at one price whatever it weighs.
    """
    asked = case.demand.astype(float)
    if len(asked) > _MOST_PARTS or not has_too_many_states(case) or np.prod(asked + 1) > MOST_UNITS_STATES:
        return False
    on_lines = ((case.line_units > 0) & (case.line_quantity > 0)[:, None]).sum(axis=0)
    wanted = case.line_quantity > 0
    is_whole = case.complete or (np.count_nonzero(wanted) == 1 and case.complete_lines[wanted].all())
    if not is_whole or (on_lines != 1).any():
        return False
    return case.most_packages <= 1 or (case.most_sources <= 1 and _is_one_package_best(case))


def in_units(case: Case, found: OrderRows) -> OrderRows:
    """Rows that were found in lots: shares of the whole order alone, as a state of its units."""
    lots, units = (1 << len(case.demand)) - 1, int(np.prod(case.demand + 1)) - 1
    rows = []
    for row in found.rows:
        entries = [
            Entry(state=units, cost=one.cost, packages=((one.packages[0][0], units),))
            for one in row.entries
            if one.state == lots and len(one.packages) == 1
        ]
        if entries:
            rows.append(Row(offer=row.offer, entries=tuple(entries)))
    leave = np.full(units + 1, NEVER, dtype=np.int64)
    leave[0], leave[-1] = found.leave[0], found.leave[-1]
    return OrderRows(rows=tuple(rows), leave=leave, most_shares=1, share_cost=found.share_cost)


def unit_arrays(case: Case, c: Arrays) -> Arrays:
    """The order's arrays with states that count units, as the rows have them; for what reads contents alone."""
    stride = np.concatenate([[1], np.cumprod(case.demand + 1)])[:-1].astype(np.int64)
    return c._replace(stride=stride, radix=case.demand + 1)


def _is_one_package_best(case: Case) -> bool:
    """True when no two packages of the order's only SKU could cost less than one, or do what one cannot."""
    units, grams, mm3 = (
        int(case.demand @ each) for each in (np.ones_like(case.demand), case.unit_grams, case.unit_mm3)
    )
    most = ((case.package_most_units, units), (case.package_most_grams, grams), (case.package_most_mm3, mm3))
    costs = (case.package_cost, case.kind_cost, case.further_package_cost)
    return bool(
        len(case.demand) == 1
        and not sources_of_several_offers(case).any()
        and all((limit >= amount).all() for limit, amount in most)
        and all((cost >= 0).all() for cost in costs)
        and all(_is_flat(card) for tariff in case.tariffs for card in tariff.cards)
    )


def _is_flat(card: RateCard | None) -> bool:
    """True when a package costs the same whatever it weighs."""
    if card is None:
        return True
    is_endless = len(card.bands) == 1 and card.bands[0].up_to_grams is None
    return is_endless and card.price_minor(1) == card.price_minor(_HEAVY_GRAMS)
