"""Units that nobody can ship are left out of the search beforehand, which then has fewer states."""

from dataclasses import replace

import numpy as np

from solver.sourcing.case import Case, Finding, Ints


def units_beyond_stock(case: Case) -> Ints:
    """How many units of each line stay unfilled whatever is shipped, [K].

    0 where it is not certain: for a line that has a part in common with another, or ships whole or not at all.
    """
    beyond = np.zeros_like(case.line_quantity)
    if case.complete or not len(case.lane_offer):
        return beyond
    lines_of_part = (case.line_units > 0).sum(axis=0)
    for line in np.flatnonzero(~case.complete_lines).tolist():
        parts = np.flatnonzero(case.line_units[line])
        if (lines_of_part[parts] > 1).any():
            continue
        most = min(_units_in_reach(case, part) // int(case.line_units[line, part]) for part in parts.tolist())
        beyond[line] = max(0, int(case.line_quantity[line]) - most)
    return beyond


def _units_in_reach(case: Case, part: int) -> int:
    offers = np.unique(case.lane_offer[case.carries[:, part]])
    return int(case.stock[offers, part].sum())


def without(case: Case, units: Ints) -> Case:
    """The case as if these units of each line were not ordered."""
    quantity = case.line_quantity - units
    demand = quantity @ case.line_units
    return replace(case, line_quantity=quantity, demand=demand, stock=np.minimum(case.stock, demand))


def with_unfilled(finding: Finding, case: Case, units: Ints) -> Finding:
    """The finding of the case without these units as one of the case itself."""
    price = (case.unfilled_cost @ units).tolist()
    return replace(
        finding,
        unfilled=finding.unfilled + units,
        cost=tuple(amount + more for amount, more in zip(finding.cost, price, strict=True)),
        bound=tuple(amount + more for amount, more in zip(finding.bound, price, strict=True)),
    )
