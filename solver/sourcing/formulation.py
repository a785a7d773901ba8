"""The mixed-integer program of one order, in the words of `docs/formulation.md`.

Sets        lines, parts of a line, package slots (a candidate lane and a number), bands of a slot's rate card.
Variables   ship_units[line, sku, slot], unfilled_units[line], open_package[slot], use_band[slot, band],
            band_grams[slot, band], added_steps[slot, band], billed_by[slot, weight], further_packages,
            use_source[source].
Objective   freight + handling + distance + lateness + split + unfilled, in minor units.
Each constraint family is one function whose name is a sentence that holds in every feasible plan.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from solver.network.lanes import Lane
from solver.sourcing.assemble import ChosenPackage
from solver.sourcing.candidates import Candidate, package_slots
from solver.sourcing.problem import Problem
from solver.sourcing.program import Program, Solution
from solver.sourcing.slots import Slot, open_slot, parts_of


@dataclass(slots=True, kw_only=True)
class Formulation:
    """The program with the meaning of its columns."""

    problem: Problem
    program: Program = field(default_factory=Program)
    slots: list[Slot] = field(default_factory=list)
    unfilled_units: dict[str, int] = field(default_factory=dict)

    def chosen(self, solution: Solution) -> list[ChosenPackage]:
        """The packages that a solution opens."""
        return [
            ChosenPackage(
                lane=slot.candidate.lane,
                contents={key: units for key, column in slot.ship_units.items() if (units := solution.units(column))},
            )
            for slot in self.slots
        ]


def formulate(problem: Problem, usable: Sequence[Candidate]) -> Formulation:
    """Write the program for these candidate lanes."""
    formulation = Formulation(problem=problem)
    _add_unfilled_units(formulation)
    for candidate in usable:
        for number in range(package_slots(problem, candidate)):
            formulation.slots.append(open_slot(formulation.program, problem, candidate, number))
    units_are_shipped_or_unfilled(formulation)
    sources_ship_only_what_is_available(formulation)
    units_leave_only_in_open_packages(formulation)
    open_packages_use_one_band(formulation)
    bands_bound_the_billable_weight(formulation)
    billable_weight_covers_the_contents(formulation)
    billable_weight_is_not_inflated(formulation)
    steps_pay_for_the_additional_weight(formulation)
    packages_weigh_at_most_the_limit(formulation)
    packages_stay_within_the_limit(formulation)
    sources_stay_within_the_limit(formulation)
    every_further_package_pays_for_the_split(formulation)
    slots_of_a_lane_open_in_order(formulation)
    return formulation


def _add_unfilled_units(formulation: Formulation) -> None:
    for line in formulation.problem.lines:
        formulation.unfilled_units[line.line_id] = formulation.program.add_column(
            f"unfilled_units[{line.line_id}]",
            upper_bound=line.quantity,
            cost_minor=formulation.problem.policy.unfilled_minor_per_unit,
        )


def units_are_shipped_or_unfilled(formulation: Formulation) -> None:
    """Of every part of a line, what is shipped and what belongs to unfilled units is what was ordered.

    All parts share the line's unfilled units: a bundle is shipped whole or not at all.
    """
    shipping: dict[tuple[str, str], list[int]] = defaultdict(list)
    for slot in formulation.slots:
        for key, column in slot.ship_units.items():
            shipping[key].append(column)
    for line, part in parts_of(formulation.problem):
        terms: dict[int, float] = dict.fromkeys(shipping[line.line_id, part.sku], 1.0)
        terms[formulation.unfilled_units[line.line_id]] = part.units
        ordered = line.quantity * part.units
        formulation.program.add_row(
            f"units_are_shipped_or_unfilled[{line.line_id},{part.sku}]", terms, at_least=ordered, at_most=ordered
        )


def sources_ship_only_what_is_available(formulation: Formulation) -> None:
    """Over all lines and packages, a source ships no more of a SKU than it has available."""
    shipping: dict[tuple[str, str], list[int]] = defaultdict(list)
    available: dict[tuple[str, str], int] = {}
    for slot in formulation.slots:
        source_id = slot.candidate.lane.source_id
        for (_, sku), column in slot.ship_units.items():
            shipping[source_id, sku].append(column)
            available[source_id, sku] = slot.candidate.offer.available[sku]
    for (source_id, sku), columns in shipping.items():
        formulation.program.add_row(
            f"sources_ship_only_what_is_available[{source_id},{sku}]",
            dict.fromkeys(columns, 1.0),
            at_most=available[source_id, sku],
        )


def units_leave_only_in_open_packages(formulation: Formulation) -> None:
    """Nothing is shipped in a package that is not opened and paid for."""
    for slot in formulation.slots:
        for (line_id, sku), column in slot.ship_units.items():
            most = formulation.program.upper_bounds[column]
            formulation.program.add_row(
                f"units_leave_only_in_open_packages[{line_id},{sku},{slot.name}]",
                {column: 1.0, slot.open_package: -most},
                at_most=0,
            )


def open_packages_use_one_band(formulation: Formulation) -> None:
    """An open package is priced by exactly one band of its rate card."""
    for slot in formulation.slots:
        terms = {slot_band.use_band: 1.0 for slot_band in slot.bands}
        formulation.program.add_row(
            f"open_packages_use_one_band[{slot.name}]", terms | {slot.open_package: -1.0}, at_least=0, at_most=0
        )


def bands_bound_the_billable_weight(formulation: Formulation) -> None:
    """The billable weight lies within the band that is used."""
    for slot in formulation.slots:
        for number, slot_band in enumerate(slot.bands):
            formulation.program.add_row(
                f"bands_bound_the_billable_weight[{slot.name},{number},from]",
                {slot_band.band_grams: 1.0, slot_band.use_band: -float(slot_band.from_grams)},
                at_least=0,
            )
            formulation.program.add_row(
                f"bands_bound_the_billable_weight[{slot.name},{number},to]",
                {slot_band.band_grams: 1.0, slot_band.use_band: -float(slot_band.to_grams)},
                at_most=0,
            )


def _contents_grams(formulation: Formulation, slot: Slot) -> dict[int, float]:
    return {column: float(formulation.problem.items[sku].weight_grams) for (_, sku), column in slot.ship_units.items()}


def _contents_volumetric_grams(formulation: Formulation, slot: Slot) -> dict[int, float]:
    divisor = slot.candidate.lane.volumetric_divisor_cm3_per_kg
    if not divisor:
        return {}
    return {
        column: volume_mm3 / divisor
        for (_, sku), column in slot.ship_units.items()
        if (volume_mm3 := formulation.problem.items[sku].volume_mm3)
    }


def _negated(terms: dict[int, float]) -> dict[int, float]:
    return {column: -coefficient for column, coefficient in terms.items()}


def billable_weight_covers_the_contents(formulation: Formulation) -> None:
    """The billable weight is at least the actual and at least the volumetric weight of what is in the package."""
    for slot in formulation.slots:
        billable = {slot_band.band_grams: 1.0 for slot_band in slot.bands}
        weights = {
            "actual": _contents_grams(formulation, slot),
            "volumetric": _contents_volumetric_grams(formulation, slot),
        }
        for kind, grams in weights.items():
            if grams:
                formulation.program.add_row(
                    f"billable_weight_covers_the_contents[{slot.name},{kind}]",
                    billable | _negated(grams),
                    at_least=0,
                )


def billable_weight_is_not_inflated(formulation: Formulation) -> None:
    """The billable weight is one of the actual, the volumetric and the minimum weight.

    Only needed where a heavier package may be cheaper (a bracket of a lower price per kilogram begins): elsewhere the
    objective keeps the weight down by itself.
    """
    for slot in formulation.slots:
        if not _may_fall(slot):
            continue
        lane, name = slot.candidate.lane, f"billable_weight_is_not_inflated[{slot.name}"
        billable = {slot_band.band_grams: 1.0 for slot_band in slot.bands}
        most = float(slot.candidate.most_grams)
        weights = [
            ("actual", _contents_grams(formulation, slot), 0.0),
            ("volumetric", _contents_volumetric_grams(formulation, slot), _round_up_grams(lane)),
            ("minimum", {}, float(lane.min_billable_grams)),
        ]
        switches: dict[int, float] = {slot.open_package: -1.0}
        for kind, grams, allowed in weights:
            if not grams and not allowed:
                continue
            switch = formulation.program.add_column(f"billed_by[{slot.name},{kind}]", upper_bound=1)
            switches[switch] = 1.0
            formulation.program.add_row(
                f"{name},{kind}]", billable | _negated(grams) | {switch: most}, at_most=most + allowed
            )
        formulation.program.add_row(f"{name},one]", switches, at_least=0, at_most=0)


def _round_up_grams(lane: Lane) -> float:
    """The most by which rounding up to whole grams raises a volumetric weight, a multiple of 1 / divisor."""
    divisor = lane.volumetric_divisor_cm3_per_kg
    return (divisor - 1) / divisor if divisor else 0.0


def _may_fall(slot: Slot) -> bool:
    """True when the price just after some band's end is below that at its end, or weights below a band are closed."""
    lightest = max(1, slot.candidate.lane.min_billable_grams)
    if slot.bands and slot.bands[0].from_grams > lightest:
        return True
    return any(
        after.from_grams > before.to_grams + 1
        or after.band.price_minor(after.from_grams) < before.band.price_minor(before.to_grams)
        for before, after in zip(slot.bands, slot.bands[1:], strict=False)
    )


