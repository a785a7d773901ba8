import pytest

from solver.errors import InvalidRequest
from solver.importers.olist.freight import FreightSample, FreightStep, fit_steps
from solver.importers.olist.network import make_services
from solver.network.zones import Zoning


def parcels(count: int, *, kilometers: int, grams: int, freight_minor: int, minutes: int = 1000) -> list[FreightSample]:
    sample = FreightSample(
        distance_meters=kilometers * 1000,
        billable_grams=grams,
        freight_minor=freight_minor,
        transit_minutes=minutes,
    )
    return [sample] * count


def figures(step: FreightStep) -> tuple[int, int, int]:
    return step.first_minor, step.further_minor, step.transit_minutes


def test_a_step_is_the_median_first_kilogram_and_the_median_of_each_further_one() -> None:
    near = [
        *parcels(10, kilometers=10, grams=900, freight_minor=800),
        *parcels(11, kilometers=20, grams=1_000, freight_minor=900),
        *parcels(21, kilometers=30, grams=2_500, freight_minor=1_200),  # 2 further kilograms for 3.00
    ]
    first, *others = fit_steps(near)
    assert (first.up_to_meters, first.samples, figures(first)) == (50_000, 42, (900, 150, 1000))
    assert {figures(step) for step in others} == {(900, 150, 1000)}
    assert [step.up_to_meters for step in others][-1] is None


def test_neither_price_nor_time_falls_with_distance() -> None:
    samples = [
        *parcels(20, kilometers=10, grams=500, freight_minor=1_000, minutes=3000),
        *parcels(20, kilometers=10, grams=2_000, freight_minor=1_100),
        *parcels(20, kilometers=100, grams=500, freight_minor=700, minutes=1000),
        *parcels(20, kilometers=200, grams=500, freight_minor=1_500, minutes=9000),
        *parcels(20, kilometers=200, grams=2_000, freight_minor=1_550, minutes=9000),
    ]
    steps = fit_steps(samples)
    assert [figures(step) for step in steps[:3]] == [(1_000, 100, 1000), (1_000, 100, 1000), (1_500, 100, 9000)]


def test_a_step_with_fewer_than_twenty_parcels_takes_the_nearer_one() -> None:
    samples = [
        *parcels(20, kilometers=10, grams=500, freight_minor=1_000),
        *parcels(19, kilometers=100, grams=500, freight_minor=9_000),
    ]
    assert [figures(step) for step in fit_steps(samples)[:2]] == [(1_000, 0, 1000), (1_000, 0, 1000)]


def test_without_a_parcel_of_up_to_a_kilogram_nothing_is_fitted() -> None:
    with pytest.raises(InvalidRequest, match="to fit a tariff to"):
        fit_steps(parcels(30, kilometers=10, grams=1_001, freight_minor=1_000))


def test_the_services_carry_the_fit_and_express_costs_and_hurries_by_its_factors() -> None:
    samples = [
        *parcels(20, kilometers=10, grams=500, freight_minor=1_005),
        *parcels(20, kilometers=10, grams=2_000, freight_minor=1_100),
        *parcels(20, kilometers=400, grams=500, freight_minor=1_500, minutes=9001),
    ]
    standard, express = make_services(fit_steps(samples), (None,) * 9)
    for service, near, far in ((standard, (1_195, 1000), (1_690, 9001)), (express, (1_912, 500), (2_704, 4501))):
        rates = {rate.zone: rate for rate in service.rates}
        found = []
        for meters in (50_000, 600_000):
            rate = rates[Zoning.of(service).zone(("BR-SP",), ("BR-RJ",), meters) or ""]
            found.append((rate.card.price_minor(2_001), rate.transit_minutes))
        assert found == [near, far]
        assert (service.currency, service.volumetric_divisor_cm3_per_kg) == ("BRL", 6000)
