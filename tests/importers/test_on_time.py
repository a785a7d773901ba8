"""Whether the chances of being on time are true: how they are asked, and the answer on real parcels."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.on_time import Decile, Forecast, at_random, by_date, deciles, tables, try_out
from solver.importers.olist.importer import read_parcels
from solver.importers.olist.transit import Parcel

START = datetime(2018, 1, 1, tzinfo=UTC)


def parcel(day: int, *, lead_hours: int = 24, transit_hours: int = 48, promised_days: int = 4) -> Parcel:
    """Ordered on this day; the rest follows from it."""
    placed_at = START + timedelta(days=day)
    handed_over_at = placed_at + timedelta(hours=lead_hours)
    return Parcel(
        seller_id="s1",
        distance_meters=10_000,
        placed_at=placed_at,
        handed_over_at=handed_over_at,
        delivered_at=handed_over_at + timedelta(hours=transit_hours),
        promised_at=placed_at + timedelta(days=promised_days),
    )


def test_deciles_are_equal_groups_by_chance_with_the_share_that_was_on_time() -> None:
    forecasts = [Forecast(chance_permille=chance, was_on_time=chance > 300) for chance in (900, 100, 400, 200, 700)]
    assert deciles(forecasts, groups=2) == (
        Decile(count=2, chance_permille=150, on_time_permille=0),
        Decile(count=3, chance_permille=667, on_time_permille=1_000),
    )
    assert deciles(forecasts, groups=1) == (Decile(count=5, chance_permille=460, on_time_permille=600),)
    assert [decile.count for decile in deciles(forecasts)] == [1] * 5


def test_nothing_is_fitted_to_what_was_not_delivered_before_the_first_question() -> None:
    parcels = [parcel(day) for day in range(100)]
    known, asked = by_date(parcels)
    assert [one.placed_at for one in asked] == [START + timedelta(days=day) for day in range(70, 100)]
    assert [one.placed_at for one in known] == [START + timedelta(days=day) for day in range(67)]  # 3 days to the door
    assert by_date(parcels, last_days=10) == (known[-10:], asked)


def test_a_draw_uses_every_parcel_once_and_its_seed_repeats_it() -> None:
    parcels = [parcel(day) for day in range(100)]
    known, asked = at_random(parcels)
    assert (len(known), len(asked)) == (70, 30)
    assert sorted([*known, *asked], key=lambda one: one.placed_at) == parcels
    assert at_random(reversed(parcels)) == (known, asked)
    assert at_random(parcels, seed=2) != (known, asked)


def test_a_trial_asks_about_the_promise_from_the_hand_over_and_from_the_order() -> None:
    # Half took 1 day from the hand-over and half 3; the lead was always a day; asked are promises of 3 days that held.
    train = [parcel(day, transit_hours=24 if day % 2 else 72) for day in range(100)]
    trial = try_out("made", train, [parcel(200, promised_days=3)] * 20)
    all_from_hand_over, all_from_order = trial.from_hand_over[-1], trial.from_order[-1]
    assert (trial.fitted, trial.asked, len(trial.from_order)) == (100, 20, 11)
    # The middle of all lies between the two halves: two days from the hand-over, three from the order.
    assert all_from_hand_over == Decile(count=20, chance_permille=500, on_time_permille=1_000)
    assert all_from_order == Decile(count=20, chance_permille=500, on_time_permille=1_000)
    assert trial.reached_from_hand_over == (0, 0, 0, 0, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000)


def test_the_tables_say_what_was_expected_and_what_came() -> None:
    train = [parcel(day, transit_hours=24 if day % 2 else 72) for day in range(100)]
    text = list(tables(try_out("made", train, [replace(parcel(200), promised_at=START)] * 20)))
    assert text[0] == "**made**: fitted to 100 parcels, asked about 20."
    never = " | ".join(["0.0"] * 11)
    assert text[-3:-1] == [f"| chance from order | {never} |", f"| on time | {never} |"]


def test_real_parcels_of_the_same_time_arrive_as_expected(shared_data: Path) -> None:
    trial = try_out("at random", *at_random(read_parcels(shared_data)))
    assert (trial.fitted, trial.asked) == (5_373, 2_303)
    assert trial.reached_from_hand_over == (113, 218, 329, 424, 507, 604, 697, 793, 891, 944)
    assert trial.reached_from_order == (107, 207, 316, 415, 514, 612, 703, 796, 892, 950)
    assert trial.from_hand_over[-1] == Decile(count=2_303, chance_permille=918, on_time_permille=931)


def test_real_parcels_of_later_months_were_faster_than_all_before_them(shared_data: Path) -> None:
    trial = try_out("by date", *by_date(read_parcels(shared_data)))
    assert (trial.fitted, trial.asked) == (5_127, 2_303)
    assert trial.reached_from_hand_over == (158, 305, 482, 616, 708, 784, 861, 917, 971, 989)
    assert trial.from_hand_over[-1] == Decile(count=2_303, chance_permille=876, on_time_permille=965)
    assert trial.from_order[-1] == Decile(count=2_303, chance_permille=843, on_time_permille=965)
