"""The four carriers' cards from Wuxi as services: by hand, and every row of the real file computed anew."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from functools import cache
from pathlib import Path

import pytest

from solver.errors import Violations
from solver.importers.cn.places import Gazetteer, read_gazetteer
from solver.importers.intake import Intake
from solver.importers.rate_cards.importer import import_wuxi_cards
from solver.importers.rate_cards.wuxi import CLOSED_RULE, FILE
from solver.importers.rate_cards.wuxi_services import UNPLACED_RULE, WUXI_ID
from solver.importers.result import ImportResult, Rejection
from solver.network.lanes import Lane, WeightRefusal, lanes_to
from solver.network.model import Source, SourceKind
from solver.network.network import Network
from solver.network.validate import check_region, check_tariff
from solver.orders.model import Address
from solver.scenario.files import read_scenario, write_scenario
from tests.importers.data_folder import CARDS, DataFolder

SERVICE_IDS = {
    ("顺丰快递", ""): "sf-standard",
    ("申通快递", ""): "sto-standard",
    ("安能物流", "anneng"): "ane-standard",
    ("安能物流", "anneng_timed"): "ane-timed",
    ("新亮物流", ""): "xinliang-freight",
}


@cache
def imported(data: Path) -> ImportResult:
    return import_wuxi_cards(data)


@cache
def network(data: Path) -> Network:
    """The cards with one warehouse in Wuxi."""
    scenario = imported(data).scenario
    warehouse = Source(
        source_id="W", name="", kind=SourceKind.WAREHOUSE, region_id=WUXI_ID, latitude=31.57, longitude=120.30
    )
    return Network.of(
        regions=scenario.regions, sources=(warehouse,), carriers=scenario.carriers, services=scenario.services
    )


@cache
def lanes_from_wuxi(data: Path, region_id: str) -> dict[str, Lane]:
    world = network(data)
    place = world.place(Address(region_id=region_id))
    lanes, _ = lanes_to(world, place, placed_at=datetime(2025, 6, 2, tzinfo=UTC), source_ids=("W",))
    return {lane.service_id: lane for lane in lanes}


@cache
def gazetteer(data: Path) -> Gazetteer:
    return read_gazetteer(data, Intake())


HUBEI, XINJIANG, GUANGDONG, KUNMING, HANGZHOU = (f"CN-{code}" for code in (420000, 650000, 440000, 530100, 330100))


@pytest.mark.parametrize(
    ("service_id", "region_id", "grams", "price_minor"),
    [
        ("sf-standard", HUBEI, 1_000, 700),  # the first kilogram
        ("sf-standard", HUBEI, 1_001, 880),  # 7 + 1 x 1.8
        ("sf-standard", HUBEI, 3_200, 1_240),  # 7 + 3 x 1.8
        ("sf-standard", HUBEI, 20_000, 4_120),  # 7 + 19 x 1.8
        ("sf-standard", HUBEI, 20_001, None),  # no package above 20 kg
        ("sf-standard", XINJIANG, 2_500, 2_800),  # 12 + 2 x 8
        ("sto-standard", GUANGDONG, 1_000, 350),
        ("sto-standard", GUANGDONG, 2_500, 450),
        ("sto-standard", GUANGDONG, 3_000, 450),
        ("sto-standard", GUANGDONG, 3_001, 1_070),  # 3.5 + 4 x 1.8: the whole weight
        ("sto-standard", XINJIANG, 800, 1_550),  # 3.5 + 1 x 12 from the first gram on
        ("ane-standard", KUNMING, 1, 4_250),  # 5 + 15 x 2.5: 15 kg at least
        ("ane-standard", KUNMING, 15_001, 4_500),  # 5 + 16 x 2.5
        ("ane-standard", KUNMING, 70_000, 18_000),  # 5 + 70 x 2.5
        ("ane-standard", KUNMING, 70_001, None),
        ("ane-timed", KUNMING, 20_000, 6_100),  # 5 + 20 x 2.8
        ("xinliang-freight", HANGZHOU, 50_000, 3_000),
        ("xinliang-freight", HANGZHOU, 50_001, 3_570),  # 51 x 0.7
        ("xinliang-freight", HANGZHOU, 200_000, 14_000),  # 200 x 0.7
        ("xinliang-freight", HANGZHOU, 200_001, 10_050),  # 201 x 0.5: the price falls
        ("xinliang-freight", HANGZHOU, 700_000, 31_500),  # 700 x 0.45
        ("xinliang-freight", HANGZHOU, 5_000_000, 150_000),  # 5000 x 0.3
    ],
)
def test_a_package_from_wuxi_costs_what_the_card_says(
    real_data: Path, service_id: str, region_id: str, grams: int, price_minor: int | None
) -> None:
    assert lanes_from_wuxi(real_data, region_id)[service_id].freight_minor(grams, 0) == price_minor


@pytest.mark.parametrize(
    ("service_id", "region_id", "cm3", "price_minor"),
    [
        ("sf-standard", HUBEI, 6_000, 700),  # 1 kg by volume
        ("sf-standard", HUBEI, 18_000, 1_060),  # 3 kg: 7 + 2 x 1.8
        ("sf-standard", HUBEI, 18_001, 1_240),  # 4 begun kilograms
        ("sto-standard", GUANGDONG, 18_001, 1_070),  # 3.5 + 4 x 1.8
        ("ane-standard", KUNMING, 900_000, 4_250),  # volume does not count: 5 + 15 x 2.5
    ],
)
def test_a_light_and_large_package_is_billed_by_volume(
    real_data: Path, service_id: str, region_id: str, cm3: int, price_minor: int
) -> None:
    assert lanes_from_wuxi(real_data, region_id)[service_id].freight_minor(500, cm3 * 1_000) == price_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One row of the file, priced in yuan by its own words and by nothing of the product."""

    values: dict[str, str]

    @property
    def begins_grams(self) -> int:
        return int(Decimal(self.values["weight_from_kg"]) * 1000)

    @property
    def ends_grams(self) -> int | None:
        return int(Decimal(self.values["weight_to_kg"]) * 1000) if self.values["weight_to_kg"] else None

    @property
    def weights(self) -> list[int]:
        """Just above the band's beginning, around its middle, up to its end; an endless band is looked at to 9 t."""
        first, last = self.begins_grams + 1, self.ends_grams or 9_000_000
        middle = (first + last) // 2
        whole = middle // 1000 * 1000
        return sorted({first, min(first + 999, last), max(whole, first), whole + 1, middle, last - 1, last})

    def yuan(self, grams: int) -> Decimal:
        kilograms = Decimal(grams) / 1000
        if self.values["min_chargeable_kg"]:
            kilograms = max(kilograms, Decimal(self.values["min_chargeable_kg"]))
        price = Decimal(self.values["fixed_price"])
        if self.values["per_kg_basis"] == "whole weight":
            price += Decimal(self.values["price_per_kg"]) * begun(kilograms)
        elif self.values["per_kg_basis"] == "excess over 1 kg":
            price += Decimal(self.values["price_per_kg"]) * begun(kilograms - 1)
        else:
            assert self.values["price_per_kg"] == self.values["per_kg_basis"] == ""
        return price


