"""Constraint families on what is in the packages: units, kinds, and where they come from."""

from collections import defaultdict
from itertools import combinations

import numpy as np

from solver.sourcing.mip.candidates import parts_apart
from solver.sourcing.mip.variables import Formulation


def units_are_shipped_or_unfilled(formulation: Formulation) -> None:
    """Of every part, what is shipped and what belongs to unfilled units of lines is what was ordered.

    All parts of a line share its unfilled units: a bundle is shipped whole or not at all.
    """
    case = formulation.case
    shipping: dict[int, list[int]] = defaultdict(list)
    for slot in formulation.slots:
        for part, column in slot.ship_units.items():
            shipping[part].append(column)
    for part, demand in enumerate(case.demand.tolist()):
        terms = dict.fromkeys(shipping[part], 1.0)
        for line in np.flatnonzero(case.line_units[:, part]).tolist():
            terms[formulation.unfilled_units[line]] = float(case.line_units[line, part])
        formulation.program.add_row(f"units_are_shipped_or_unfilled[{part}]", terms, at_least=demand, at_most=demand)


def sources_ship_only_what_is_available(formulation: Formulation) -> None:
    """Over all packages, no more units of a part leave than the source's offer has."""
    case = formulation.case
    for (offer, part), columns in _shipping_by_offer(formulation).items():
        formulation.program.add_row(
            f"sources_ship_only_what_is_available[{offer},{part}]",
            dict.fromkeys(columns, 1.0),
            at_most=int(case.stock[offer, part]),
        )


def units_leave_only_in_open_packages(formulation: Formulation) -> None:
    """Nothing is shipped in a package that is not opened and paid for."""
    for slot in formulation.slots:
        for part, column in slot.ship_units.items():
            formulation.program.add_row(
                f"units_leave_only_in_open_packages[{part},{slot.name}]",
                {column: 1.0, slot.open_package: -formulation.program.upper_bounds[column]},
                at_most=0,
            )


def kinds_in_a_package_are_counted(formulation: Formulation) -> None:
    """A package holds units only of the parts that it is said, and paid, to hold."""
    for slot in formulation.slots:
        for part, kind in slot.hold_kind.items():
            column = slot.ship_units[part]
            formulation.program.add_row(
                f"kinds_in_a_package_are_counted[{part},{slot.name}]",
                {column: 1.0, kind: -formulation.program.upper_bounds[column]},
                at_most=0,
            )


def incompatible_materials_travel_apart(formulation: Formulation) -> None:
    """Of two parts that may not travel together, a package holds one at most."""
    apart = parts_apart(formulation.case)
    if not apart.any():
        return
    for slot in formulation.slots:
        for one, other in combinations(slot.hold_kind, 2):
            if apart[one, other]:
                formulation.program.add_row(
                    f"incompatible_materials_travel_apart[{one},{other},{slot.name}]",
                    {slot.hold_kind[one]: 1.0, slot.hold_kind[other]: 1.0, slot.open_package: -1.0},
                    at_most=0,
                )


def units_beyond_a_stair_pay_for_it(formulation: Formulation) -> None:
    """Units of a part that an offer ships beyond a stair are counted, and cost what the stair says."""
    case, program = formulation.case, formulation.program
    shipping = _shipping_by_offer(formulation)
    for stair, after_units in enumerate(case.stair_after_units.tolist()):
        offer, part = int(case.stair_offer[stair]), int(case.stair_part[stair])
        most = int(case.stock[offer, part]) - after_units
        if most <= 0 or (offer, part) not in shipping or not case.stair_cost[:, stair].any():
            continue
        beyond = program.add_column(
            f"units_beyond[{stair}]", upper_bound=most, cost=case.stair_cost[:, stair].tolist(), integer=False
        )
        program.add_row(
            f"units_beyond_a_stair_pay_for_it[{stair}]",
            {beyond: 1.0} | dict.fromkeys(shipping[offer, part], -1.0),
            at_least=-after_units,
        )


def _shipping_by_offer(formulation: Formulation) -> dict[tuple[int, int], list[int]]:
    """The columns that ship a part from an offer."""
    shipping: dict[tuple[int, int], list[int]] = defaultdict(list)
    for slot in formulation.slots:
        offer = int(formulation.case.lane_offer[slot.candidate.lane])
        for part, column in slot.ship_units.items():
            shipping[offer, part].append(column)
    return shipping
