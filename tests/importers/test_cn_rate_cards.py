from collections.abc import Sequence

import pytest

from solver.importers.cn.places import read_gazetteer
from solver.importers.cn.rate_cards import CardLane, read_lanes
from solver.importers.intake import Intake
from solver.importers.rate_cards.wuxi import CLOSED_RULE, FILE
from solver.importers.result import Rejection
from solver.network.model import Band, RateCard
from tests.importers.data_folder import CARD_HEADER, CARDS, DataFolder

GOOD = ("无锡市", "新亮物流", "", "xl.json", "湖北省", "武汉市", "0", "50", "40.0", "", "", "", "", "2-3天")
ABOVE = ("无锡市", "新亮物流", "", "xl.json", "湖北省", "武汉市", "50", "", "0", "1.0", "whole weight", "", "", "2-3天")


def changed(row: Sequence[str], **changes: str) -> list[str]:
    return list((dict(zip(CARD_HEADER, row, strict=True)) | changes).values())


def read(folder: DataFolder, rows: Sequence[Sequence[str]]) -> tuple[dict[tuple[str, str], CardLane], Intake]:
    """Lanes by carrier and service joined, and place code."""
    folder.codes()
    folder.cards(rows)
    intake = Intake()
    lanes = read_lanes(folder.root, read_gazetteer(folder.root, Intake()), intake)
    return {(lane.carrier + lane.service, lane.place.code): lane for lane in lanes}, intake


@pytest.mark.parametrize(
    ("carrier", "place", "grams", "price_minor"),
    [
        ("顺丰快递", "420000", 1, 700),
        ("顺丰快递", "420000", 1_000, 700),
        ("顺丰快递", "420000", 1_001, 880),  # 7 + 1 x 1.8
        ("顺丰快递", "420000", 3_200, 1_240),  # 7 + 3 x 1.8
        ("顺丰快递", "420000", 20_000, 4_120),  # 7 + 19 x 1.8
        ("顺丰快递", "420000", 20_001, None),
        ("顺丰快递", "650000", 2_500, 2_800),  # 12 + 2 x 8
        ("申通快递", "420000", 900, 350),
        ("申通快递", "420000", 2_500, 450),
        ("申通快递", "420000", 3_000, 450),
        ("申通快递", "420000", 3_001, 1_070),  # 3.5 + 4 x 1.8
        ("申通快递", "420000", 4_000, 1_070),
        ("申通快递", "650000", 2_500, 3_950),  # 3.5 + 3 x 12
        ("安能物流anneng", "420100", 15_000, 2_750),  # 5 + 15 x 1.5
        ("安能物流anneng", "420100", 70_000, 11_000),  # 5 + 70 x 1.5
        ("安能物流anneng", "420100", 70_001, None),
        ("安能物流anneng_timed", "420100", 30_000, 5_900),  # 5 + 30 x 1.8
        ("新亮物流", "420100", 50_000, 4_000),
        ("新亮物流", "420100", 60_000, 6_000),  # 60 x 1.0
        ("新亮物流", "420100", 200_000, 20_000),
        ("新亮物流", "420100", 200_001, 16_080),  # 201 x 0.8: cheaper than 200 kg, as the card has it
        ("新亮物流", "420100", 5_000_000, 300_000),  # 5000 x 0.6
        ("新亮物流", "320500", 60_000, 4_200),  # 60 x 0.7
    ],
)
def test_a_card_prices_as_the_carrier_states(
    folder: DataFolder, carrier: str, place: str, grams: int, price_minor: int | None
) -> None:
    lanes, _ = read(folder, CARDS)
    assert lanes[carrier, place].card.price_minor(grams) == price_minor


def test_weights_that_no_row_prices_are_closed_and_counted(folder: DataFolder) -> None:
    from_nothing, intake = read(folder, [ABOVE])
    assert from_nothing["新亮物流", "420100"].card == RateCard(
        bands=(
            Band(up_to_grams=50_000, base_minor=0, closed=True),
            Band(up_to_grams=None, base_minor=0, step_minor=100),
        )
    )
    assert (intake.rejected, intake.repairs) == ([], {CLOSED_RULE: 1})
    between, _ = read(folder, [GOOD, changed(ABOVE, weight_from_kg="60")])
    card = between["新亮物流", "420100"].card
    prices = [card.price_minor(grams) for grams in (50_000, 50_001, 60_000, 60_001)]
    assert prices == [4_000, None, None, 6_100]