def begun(kilograms: Decimal) -> Decimal:
    return kilograms.to_integral_value(rounding=ROUND_CEILING)


@cache
def stated_rows(data: Path) -> tuple[Stated, ...]:
    with (data / FILE).open(encoding="utf-8-sig", newline="") as file:
        return tuple(Stated(values=row) for row in csv.DictReader(file))


def lane_of(data: Path, row: Stated) -> Lane:
    values = row.values
    return lanes_from_wuxi(data, region_id_of(data, values["dest_province"], values["dest_city"]))[
        SERVICE_IDS[values["carrier"], values["service"]]
    ]


def region_id_of(data: Path, province: str, city: str) -> str:
    above = gazetteer(data).province(province)
    assert above is not None
    place = gazetteer(data).within(above, city) if city else above
    return f"{above.region_id}/{city}" if place is None else place.region_id


def test_every_row_of_the_file_is_priced_to_the_cent_at_its_ends_and_within(real_data: Path) -> None:
    priced = 0
    for row in stated_rows(real_data):
        lane = lane_of(real_data, row)
        for grams in row.weights:
            freight_minor = lane.freight_minor(grams, 0)
            assert freight_minor is not None, (row, grams)
            assert Decimal(freight_minor) / 100 == row.yuan(grams), (row, grams)
            priced += 1
    assert len(stated_rows(real_data)) == 3_263
    assert priced == 19_422


