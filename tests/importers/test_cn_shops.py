from collections.abc import Callable

import pytest

from solver.importers.cn.places import read_gazetteer
from solver.importers.cn.shops import DEALERS, STORES, ShopTerms, read_shops
from solver.importers.intake import Intake
from solver.importers.result import Rejection
from solver.network.model import Hours, Source, SourceKind
from tests.importers.data_folder import DataFolder

ShopRow = Callable[..., list[str]]


def read(folder: DataFolder, *rows: list[str], terms: ShopTerms = STORES) -> tuple[list[Source], Intake]:
    folder.codes()
    (folder.stores if terms is STORES else folder.dealers)(rows)
    intake = Intake()
    gazetteer = read_gazetteer(folder.root, Intake())
    return list(read_shops(folder.root, terms, gazetteer, intake)), intake


def test_a_store_keeps_its_place_and_hours(folder: DataFolder, shop_row: ShopRow) -> None:
    (store,), intake = read(folder, shop_row())
    assert store == Source(
        source_id="dji-3234b666",
        name="武汉店",
        kind=SourceKind.STORE,
        region_id="CN-420100",
        latitude=30.60,
        longitude=114.30,
        time_zone="Asia/Shanghai",
        hours=Hours(opens_minute=600, closes_minute=1320),
        lead_minutes=120,
        handling_per_package_minor=200,
        handling_per_unit_minor=30,
    )
    assert (intake.rejected, dict(intake.repairs)) == ([], {})


def test_the_other_file_holds_dealers(folder: DataFolder, shop_row: ShopRow) -> None:
    (dealer,), _ = read(folder, shop_row(province="北京市", city="市辖区", lat="39.9", lng="116.4"), terms=DEALERS)
    assert (dealer.source_id, dealer.kind, dealer.region_id) == (
        "insta360-3234b666",
        SourceKind.DEALER,
        "CN-110100",
    )


@pytest.mark.parametrize(
    ("text", "hours", "rule"),
    [
        ("", (600, 1320), "shop hours: missing, 10:00 to 22:00 assumed"),
        ("11", (600, 1320), "shop hours: unreadable, 10:00 to 22:00 assumed"),
        (
            "周日~周四10:00~21:00,周五周六9:30~22:00",
            (600, 1260),
            "shop hours: differ by day or season, the hours common to all are taken",
        ),
    ],
)
def test_hours_are_mended_by_a_counted_rule(
    folder: DataFolder, shop_row: ShopRow, text: str, hours: tuple[int, int], rule: str
) -> None:
    (store,), intake = read(folder, shop_row(business_hours=text))
    assert (store.hours.opens_minute, store.hours.closes_minute) == hours
    assert dict(intake.repairs) == {rule: 1}


@pytest.mark.parametrize(
    ("lat", "lng", "reason", "text"),
    [
        ("30.60", "30.60", "coordinates_far_from_city", "lat=30.60 lng=30.60 city=武汉市"),
        ("23.13", "113.26", "coordinates_far_from_city", "lat=23.13 lng=113.26 city=武汉市"),
        ("", "114.30", "unreadable_coordinates", "lat= lng=114.30"),
    ],
)
def test_a_coordinate_that_cannot_be_is_rejected_and_the_city_stands_in(
    folder: DataFolder, shop_row: ShopRow, lat: str, lng: str, reason: str, text: str
) -> None:
    (store,), intake = read(folder, shop_row(lat=lat, lng=lng))
    assert (store.latitude, store.longitude) == (30.59, 114.31)
    assert intake.rejected == [Rejection(file=STORES.file, line=2, reason=reason, text=text)]
    assert dict(intake.repairs) == {"shop coordinates: not usable, the centre of the city stands in": 1}


@pytest.mark.parametrize(
    ("changes", "reason", "text"),
    [
        ({"status": "停业"}, "not_open", "status=停业"),
        ({"uuid": "3234b666-15fe"}, "repeated_shop", "uuid=3234b666-15fe"),
        ({"uuid": ""}, "repeated_shop", "uuid="),
        ({"uuid": "b", "city": "某市"}, "unknown_place", "province=湖北省 city=某市"),
        ({"uuid": "b", "province": "火星"}, "unknown_place", "province=火星 city=武汉市"),
    ],
)
def test_a_shop_that_cannot_ship_is_rejected(
    folder: DataFolder, shop_row: ShopRow, changes: dict[str, str], reason: str, text: str
) -> None:
    shops, intake = read(folder, shop_row(), shop_row(**changes))
    assert [shop.source_id for shop in shops] == ["dji-3234b666"]
    assert intake.rejected == [Rejection(file=STORES.file, line=3, reason=reason, text=text)]