def test_limits_and_lead_times_come_with_the_lane(folder: DataFolder) -> None:
    lanes, intake = read(folder, CARDS)
    terms = {key: (lane.min_billable_grams, lane.max_weight_grams, lane.transit_minutes) for key, lane in lanes.items()}
    assert terms["顺丰快递", "420000"] == (0, 20_000, None)
    assert terms["申通快递", "420000"] == (0, 0, None)
    assert terms["安能物流anneng", "420100"] == (15_000, 70_000, 3 * 1440)
    assert terms["安能物流anneng", "320500"] == (15_000, 70_000, 1440)
    assert terms["新亮物流", "420100"] == (0, 0, 3 * 1440)
    assert (len(lanes), intake.rejected, intake.reads[FILE]) == (10, [], len(CARDS))


@pytest.mark.parametrize(
    ("rows", "reason", "text"),
    [
        ([GOOD, changed(ABOVE, weight_from_kg="40")], "band_overlap", "band from 40 kg"),
        ([changed(GOOD, weight_to_kg=""), ABOVE], "band_overlap", "band from 50 kg"),
        ([GOOD, changed(ABOVE, weight_to_kg="50")], "band_empty", "band from 50 kg"),
        (
            [GOOD, changed(ABOVE, lead_time="4天")],
            "bands_disagree",
            "transit_minutes differs between the bands of one destination",
        ),
        (
            [GOOD, changed(ABOVE, max_weight_kg="70")],
            "bands_disagree",
            "max_weight_grams differs between the bands of one destination",
        ),
        (
            [changed(GOOD, dest_city="潮汕"), changed(ABOVE, dest_city="潮汕")],
            "unknown_place",
            "dest_province=湖北省 dest_city=潮汕",
        ),
        (
            [changed(GOOD, dest_province="火星"), changed(ABOVE, dest_province="火星")],
            "unknown_place",
            "dest_province=火星",
        ),
    ],
)
def test_a_destination_whose_bands_cannot_stand_is_rejected_row_by_row(
    folder: DataFolder, rows: list[Sequence[str]], reason: str, text: str
) -> None:
    lanes, intake = read(folder, [*CARDS[:2], *rows])
    assert set(lanes) == {("顺丰快递", "320000"), ("顺丰快递", "420000")}
    expected = [Rejection(file=FILE, line=4 + at, reason=reason, text=text) for at in range(len(rows))]
    assert [item for item in intake.rejected if item.reason == reason and item.line >= 4] == expected


@pytest.mark.parametrize(
    ("changes", "reason", "text"),
    [
        ({"origin": "上海市"}, "unknown_origin", "origin=上海市"),
        ({"fixed_price": "四十"}, "unreadable_number", "fixed_price=四十"),
        ({"weight_to_kg": "x"}, "unreadable_number", "weight_to_kg=x"),
        ({"price_per_kg": "-1", "per_kg_basis": "whole weight"}, "unreadable_number", "price_per_kg=-1"),
        ({"price_per_kg": "1", "per_kg_basis": "per bag"}, "unknown_basis", "per_kg_basis=per bag"),
        ({"per_kg_basis": "whole weight"}, "unknown_basis", "per_kg_basis=whole weight without price_per_kg"),
        ({"lead_time": "很快"}, "unreadable_lead_time", "lead_time=很快"),
    ],
)
def test_a_row_that_cannot_be_read_leaves_a_gap_that_rejects_the_rest(
    folder: DataFolder, changes: dict[str, str], reason: str, text: str
) -> None:
    lanes, intake = read(folder, [changed(GOOD, **changes), ABOVE])
    assert lanes == {}
    assert intake.rejected == [
        Rejection(file=FILE, line=2, reason=reason, text=text),
        Rejection(file=FILE, line=3, reason="band_gap", text="band from 50 kg"),
    ]


def test_a_lane_with_other_limits_than_its_services_first_is_rejected(folder: DataFolder) -> None:
    heavier = changed(GOOD, dest_province="江苏省", dest_city="苏州市", weight_to_kg="", max_weight_kg="70")
    lanes, intake = read(folder, [GOOD, ABOVE, heavier])
    assert set(lanes) == {("新亮物流", "420100")}
    assert intake.rejected == [
        Rejection(
            file=FILE,
            line=4,
            reason="limits_differ",
            text="least and greatest grams (0, 70000) after (0, 0)",
        )
    ]


def test_of_two_lanes_to_one_place_the_first_stands(folder: DataFolder) -> None:
    twice = [GOOD, ABOVE, changed(GOOD, dest_city="武汉", fixed_price="1"), changed(ABOVE, dest_city="武汉")]
    lanes, intake = read(folder, twice)
    assert lanes["新亮物流", "420100"].card.price_minor(1) == 4_000
    assert [(item.line, item.reason, item.text) for item in intake.rejected] == [
        (4, "lane_given_twice", "武汉 is 武汉市"),
        (5, "lane_given_twice", "武汉 is 武汉市"),
    ]