def test_what_lies_outside_every_row_of_a_destination_is_not_carried(real_data: Path) -> None:
    ends: dict[tuple[str, ...], list[tuple[int, int | None]]] = {}
    for row in stated_rows(real_data):
        key = tuple(row.values[name] for name in ("carrier", "service", "dest_province", "dest_city"))
        ends.setdefault(key, []).append((row.begins_grams, row.ends_grams))
    closed = above = 0
    for (carrier, service, province, city), spans in ends.items():
        region_id = region_id_of(real_data, province, city)
        lane = lanes_from_wuxi(real_data, region_id)[SERVICE_IDS[carrier, service]]
        if begins := min(begin for begin, _ in spans):
            assert lane.weight_refusal(1, 0) is lane.weight_refusal(begins, 0) is WeightRefusal.BAND_CLOSED
            closed += 1
        last = max((end or 10**12) for _, end in spans)
        if last < 10**12:
            assert lane.weight_refusal(last + 1, 0) is WeightRefusal.ABOVE_LIMIT
            above += 1
    assert (len(ends), closed, above) == (31 + 31 + 540 + 540 + 337, 7, 31 + 540 + 540)


def test_lead_times_are_the_longer_of_those_stated(real_data: Path) -> None:
    rates = {service.service_id: service for service in imported(real_data).scenario.services}
    stated = {"ane-standard": "1-2天 2-3天 3-4天 4-5天 5-6天 6-7天", "ane-timed": "1天 2天 3天 4天 5天"}
    for service_id, texts in stated.items():
        days = {rate.transit_minutes // 1440 for rate in rates[service_id].rates}
        assert days == {int(text.removesuffix("天").split("-")[-1]) for text in texts.split()}


def test_no_row_is_rejected_and_what_was_mended_is_counted(real_data: Path) -> None:
    result = imported(real_data)
    assert [item for item in result.rejected if item.file == FILE] == []
    assert dict(result.repairs) == {CLOSED_RULE: 7, UNPLACED_RULE: 121}
    assert [len(service.region_zones) for service in result.scenario.services] == [31, 31, 540, 540, 337]


def test_the_services_are_sound_and_read_back_equal(real_data: Path, tmp_path: Path) -> None:
    scenario, violations = imported(real_data).scenario, Violations()
    region_ids = {region.region_id for region in scenario.regions}
    for region in scenario.regions:
        check_region(region, region_ids, region.region_id, violations)
    for service in scenario.services:
        check_tariff(service, region_ids, service.service_id, violations)
    assert violations.found == []
    write_scenario(scenario, tmp_path)
    assert read_scenario(tmp_path) == scenario


def made(folder: DataFolder, cards: Sequence[Sequence[str]]) -> ImportResult:
    folder.codes()
    folder.cards(cards)
    return import_wuxi_cards(folder.root)


def test_what_the_cards_do_not_state_is_named_as_assumed(folder: DataFolder) -> None:
    scenario = made(folder, CARDS).scenario
    assumed = {service.service_id: service.assumed for service in scenario.services}
    assert assumed["sf-standard"] == (
        "rounding of weight: every begun kilogram is charged in full",
        "volumetric divisor: 6000 cm3 per kg",
        "surcharges: none",
        "lead time: 1/2/2/3/4 days up to 300, 800, 1500, 2500 km and beyond",
    )
    assert assumed["ane-timed"] == (
        "rounding of weight: every begun kilogram is charged in full",
        "volumetric divisor: volume does not count",
        "surcharges: none",
        "lead time: the longer of the days stated",
    )
    chinese = {service.service_id: service.assumed_zh for service in scenario.services}
    assert chinese["sf-standard"] == (
        "重量进位：不足一公斤按一公斤计费",
        "体积重除数：每公斤 6000 立方厘米",
        "附加费：无",
        "时效：300、800、1500、2500 公里以内及更远分别为 1/2/2/3/4 天",
    )
    assert chinese["ane-timed"][1::2] == ("体积重除数：不计体积", "时效：取所列天数中较长者")
    assert scenario.assumptions[0] == "sf-standard: rounding of weight: every begun kilogram is charged in full."


def test_the_cards_hold_from_wuxi_alone(folder: DataFolder) -> None:
    for service in made(folder, CARDS).scenario.services:
        assert {pair.origin_region_id for pair in service.region_zones} == {WUXI_ID}
        assert service.distance_zones == ()


def test_regions_come_with_those_above_them_up_to_the_country(folder: DataFolder) -> None:
    regions = {region.region_id: region for region in made(folder, CARDS).scenario.regions}
    assert sorted(regions) == [
        "CN-320000",
        "CN-320200",
        "CN-320500",
        "CN-420000",
        "CN-420100",
        "CN-650000",
    ]
    assert (regions["CN-420100"].parent_id, regions["CN-420100"].country) == ("CN-420000", "")
    assert (regions["CN-420000"].parent_id, regions["CN-420000"].country) == ("", "CN")


def test_a_part_of_a_city_becomes_a_region_of_its_own_at_its_provinces_centre(folder: DataFolder) -> None:
    row = ("无锡市", "新亮物流", "", "xl.json", "湖北省", "武汉光谷", "0", "", "40.0", "", "", "", "", "2-3天")
    result = made(folder, [row])
    own = next(region for region in result.scenario.regions if region.name == "武汉光谷")
    assert (own.region_id, own.parent_id) == ("CN-420000/武汉光谷", "CN-420000")
    assert (own.latitude, own.longitude) == (30.55, 114.34)
    assert result.repairs == ((UNPLACED_RULE, 1),)
    (service,) = result.scenario.services
    assert [pair.destination_region_id for pair in service.region_zones] == ["CN-420000/武汉光谷"]


@pytest.mark.parametrize(
    ("row", "reason", "text"),
    [
        (
            ("无锡市", "某某快递", "", "x.json", "湖北省", "", "0", "", "7.0", "", "", "", "", ""),
            "unknown_service",
            "carrier=某某快递 service=",
        ),
        (
            ("无锡市", "新亮物流", "", "xl.json", "火星", "某市", "0", "", "7.0", "", "", "", "", "1天"),
            "unknown_place",
            "dest_province=火星",
        ),
        (
            ("无锡市", "新亮物流", "", "xl.json", "湖北", "武汉", "0", "", "7.0", "", "", "", "", "1天"),
            "lane_given_twice",
            "武汉 is 武汉市",
        ),
    ],
)
def test_a_card_that_cannot_be_placed_is_rejected(
    folder: DataFolder, row: tuple[str, ...], reason: str, text: str
) -> None:
    result = made(folder, [*CARDS, row])
    assert [item for item in result.rejected if item.file == FILE] == [
        Rejection(file=FILE, line=len(CARDS) + 2, reason=reason, text=text)
    ]
