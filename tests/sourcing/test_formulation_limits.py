"""The constraint families that count packages and sources, each alone."""

from dataclasses import replace

import pytest

from solver.sourcing.candidates import candidates
from solver.sourcing.formulation import Formulation, formulate
from solver.sourcing.problem import Problem
from tests.sourcing.made import PATIENT, flat, lane, line, offer, problem
from tests.sourcing.rows import allows, families_of


def formulated(asked: Problem) -> Formulation:
    return formulate(asked, candidates(asked))


def three_sources_of_one_unit(*, max_packages: int = 3, max_sources: int = 0, split_minor: int = 200) -> Formulation:
    names = ("S1", "S2", "S3")
    return formulated(
        problem(
            lines=(line("1", 3, {"A": 1}),),
            grams={"A": 900},
            offers=tuple(offer(name, {"A": 1}) for name in names),
            lanes=tuple(lane(name, flat(600)) for name in names),
            policy=replace(PATIENT, max_packages=max_packages, max_sources=max_sources, split_minor=split_minor),
        )
    )


@pytest.mark.parametrize(("sources", "allowed"), [("", True), ("1", True), ("13", True), ("123", False)])
def test_at_most_the_allowed_number_of_packages_opens(sources: str, allowed: bool) -> None:
    point = {f"open_package[S{number},V,0]": 1 for number in sources}
    formulation = three_sources_of_one_unit(max_packages=2)
    assert allows(formulation, "packages_stay_within_the_limit", point) is allowed


@pytest.mark.parametrize(
    ("opened", "used", "allowed"),
    [("12", "12", True), ("1", "12", True), ("12", "1", False), ("123", "123", False), ("", "", True)],
)
def test_at_most_the_allowed_number_of_sources_ships(opened: str, used: str, allowed: bool) -> None:
    point = {f"open_package[S{number},V,0]": 1 for number in opened} | {f"use_source[S{number}]": 1 for number in used}
    formulation = three_sources_of_one_unit(max_sources=2)
    assert allows(formulation, "sources_stay_within_the_limit", point) is allowed


def test_without_a_limit_on_sources_no_row_counts_them() -> None:
    assert "sources_stay_within_the_limit" not in families_of(three_sources_of_one_unit().program)


@pytest.mark.parametrize(
    ("sources", "further", "allowed"),
    [("", 0, True), ("2", 0, True), ("12", 0, False), ("12", 1, True), ("123", 1, False), ("123", 2, True)],
)
def test_each_package_after_the_first_pays_for_the_split(sources: str, further: int, allowed: bool) -> None:
    point = {f"open_package[S{number},V,0]": 1.0 for number in sources} | {"further_packages": float(further)}
    formulation = three_sources_of_one_unit()
    assert allows(formulation, "every_further_package_pays_for_the_split", point) is allowed


def test_where_a_split_costs_nothing_no_row_counts_it() -> None:
    formulation = three_sources_of_one_unit(split_minor=0)
    assert "every_further_package_pays_for_the_split" not in families_of(formulation.program)


@pytest.mark.parametrize(
    ("slots", "allowed"),
    [
        ((), True),
        (("U,0",), True),
        (("U,0", "U,1"), True),
        (("V,0",), True),  # another lane's first slot waits for nobody
        (("U,1",), False),
        (("U,0", "V,1"), False),
    ],
)
def test_the_slots_of_a_lane_open_in_order(slots: tuple[str, ...], allowed: bool) -> None:
    formulation = formulated(
        problem(
            lines=(line("1", 2, {"A": 1}),),
            grams={"A": 900},
            offers=(offer("S1", {"A": 2}),),
            lanes=(
                lane("S1", flat(600, up_to_grams=1_000), service_id="U"),
                lane("S1", flat(500), service_id="V", max_weight_grams=1_000, arrives_after_hours=60),
            ),
        )
    )
    point = {f"open_package[S1,{slot}]": 1 for slot in slots}
    assert allows(formulation, "slots_of_a_lane_open_in_order", point) is allowed
