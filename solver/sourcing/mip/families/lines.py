"""Constraint families on order lines as a whole."""

from collections import defaultdict

import numpy as np

from solver.sourcing.mip.variables import Formulation


def orders_ship_complete(formulation: Formulation) -> None:
    """An order that must be complete leaves no unit of any line unfilled, or all of them."""
    case, program = formulation.case, formulation.program
    if not case.complete:
        return
    ship_order = program.add_column("ship_order", upper_bound=1)
    for line, quantity in enumerate(case.line_quantity.tolist()):
        _whole_or_nothing(formulation, f"orders_ship_complete[{line}]", line, quantity, ship_order)


def lines_ship_complete(formulation: Formulation) -> None:
    """A line that must be complete leaves none of its units unfilled, or all of them."""
    case, program = formulation.case, formulation.program
    for line in np.flatnonzero(case.complete_lines).tolist():
        ship_line = program.add_column(f"ship_line[{line}]", upper_bound=1)
        quantity = int(case.line_quantity[line])
        _whole_or_nothing(formulation, f"lines_ship_complete[{line}]", line, quantity, ship_line)


def _whole_or_nothing(formulation: Formulation, name: str, line: int, quantity: int, ships: int) -> None:
    terms = {formulation.unfilled_units[line]: 1.0, ships: float(quantity)}
    formulation.program.add_row(name, terms, at_least=quantity, at_most=quantity)


def lines_ship_together(formulation: Formulation) -> None:
    """All that ships of such a line comes from a single source, which ships at least that much beside other such lines.

    Which units of a part are for which line is otherwise no decision: the other lines take what is left.
    """
    case, program = formulation.case, formulation.program
    shipping = _shipping_by_source(formulation)
    needed: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
    for line in np.flatnonzero(case.together).tolist():
        name = f"lines_ship_together[{line}"
        filled = {formulation.unfilled_units[line]: 1.0}
        served: dict[int, float] = {}
        for source in sorted({source for source, _ in shipping}):
            most = _most_units(formulation, shipping, line, source)
            if not most:
                continue
            units_from = program.add_column(f"units_from[{line},{source}]", upper_bound=most)
            serve_line = program.add_column(f"serve_line[{line},{source}]", upper_bound=1)
            program.add_row(f"{name},{source}]", {units_from: 1.0, serve_line: -float(most)}, at_most=0)
            filled[units_from] = served[serve_line] = 1.0
            for part in np.flatnonzero(case.line_units[line]).tolist():
                needed[source, part][units_from] = float(case.line_units[line, part])
        quantity = int(case.line_quantity[line])
        program.add_row(f"{name},units]", filled, at_least=quantity, at_most=quantity)
        program.add_row(f"{name},one]", served, at_most=1)
    for (source, part), terms in needed.items():
        program.add_row(
            f"lines_ship_together[source {source},{part}]",
            terms | dict.fromkeys(shipping[source, part], -1.0),
            at_most=0,
        )


def _shipping_by_source(formulation: Formulation) -> dict[tuple[int, int], list[int]]:
    """The columns that ship a part from a source."""
    shipping: dict[tuple[int, int], list[int]] = defaultdict(list)
    for slot in formulation.slots:
        for part, column in slot.ship_units.items():
            shipping[slot.source, part].append(column)
    return shipping


def _most_units(formulation: Formulation, shipping: dict[tuple[int, int], list[int]], line: int, source: int) -> int:
    """Units of the line that the source could ship at most."""
    case = formulation.case
    stock = case.stock[case.offer_source == source].sum(axis=0)
    parts = np.flatnonzero(case.line_units[line]).tolist()
    of_parts = [int(stock[part] // case.line_units[line, part]) if (source, part) in shipping else 0 for part in parts]
    return min([int(case.line_quantity[line]), *of_parts])
