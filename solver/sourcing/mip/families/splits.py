"""Constraint families that count packages and sources."""

from itertools import pairwise

from solver.sourcing.mip.variables import Formulation


def packages_stay_within_the_limit(formulation: Formulation) -> None:
    """The order travels in at most so many packages."""
    if formulation.slots:
        formulation.program.add_row(
            "packages_stay_within_the_limit",
            {slot.open_package: 1.0 for slot in formulation.slots},
            at_most=formulation.case.most_packages,
        )


def packages_leave_only_from_used_sources(formulation: Formulation) -> None:
    """A source that opens a package is used, and paid for; only asked of sources where that matters."""
    case, program = formulation.case, formulation.program
    sources = formulation.slots_of_sources()
    all_matter = case.most_sources < len(sources) or case.further_source_cost.any()
    for source, slots in sources.items():
        cost = case.source_cost[:, source]
        if not all_matter and not cost.any():
            continue
        used = program.add_column(f"use_source[{source}]", upper_bound=1, cost=cost.tolist())
        formulation.use_source[source] = used
        for slot in slots:
            program.add_row(
                f"packages_leave_only_from_used_sources[{slot.name}]", {slot.open_package: 1.0, used: -1.0}, at_most=0
            )


def sources_stay_within_the_limit(formulation: Formulation) -> None:
    """The order is shipped by at most so many sources."""
    most = formulation.case.most_sources
    if most < len(formulation.slots_of_sources()):
        formulation.program.add_row(
            "sources_stay_within_the_limit", dict.fromkeys(formulation.use_source.values(), 1.0), at_most=most
        )


def every_further_package_pays_for_the_split(formulation: Formulation) -> None:
    """Each package after the first costs what a split costs."""
    case, program = formulation.case, formulation.program
    most = min(case.most_packages, len(formulation.slots)) - 1
    if most < 1 or not case.further_package_cost.any():
        return
    further = program.add_column(
        "further_packages", upper_bound=most, cost=case.further_package_cost.tolist(), integer=False
    )
    program.add_row(
        "every_further_package_pays_for_the_split",
        {further: 1.0} | {slot.open_package: -1.0 for slot in formulation.slots},
        at_least=-1,
    )


def every_further_source_pays_for_the_split(formulation: Formulation) -> None:
    """Each source after the first costs what a further source costs."""
    case, program = formulation.case, formulation.program
    most = min(case.most_sources, len(formulation.use_source)) - 1
    if most < 1 or not case.further_source_cost.any():
        return
    further = program.add_column(
        "further_sources", upper_bound=most, cost=case.further_source_cost.tolist(), integer=False
    )
    program.add_row(
        "every_further_source_pays_for_the_split",
        {further: 1.0} | dict.fromkeys(formulation.use_source.values(), -1.0),
        at_least=-1,
    )


def slots_of_a_lane_open_in_order(formulation: Formulation) -> None:
    """Of a lane's package slots, the earlier are opened first; which of them is no decision."""
    for before, after in pairwise(formulation.slots):
        if after.number:
            formulation.program.add_row(
                f"slots_of_a_lane_open_in_order[{after.name}]",
                {after.open_package: 1.0, before.open_package: -1.0},
                at_most=0,
            )