def steps_pay_for_the_additional_weight(formulation: Formulation) -> None:
    """Every begun step of additional weight above the band's first weight is paid."""
    for slot in formulation.slots:
        for number, slot_band in enumerate(slot.bands):
            if slot_band.added_steps is None:
                continue
            step, first = float(slot_band.band.step_grams), float(slot_band.band.from_grams)
            formulation.program.add_row(
                f"steps_pay_for_the_additional_weight[{slot.name},{number}]",
                {slot_band.added_steps: step, slot_band.band_grams: -1.0, slot_band.use_band: first},
                at_least=0,
            )


def packages_weigh_at_most_the_limit(formulation: Formulation) -> None:
    """The actual weight of a package stays within its service's limit."""
    for slot in formulation.slots:
        limit = slot.candidate.lane.max_weight_grams
        if limit:
            formulation.program.add_row(
                f"packages_weigh_at_most_the_limit[{slot.name}]",
                _contents_grams(formulation, slot) | {slot.open_package: -float(limit)},
                at_most=0,
            )


def packages_stay_within_the_limit(formulation: Formulation) -> None:
    """The order travels in at most so many packages."""
    formulation.program.add_row(
        "packages_stay_within_the_limit",
        {slot.open_package: 1.0 for slot in formulation.slots},
        at_most=formulation.problem.policy.max_packages,
    )


