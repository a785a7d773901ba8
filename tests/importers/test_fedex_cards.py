"""FedEx Ground's list prices: by hand, every cell of the real list computed anew, and lists that are spoiled."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import ceil
from pathlib import Path

import pytest

from solver.errors import InvalidRequest, NotFound, Violations
from solver.importers.rate_cards.fedex import CLOSED_RULE, COLUMNS, FILE, ZONE_MILES
from solver.importers.rate_cards.importer import import_fedex_cards
from solver.importers.result import Rejection
from solver.network.lanes import Lane, WeightRefusal
from solver.network.model import Service
from solver.network.validate import check_tariff
from solver.network.zones import Zoning
from tests.importers.data_folder import DataFolder

POUND_GRAMS = Fraction("453.59237")
CUBIC_INCH_MM3 = Fraction("16387.064")
MILE_METERS = Fraction("1609.344")


@cache
def service(data: Path) -> Service:
    (one,) = import_fedex_cards(data).scenario.services
    return one


def lane_in(one: Service, zone: str) -> Lane:
    card = next(rate.card for rate in one.rates if rate.zone == zone)
    return Lane(
        source_id="S",
        service_id=one.service_id,
        carrier_id=one.carrier_id,
        distance_meters=0,
        arrives_at=datetime(2025, 6, 2, tzinfo=UTC),
        card=card,
        volumetric_divisor_in3_per_lb=one.volumetric_divisor_in3_per_lb,
        max_weight_grams=one.max_weight_grams,
    )


@pytest.mark.parametrize(
    ("zone", "grams", "price_minor"),
    [
        ("2", 1, 1_132),  # every begun pound: the first
        ("2", 453, 1_132),  # 0.9987 lb
        ("2", 454, 1_208),  # 1.0009 lb is begun the second
        ("5", 907, 1_484),  # 1.9996 lb
        ("5", 908, 1_593),  # 2.0018 lb
        ("5", 10_000, 2_731),  # 22.05 lb: the 23rd
        ("8", 22_679, 8_499),  # 49.9986 lb: the 50th
        ("8", 68_038, 17_434),  # 149.998 lb: the last
        ("8", 68_039, None),  # 150.0003 lb
    ],
)
def test_a_package_costs_what_the_list_says(real_data: Path, zone: str, grams: int, price_minor: int | None) -> None:
    assert lane_in(service(real_data), zone).freight_minor(grams, 0) == price_minor


def test_every_cell_of_the_list_is_priced_to_the_cent_at_both_ends_of_its_pound(real_data: Path) -> None:
    with (real_data / FILE).open(newline="") as file:
        rows = {int(row["weight_lb_max"]): row for row in csv.DictReader(file)}
    assert sorted(rows) == list(range(1, 151))
    lanes = {zone: lane_in(service(real_data), zone) for zone in ZONE_MILES}
    for grams in {
        grams
        for pounds in rows
        for end in [int(pounds * POUND_GRAMS)]
        for grams in (end - 453, end - 452, end - 226, end - 1, end)
        if grams > 0
    }:
        row = rows[ceil(grams / POUND_GRAMS)]
        for zone, lane in lanes.items():
            freight_minor = lane.freight_minor(grams, 0)
            assert freight_minor is not None
            assert Decimal(freight_minor) / 100 == Decimal(row[f"zone_{zone}"]), (grams, zone)


@pytest.mark.parametrize(
    ("miles", "zone", "beyond"),
    [(150, "2", "3"), (300, "3", "4"), (600, "4", "5"), (1000, "5", "6"), (1400, "6", "7"), (1800, "7", "8")],
)
def test_zones_end_at_whole_miles(real_data: Path, miles: int, zone: str, beyond: str) -> None:
    zoning = Zoning.of(service(real_data))
    last = int(miles * MILE_METERS)  # no whole meter between it and the mile
    assert zoning.zone((), (), last) == zone
    assert zoning.zone((), (), last + 1) == beyond


def test_the_next_door_is_zone_2_and_the_farthest_place_zone_8(real_data: Path) -> None:
    zoning = Zoning.of(service(real_data))
    assert (zoning.zone((), (), 0), zoning.zone((), (), 20_000_000)) == ("2", "8")


def test_a_box_is_billed_by_its_cubic_inches(real_data: Path) -> None:
    zone_5 = lane_in(service(real_data), "5")
    foot = int(12**3 * CUBIC_INCH_MM3)  # 1,728 cubic inches / 139 = 12.43: 13 lb
    assert zone_5.freight_minor(2_268, foot) == 2_037
    assert zone_5.freight_minor(5_897, foot) == 2_087  # 13.001 lb are more
    assert zone_5.weight_refusal(2_268, int(20_900 * CUBIC_INCH_MM3)) is WeightRefusal.ABOVE_CARD


def test_every_box_of_whole_cubic_inches_is_billed_at_its_begun_pound(real_data: Path) -> None:
    lane = lane_in(service(real_data), "2")
    with (real_data / FILE).open(newline="") as file:
        due = {int(row["weight_lb_max"]): Decimal(row["zone_2"]) for row in csv.DictReader(file)}
    wrong = []
    for cubic_inches in range(1, 150 * 139 + 1):
        freight_minor = lane.freight_minor(1, int(cubic_inches * CUBIC_INCH_MM3)) or 0
        if Decimal(freight_minor) / 100 != due[ceil(Fraction(cubic_inches, 139))]:
            wrong.append(cubic_inches)
    assert (cubic_inches, wrong) == (20_850, [])


def test_the_service_is_sound_and_names_what_is_assumed(real_data: Path) -> None:
    violations = Violations()
    check_tariff(service(real_data), set(), "fedex", violations)
    assert violations.found == []
    assert service(real_data).currency == "USD"
    assert service(real_data).assumed == (
        "volumetric divisor: 139 cubic inches per pound",
        "lead time: 1/2/2/3/4/4/5 days in zones 2 to 8",
        "surcharges: none (fuel, residential and delivery area surcharges stand in other lists)",
    )
    assert len(service(real_data).assumed_zh) == 3


def listed(folder: DataFolder, *rows: Sequence[str]) -> DataFolder:
    folder.write(FILE, COLUMNS, rows)
    return folder


def prices_of(pounds: str, first: str) -> tuple[str, ...]:
    return (pounds, first, *(["20.00"] * 6))


def test_a_pound_that_cannot_be_read_is_closed_and_told(folder: DataFolder) -> None:
    listed(folder, prices_of("1", "11.32"), prices_of("2", "12.085"), prices_of("3", "12.57"), prices_of("3", "1.00"))
    result = import_fedex_cards(folder.root)
    lane = lane_in(result.scenario.services[0], "2")
    assert [lane.freight_minor(grams, 0) for grams in (453, 454, 907, 908, 1_360, 1_361)] == [
        1_132,
        None,
        None,
        1_257,
        1_257,
        None,
    ]
    assert lane.weight_refusal(500, 0) is WeightRefusal.BAND_CLOSED
    assert result.repairs == ((CLOSED_RULE, 1),)
    assert result.rejected == (
        Rejection(file=FILE, line=3, reason="unreadable_number", text="zone_2=12.085"),
        Rejection(file=FILE, line=5, reason="repeated_weight", text="weight_lb_max=3"),
    )


@pytest.mark.parametrize("pounds", ["0", "-1", "1.5", "heavy"])
def test_a_weight_that_is_no_whole_pound_is_rejected(folder: DataFolder, pounds: str) -> None:
    result = import_fedex_cards(listed(folder, prices_of("1", "11.32"), prices_of(pounds, "1.00")).root)
    assert result.rejected == (
        Rejection(file=FILE, line=3, reason="unreadable_number", text=f"weight_lb_max={pounds}"),
    )


def test_a_list_without_prices_or_columns_ends_the_import(folder: DataFolder) -> None:
    with pytest.raises(NotFound, match="has no file us_tariffs"):
        import_fedex_cards(folder.root)
    with pytest.raises(NotFound, match="has no row with prices"):
        import_fedex_cards(listed(folder).root)
    folder.write(FILE, COLUMNS[:3], [])
    with pytest.raises(InvalidRequest, match="needs the columns zone_4"):
        import_fedex_cards(folder.root)
