"""What would have to be different: the least change of each kind, found by deciding again."""

from dataclasses import replace

from solver.sourcing.explanation.changes import changes_for, cheaper, lacking, stocked
from solver.sourcing.explanation.model import Change, ChangeKind
from solver.sourcing.problem import Offer, Stage
from tests.sourcing.explanation.asked import decided, explanation_of
from tests.sourcing.explanation.test_candidates import flat_world
from tests.sourcing.made import PATIENT, first_and_more, flat, lane, line, offer, problem

TWO_SOURCES = problem(
    lines=(line("1", 2, {"A": 1}),),
    grams={"A": 500},
    offers=(offer("S1", {"A": 2}), offer("S2", {"A": 2})),
    lanes=(lane("S1", flat(1_234)), lane("S2", flat(1_300))),
)


def test_the_runner_up_would_ship_with_the_least_whole_percent_off_its_freight() -> None:
    """5 % off leave 12.35, 6 % off 12.22: the first below 12.34."""
    assert explanation_of(TWO_SOURCES).changes == (
        Change(
            source_id="S2",
            kind=ChangeKind.CHEAPER_FREIGHT,
            percent=6,
            gain_minor=12,
            text="S2 would ship with its freight 6 % lower.",
            text_zh="运费降低 6%，S2 就会发货。",
        ),
    )


def test_the_least_number_of_units_more_is_found() -> None:
    """Two sources ship four units for 18.00; S3 alone could for 9.00, and has one of them."""
    asked = problem(
        lines=(line("1", 4, {"A": 1}),),
        grams={"A": 500},
        offers=(offer("S1", {"A": 2}), offer("S2", {"A": 2}), offer("S3", {"A": 1})),
        lanes=(lane("S1", flat(800)), lane("S2", flat(800)), lane("S3", flat(900))),
    )
    changes = changes_for(asked, decided(asked), "S3", (), decided)
    assert [(one.kind, one.sku, one.units, one.gain_minor) for one in changes if one.units] == [
        (ChangeKind.MORE_STOCK, "A", 3, 900)
    ]


def test_where_no_single_sku_suffices_all_that_is_ordered_may() -> None:
    asked = problem(
        lines=(line("1", 1, {"A": 1}), line("2", 1, {"B": 1}), line("3", 1, {"C": 1})),
        grams={"A": 500, "B": 500, "C": 500},
        offers=(offer("S1", {"A": 1, "B": 1, "C": 1}), offer("S2", {"A": 1})),
        lanes=(lane("S1", flat(1_000)), lane("S2", flat(950))),
    )
    changes = changes_for(asked, decided(asked), "S2", (), decided)
    assert [(one.kind, one.sku, one.units, one.gain_minor) for one in changes] == [(ChangeKind.MORE_STOCK, "", 2, 50)]
    assert [one.text for one in explanation_of(asked).changes] == [
        "S2 would ship if it had all that is ordered: 2 more units."
    ]
    assert [one.text_zh for one in explanation_of(asked).changes] == ["所订商品全部有货（多 2 件），S2 就会发货。"]


def test_a_rule_that_binds_is_named_as_a_change() -> None:
    asked = replace(TWO_SOURCES, policy=replace(PATIENT, words={"blocked_sources": ("S1",)}))
    (change,) = explanation_of(asked).changes
    assert (change.source_id, change.rule, change.gain_minor) == ("S1", "sources_are_allowed", 66)
    assert change.text == "S1 would ship without the rule 'sources are allowed'."
    assert change.text_zh == "去掉规则“指定/屏蔽发货源”，S1 就会发货。"


def test_the_percent_is_the_least_whatever_the_world(seed: int) -> None:
    """One percent less does not suffice, and the percent given does."""
    found = 0
    for drawn in range(seed + 50_000, seed + 50_020):
        asked, _, _ = flat_world(drawn)
        plan = decided(asked)
        for source_id in {one.source_id for one in asked.offers} - {*plan.source_ids}:
            for change in changes_for(asked, plan, source_id, (), decided):
                if change.kind is ChangeKind.CHEAPER_FREIGHT:
                    wins = decided(cheaper(asked, source_id, change.percent))
                    loses = decided(cheaper(asked, source_id, change.percent - 1))
                    assert wins.total_minor == plan.total_minor - change.gain_minor < plan.total_minor
                    assert source_id in wins.source_ids
                    assert loses.total_minor == plan.total_minor, f"seed {drawn}"
                    found += 1
    assert found > 5


def test_every_amount_of_a_card_is_lowered_and_rounded_half_up() -> None:
    asked = replace(TWO_SOURCES, lanes=(lane("S1", first_and_more(905, 45)), lane("S2", flat(905))))
    first, more = cheaper(asked, "S1", 10).lanes[0].card.bands
    assert (first.base_minor, more.base_minor, more.step_minor) == (815, 815, 41)  # 814.5 and 40.5
    assert cheaper(asked, "S1", 10).lanes[1] == asked.lanes[1]
    assert [band.base_minor for band in cheaper(asked, "S1", 100).lanes[0].card.bands] == [0, 0]


def test_more_stock_lies_on_the_shelf_where_the_source_has_one() -> None:
    later = Offer(
        source_id="S1", available={"A": 1}, on_hand={"A": 1}, offer_id="a-later", stage=Stage.IN_TRANSIT
    )  # fmt: skip
    asked = replace(TWO_SOURCES, offers=(later, *TWO_SOURCES.offers))
    assert lacking(replace(asked, offers=(later,)), "S1") == {"A": 1}
    grown = stocked(asked, "S1", {"A": 3})
    assert [dict(one.available) for one in grown.offers] == [{"A": 1}, {"A": 5}, {"A": 2}]
    assert [dict(one.on_hand) for one in grown.offers] == [{"A": 1}, {"A": 5}, {"A": 2}]
    assert [dict(one.available) for one in asked.offers] == [{"A": 1}, {"A": 2}, {"A": 2}]
