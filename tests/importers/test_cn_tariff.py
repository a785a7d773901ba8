import pytest

from solver.importers.cn.by_distance import KnownLane, step_at, steps_of
from solver.importers.cn.places import Gazetteer, read_gazetteer
from solver.importers.cn.rate_cards import read_lanes
from solver.importers.cn.tariff import make_carriers, make_services
from solver.importers.cn.warehouses import make_warehouses
from solver.importers.intake import Intake
from solver.network.model import Band, RateCard, Service, SourceKind
from solver.network.zones import Zoning
from tests.importers.data_folder import DataFolder

DESTINATIONS = frozenset({"CN-320000", "CN-320500", "CN-420000", "CN-420100", "CN-650000", "CN-650100"})
DAY = 1440
WUHAN, SUZHOU, URUMQI = (("CN-420100", "CN-420000"), ("CN-320500", "CN-320000"), ("CN-650100", "CN-650000"))
NANJING, CHENGDU = ("CN-320100", "CN-320000"), ("CN-510100", "CN-510000")


@pytest.fixture
def services(folder: DataFolder) -> dict[str, Service]:
    folder.codes()
    folder.cards()
    gazetteer: Gazetteer = read_gazetteer(folder.root, Intake())
    lanes = read_lanes(folder.root, gazetteer, Intake())
    made = make_services(lanes, DESTINATIONS, make_warehouses(gazetteer), gazetteer, Intake())
    return {service.service_id: service for service in made}


def price_and_days(
    service: Service, origin: tuple[str, ...], destination: tuple[str, ...], kilometers: int, grams: int
) -> tuple[int | None, int] | None:
    zone = Zoning.of(service).zone(origin, destination, kilometers * 1000)
    if zone is None:
        return None
    rate = next(rate for rate in service.rates if rate.zone == zone)
    return rate.card.price_minor(max(grams, service.min_billable_grams)), rate.transit_minutes // DAY


def test_from_jiangsu_the_card_itself_holds_whatever_the_distance(services: dict[str, Service]) -> None:
    sf, sto, ane = services["sf-standard"], services["sto-standard"], services["ane-standard"]
    assert price_and_days(sf, NANJING, WUHAN, 1, 3_200) == (1_240, 2)
    assert price_and_days(sf, NANJING, SUZHOU, 9_000, 3_200) == (870, 1)
    assert price_and_days(sto, NANJING, URUMQI, 1, 2_500) == (3_950, 6)
    assert price_and_days(ane, NANJING, WUHAN, 1, 10_000) == (2_750, 3)
    assert price_and_days(services["ane-timed"], NANJING, WUHAN, 1, 10_000) == (3_200, 2)
    assert price_and_days(services["xinliang-freight"], NANJING, WUHAN, 1, 60_000) == (6_000, 3)


def test_parcels_from_elsewhere_are_priced_by_the_distance_to_the_order(services: dict[str, Service]) -> None:
    sf = services["sf-standard"]
    assert price_and_days(sf, CHENGDU, WUHAN, 300, 3_200) == (870, 1)  # as from Wuxi within Jiangsu
    assert price_and_days(sf, CHENGDU, WUHAN, 301, 3_200) == (1_240, 2)  # as to Hubei
    assert price_and_days(sf, CHENGDU, WUHAN, 3_000, 3_200) == (3_600, 4)  # as to Xinjiang


def test_a_parcel_card_that_misses_a_province_is_not_stretched_to_other_origins(services: dict[str, Service]) -> None:
    sto = services["sto-standard"]  # its card has no row for Jiangsu
    assert price_and_days(sto, NANJING, WUHAN, 500, 4_000) == (1_070, 3)
    assert price_and_days(sto, NANJING, SUZHOU, 1, 4_000) is None
    assert price_and_days(sto, CHENGDU, WUHAN, 980, 4_000) is None


def test_what_each_card_leads_to_what_is_kept_and_what_is_left_out_is_told(folder: DataFolder) -> None:
    folder.codes()
    folder.cards()
    gazetteer, intake = read_gazetteer(folder.root, Intake()), Intake()
    lanes = read_lanes(folder.root, gazetteer, Intake())
    to_hubei = {"CN-420000", "CN-420100"}

    make_services(lanes, DESTINATIONS, make_warehouses(gazetteer), gazetteer, intake)
    assert "sf-standard: the card prices ways to 3 provinces. All is kept: orders go there." in intake.notes
    make_services(lanes, to_hubei, make_warehouses(gazetteer), gazetteer, intake)
    assert (
        "sf-standard: the card prices ways to 3 provinces. Kept: 1 province, where orders go. Left out: 2 provinces, "
        "where none goes; these prices only help to price by distance." in intake.notes
    )
    make_services(lanes, {"CN-110000"}, make_warehouses(gazetteer), gazetteer, intake)
    assert (
        "ane-standard: the card prices ways to 2 cities. No order goes there: the service is left out." in intake.notes
    )