def sources_stay_within_the_limit(formulation: Formulation) -> None:
    """The order is shipped by at most so many sources."""
    most = formulation.problem.policy.max_sources
    if not most:
        return
    program = formulation.program
    use_source: dict[str, int] = {}
    for slot in formulation.slots:
        source_id = slot.candidate.lane.source_id
        if source_id not in use_source:
            use_source[source_id] = program.add_column(f"use_source[{source_id}]", upper_bound=1)
        program.add_row(
            f"sources_stay_within_the_limit[{slot.name}]",
            {slot.open_package: 1.0, use_source[source_id]: -1.0},
            at_most=0,
        )
    program.add_row("sources_stay_within_the_limit", dict.fromkeys(use_source.values(), 1.0), at_most=most)


def every_further_package_pays_for_the_split(formulation: Formulation) -> None:
    """Each package after the first costs the split price."""
    policy, program = formulation.problem.policy, formulation.program
    if not policy.split_minor:
        return
    further = program.add_column(
        "further_packages", upper_bound=policy.max_packages, cost_minor=policy.split_minor, integer=False
    )
    program.add_row(
        "every_further_package_pays_for_the_split",
        {further: 1.0} | {slot.open_package: -1.0 for slot in formulation.slots},
        at_least=-1,
    )


def slots_of_a_lane_open_in_order(formulation: Formulation) -> None:
    """Of a lane's package slots, the earlier are opened first; which of them is no decision."""
    for before, after in zip(formulation.slots, formulation.slots[1:], strict=False):
        if after.number:
            formulation.program.add_row(
                f"slots_of_a_lane_open_in_order[{after.name}]",
                {after.open_package: 1.0, before.open_package: -1.0},
                at_most=0,
            )
