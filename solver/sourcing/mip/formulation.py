"""The mixed-integer program of one case, in the words of `docs/formulation.md`.

Sets        lines, parts, package slots (a candidate lane and a number), bands of a slot's rate cards, stairs, sources.
Variables   ship_units[part, slot], unfilled_units[line], open_package[slot], hold_kind[part, slot],
            use_band[slot, band], band_grams[slot, band], added_steps[slot, band, level], billed_by[slot, weight],
            units_beyond[stair], further_packages, use_source[source], further_sources, ship_line[line], ship_order,
            units_from[line, source], serve_line[line, source].
Objective   the cost of the level that is being minimised; the levels before it stay as good as they were.
Each constraint family is one function in `families` whose name is a sentence that holds in every feasible plan.
"""

from collections.abc import Sequence

from solver.sourcing.case import Case
from solver.sourcing.mip.candidates import Candidate, package_slots
from solver.sourcing.mip.families import capacities, contents, lines, splits, weights
from solver.sourcing.mip.slots import open_slot
from solver.sourcing.mip.variables import Formulation


def formulate(case: Case, usable: Sequence[Candidate]) -> Formulation:
    """Write the program for these candidate lanes, but for the levels' objectives."""
    formulation = Formulation(case=case)
    _add_columns(formulation, usable)
    contents.units_are_shipped_or_unfilled(formulation)
    contents.sources_ship_only_what_is_available(formulation)
    contents.units_leave_only_in_open_packages(formulation)
    contents.kinds_in_a_package_are_counted(formulation)
    contents.incompatible_materials_travel_apart(formulation)
    contents.units_beyond_a_stair_pay_for_it(formulation)
    weights.open_packages_use_one_band(formulation)
    weights.bands_bound_the_billable_weight(formulation)
    weights.billable_weight_covers_the_contents(formulation)
    weights.billable_weight_is_not_inflated(formulation)
    weights.steps_pay_for_the_additional_weight(formulation)
    capacities.packages_weigh_at_most_the_limit(formulation)
    capacities.packages_fill_at_most_the_limit(formulation)
    capacities.packages_hold_at_most_the_limit(formulation)
    capacities.sources_stay_within_their_capacity(formulation)
    capacities.services_stay_within_their_capacity(formulation)
    splits.packages_stay_within_the_limit(formulation)
    splits.packages_leave_only_from_used_sources(formulation)
    splits.sources_stay_within_the_limit(formulation)
    splits.every_further_package_pays_for_the_split(formulation)
    splits.every_further_source_pays_for_the_split(formulation)
    splits.slots_of_a_lane_open_in_order(formulation)
    lines.orders_ship_complete(formulation)
    lines.lines_ship_complete(formulation)
    lines.lines_ship_together(formulation)
    return formulation


def _add_columns(formulation: Formulation, usable: Sequence[Candidate]) -> None:
    case, program = formulation.case, formulation.program
    for line, quantity in enumerate(case.line_quantity.tolist()):
        formulation.unfilled_units.append(
            program.add_column(
                f"unfilled_units[{line}]", upper_bound=quantity, cost=case.unfilled_cost[:, line].tolist()
            )
        )
    for candidate in usable:
        for number in range(package_slots(case, candidate)):
            formulation.slots.append(open_slot(program, case, candidate, number))