def test_lanes_of_an_unknown_carrier_are_left_out_and_told(folder: DataFolder) -> None:
    folder.codes()
    folder.cards([("无锡市", "某某快递", "", "x.json", "湖北省", "", "0", "", "7.0", "", "", "", "", "")])
    gazetteer, intake = read_gazetteer(folder.root, Intake()), Intake()
    lanes = read_lanes(folder.root, gazetteer, Intake())
    assert make_services(lanes, DESTINATIONS, make_warehouses(gazetteer), gazetteer, intake) == ()
    assert intake.notes[0] == "1 priced way belongs to carriers or services that are not known; left out."


def test_freight_from_elsewhere_goes_to_cities_of_the_card_only(services: dict[str, Service]) -> None:
    ane, xinliang = services["ane-standard"], services["xinliang-freight"]
    assert price_and_days(ane, CHENGDU, WUHAN, 1, 10_000) == (2_750, 3)  # about 980 km: the dearest step known
    assert price_and_days(xinliang, CHENGDU, SUZHOU, 1, 60_000) == (4_200, 3)  # Wuhan's card is cheaper above 500 kg
    assert price_and_days(ane, CHENGDU, URUMQI, 1, 10_000) is None
    assert price_and_days(ane, NANJING, URUMQI, 1, 10_000) is None
    assert (ane.distance_zones, xinliang.distance_zones) == ((), ())


def test_terms_of_each_service(services: dict[str, Service]) -> None:
    terms = {
        key: (
            service.carrier_id,
            service.volumetric_divisor_cm3_per_kg,
            service.min_billable_grams,
            service.max_weight_grams,
            service.kinds,
        )
        for key, service in services.items()
    }
    warehouses = (SourceKind.WAREHOUSE,)
    assert terms == {
        "sf-standard": ("sf", 6000, 0, 20_000, ()),
        "sto-standard": ("sto", 6000, 0, 0, ()),
        "ane-standard": ("ane", 0, 15_000, 70_000, warehouses),
        "ane-timed": ("ane", 0, 15_000, 70_000, warehouses),
        "xinliang-freight": ("xinliang", 0, 0, 0, warehouses),
    }
    assert {service.currency for service in services.values()} == {"CNY"}
    assert [carrier.carrier_id for carrier in make_carriers()] == ["sf", "sto", "ane", "xinliang"]


def test_every_zone_that_is_named_has_a_rate_and_every_rate_is_named(services: dict[str, Service]) -> None:
    for service in services.values():
        named = {pair.zone for pair in service.region_zones} | {step.zone for step in service.distance_zones}
        rated = [rate.zone for rate in service.rates]
        assert named == set(rated)
        assert len(rated) == len(set(rated))


def test_only_places_that_orders_go_to_get_a_zone(services: dict[str, Service]) -> None:
    for service in services.values():
        assert {pair.destination_region_id for pair in service.region_zones} <= DESTINATIONS


def flat(price_minor: int) -> RateCard:
    return RateCard(bands=(Band(up_to_grams=None, base_minor=price_minor),))


def lane(kilometers: int, price_minor: int, days: int) -> KnownLane:
    return KnownLane(distance_meters=kilometers * 1000, card=flat(price_minor), transit_minutes=days * DAY)


def test_a_step_takes_its_lower_median_and_neither_price_nor_time_falls_with_distance() -> None:
    lanes = [lane(100, 500, 2), lane(200, 900, 1), lane(300, 700, 4), lane(700, 600, 1), lane(1600, 1_000, 3)]
    steps = steps_of(lanes, (1_000,))
    assert [(step.zone, step.card.price_minor(1), step.transit_minutes // DAY) for step in steps] == [
        ("km-300", 700, 2),
        ("km-800", 700, 2),  # 600 would be cheaper than nearer by
        ("km-1500", 700, 2),  # no lane ends here
        ("km-2500", 1_000, 3),
        ("km-any", 1_000, 3),
    ]
    assert [step_at(steps, km * 1000).zone for km in (0, 300, 301, 2_501)] == ["km-300", "km-300", "km-800", "km-any"]


def test_steps_before_the_first_lane_take_its_card() -> None:
    assert [step.card.price_minor(1) for step in steps_of([lane(1000, 800, 2)], (1_000,))] == [800] * 5
