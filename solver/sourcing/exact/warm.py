"""Compilation ahead of the first order, for a server's start."""

from dataclasses import replace

import numpy as np

from solver.network.model import Band, RateCard
from solver.sourcing.case import NO_LIMIT, Case, Ints, Tariff
from solver.sourcing.exact.search import Limits, search


def warm() -> None:
    """Compile, or load from disk, all that any search runs, so that no caller waits for it.

    It takes about a minute the first time and well below a second afterwards; without numba there is nothing to do.
    """
    case = _twice_the_last_unit()
    for question in (
        case,  # branch and bound
        replace(case, source_cost=case.source_cost + 1),  # by sources
        replace(case, source_most_minutes=np.array([3, NO_LIMIT])),  # with every package of each source
        replace(case, most_packages=1),  # counting
    ):
        search(question)
    search(_without_stairs(case), limits=Limits(states=0))  # by loads


def _without_stairs(case: Case) -> Case:
    none = _zeros(0)
    return replace(case, stair_offer=none, stair_part=none, stair_after_units=none, stair_cost=_zeros(case.levels, 0))


def _twice_the_last_unit() -> Case:
    """Two lines, one of two units, and two sources with one unit of it each: whoever is cheaper is asked twice."""
    two = np.zeros(2, dtype=np.int64)
    return Case(
        demand=np.array([2, 1]),
        unit_grams=two + 100,
        unit_mm3=two + 1000,
        line_quantity=np.array([2, 1]),
        line_units=np.eye(2, dtype=np.int64),
        stock=np.array([[1, 1], [1, 0]]),
        offer_source=np.arange(2),
        lane_offer=np.arange(2),
        lane_service=two,
        lane_tariff=two,
        carries=np.ones((2, 2), dtype=bool),
        package_most_grams=two + NO_LIMIT,
        package_most_mm3=two + NO_LIMIT,
        package_most_units=two + 1,
        tariffs=(Tariff(cards=(RateCard(bands=(Band(up_to_grams=None, base_minor=1),)),)),),
        package_cost=np.array([[1, 2]]),
        kind_cost=_zeros(1, 2),
        unit_cost=_zeros(1, 2, 2),
        source_cost=_zeros(1, 2),
        stair_offer=_zeros(1),
        stair_part=_zeros(1),
        stair_after_units=_zeros(1),
        stair_cost=_zeros(1, 1) + 1,
        unfilled_cost=np.array([[100, 100]]),
        further_package_cost=_zeros(1),
        further_source_cost=_zeros(1),
        most_packages=NO_LIMIT,
        most_sources=NO_LIMIT,
        complete=False,
        complete_lines=np.zeros(2, dtype=bool),
        together=np.zeros(2, dtype=bool),
        apart=np.zeros((2, 2), dtype=bool),
        source_most_units=two + NO_LIMIT,
        source_most_minutes=two + NO_LIMIT,
        source_package_minutes=two + 1,
        source_unit_minutes=two + 1,
        service_most_packages=_zeros(1) + NO_LIMIT,
    )


def _zeros(*shape: int) -> Ints:
    return np.zeros(shape, dtype=np.int64)
