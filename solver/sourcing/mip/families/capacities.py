"""Constraint families on how much a package, a source and a service can take."""

from collections import defaultdict

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints
from solver.sourcing.mip.slots import Slot
from solver.sourcing.mip.variables import Formulation


def packages_weigh_at_most_the_limit(formulation: Formulation) -> None:
    """The actual weight of a package stays within the limit of its lane."""
    case = formulation.case
    _limit_packages(formulation, "packages_weigh_at_most_the_limit", case.package_most_grams, case.unit_grams)


def packages_fill_at_most_the_limit(formulation: Formulation) -> None:
    """The volume of a package, the sum of its units', stays within the limit of its lane."""
    case = formulation.case
    _limit_packages(formulation, "packages_fill_at_most_the_limit", case.package_most_mm3, case.unit_mm3)


def packages_hold_at_most_the_limit(formulation: Formulation) -> None:
    """A package holds no more units than its lane allows."""
    case = formulation.case
    each = np.ones_like(case.unit_grams)
    _limit_packages(formulation, "packages_hold_at_most_the_limit", case.package_most_units, each)


def _limit_packages(formulation: Formulation, family: str, limits: Ints, each: Ints) -> None:
    """In an open package, the sum of what `each` unit takes stays within its lane's limit; left out where it must."""
    for slot in formulation.slots:
        limit = int(limits[slot.candidate.lane])
        if limit < NO_LIMIT and int(slot.candidate.most_units @ each) > limit:
            terms = {column: float(each[part]) for part, column in slot.ship_units.items() if each[part]}
            formulation.program.add_row(f"{family}[{slot.name}]", terms | {slot.open_package: -float(limit)}, at_most=0)


def sources_stay_within_their_capacity(formulation: Formulation) -> None:
    """A source ships no more units, and works no more minutes on packages and units, than it has left."""
    case, program = formulation.case, formulation.program
    ordered = int(case.demand.sum())
    for source, slots in formulation.slots_of_sources().items():
        name = f"sources_stay_within_their_capacity[{source}"
        package, unit = int(case.source_package_minutes[source]), int(case.source_unit_minutes[source])
        if (most := int(case.source_most_units[source])) < ordered:
            program.add_row(f"{name},units]", _units(slots, 1.0), at_most=most)
        if (most := int(case.source_most_minutes[source])) < package * len(slots) + unit * ordered:
            minutes = _units(slots, float(unit)) | {slot.open_package: float(package) for slot in slots}
            program.add_row(f"{name},minutes]", minutes, at_most=most)


def services_stay_within_their_capacity(formulation: Formulation) -> None:
    """A service takes no more packages than it has room for."""
    case = formulation.case
    opening: dict[int, list[int]] = defaultdict(list)
    for slot in formulation.slots:
        opening[int(case.lane_service[slot.candidate.lane])].append(slot.open_package)
    for service, columns in opening.items():
        limit = int(case.service_most_packages[service])
        if limit < len(columns):
            formulation.program.add_row(
                f"services_stay_within_their_capacity[{service}]", dict.fromkeys(columns, 1.0), at_most=limit
            )


def _units(slots: list[Slot], each: float) -> dict[int, float]:
    return {column: each for slot in slots for column in slot.ship_units.values()}
