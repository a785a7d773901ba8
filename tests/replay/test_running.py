"""Runs in a folder: interrupted and gone on with, made by executors, gathered in waves, repeated on other draws."""

import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from solver.errors import XunyuanError
from solver.replay.hindsight import Hindsight
from solver.replay.repetitions import GAP_CLOSED, TOTAL, repeated, spread_of, with_repetitions
from solver.replay.run_files import ORDERS_FILE, RUN_FILE, UNFINISHED, Run, RunKind, digest_of, read_outcomes, read_run
from solver.replay.running import run_into
from solver.replay.tasks import Task, run_all
from solver.replay.timing import Every, read_timing
from solver.replay.unfinished import Settings, Unfinished
from solver.scenario.model import Disturbance, Generator, Horizon, Inbound, OpeningStock, Scenario, Trouble
from solver.sourcing.plan import Engine
from solver.waves.parts.hands import HERE, Hands
from tests.made_world import MONDAY_AT_8, made_world, order_of

HOUR = timedelta(hours=1)


def troubled(orders: int = 12) -> Scenario:
    """An order an hour, refusals, a source that closes, and stock that comes too late for some."""
    made = made_world()
    sources = [replace(one, lead_minutes=150) for one in made.sources]
    first, second = sources[0].source_id, sources[1].source_id
    ends_at = MONDAY_AT_8 + 99 * HOUR
    return replace(
        made,
        sources=tuple(sources),
        stock=tuple(OpeningStock(source_id=one.source_id, sku="TEA", units=3) for one in sources),
        inbound=(Inbound(source_id=first, sku="TEA", units=4, arrives_at=MONDAY_AT_8 + 8 * HOUR),),
        horizon=Horizon(starts_at=MONDAY_AT_8, ends_at=ends_at),
        disturbances=(
            Disturbance(
                trouble=Trouble.SOURCE_CLOSED,
                source_id=second,
                starts_at=MONDAY_AT_8 + 2 * HOUR,
                ends_at=MONDAY_AT_8 + 7 * HOUR,
            ),
            Disturbance(
                trouble=Trouble.REJECTIONS, source_id=first, permille=400, starts_at=MONDAY_AT_8, ends_at=ends_at
            ),
        ),
        orders=tuple(
            order_of(("TEA", 1), order_id=f"O-{hour:02}", placed_at=MONDAY_AT_8 + hour * HOUR) for hour in range(orders)
        ),
    )


def settings(scenario: Scenario, **more: object) -> Settings:
    facts = {"scenario_folder": "made", "scenario_digest": digest_of(scenario), "policy": "own", **more}
    return Settings(**facts)  # type: ignore[arg-type]  # a test's words


def run(folder: Path, scenario: Scenario, **more: object) -> Run:
    made = run_into(folder, scenario, scenario.policy, settings(scenario, **more))
    assert made is not None
    return made


def stops_after(orders: int) -> tuple[Callable[[int], None], Callable[[], bool]]:
    """For `run_into`: it is stopped when so many orders are decided."""
    seen = [0]
    return lambda done: seen.__setitem__(0, done), lambda: seen[0] >= orders


def run_in_parts(folder: Path, scenario: Scenario, wave: str, *parts: int) -> None:
    """Run it, interrupted after so many orders each time, and then to its end."""
    for number, orders in enumerate((*parts, len(scenario.orders) + 1)):
        tell, is_stopped = stops_after(orders)
        run_into(
            folder,
            scenario,
            scenario.policy,
            settings(scenario, wave=wave),
            resumes=number > 0,
            tell_done=tell,
            is_stopped=is_stopped,
        )


@pytest.mark.parametrize("wave", ["", "3"])
def test_an_interrupted_run_goes_on_to_the_same_bytes(tmp_path: Path, wave: str) -> None:
    scenario, whole, parted = troubled(), tmp_path / "whole", tmp_path / "parted"
    run(whole, scenario, wave=wave)
    for resumes, orders in ((False, 3), (True, 6), (True, 99)):
        tell, is_stopped = stops_after(orders)
        made = run_into(
            parted,
            scenario,
            scenario.policy,
            settings(scenario, wave=wave),
            resumes=resumes,
            tell_done=tell,
            is_stopped=is_stopped,
        )
        assert (made is None) == (orders < 12)
        assert (parted / UNFINISHED).exists() == (orders < 12)
    for name in (RUN_FILE, ORDERS_FILE):
        assert (parted / name).read_bytes() == (whole / name).read_bytes()
    packages = [package for outcome in read_outcomes(whole) for package in outcome.packages]
    assert any(package.refused for package in packages), "the draw refuses something"


_KILLED = """
import os, signal, sys
from pathlib import Path
from solver.replay.running import run_into
from tests.replay.test_running import settings, troubled

def tell(done):
    if done >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

made = troubled()
resumes, marks = sys.argv[2] == "resumes", iter((False, True, False) * 9)
run_into(Path(sys.argv[1]), made, made.policy, settings(made), resumes=resumes, tell_done=tell,
         is_mark_due=lambda: next(marks))
"""


def kill(folder: Path, orders: int, *, resumes: bool) -> None:
    """A process of its own runs into the folder until so many orders are decided; every third order makes a mark."""
    words = [str(folder), "resumes" if resumes else "begins", str(orders)]
    killed = subprocess.run([sys.executable, "-c", _KILLED, *words], cwd=Path(__file__).parents[2], check=False)
    assert killed.returncode == -signal.SIGKILL


def test_a_run_that_is_killed_goes_on_from_its_last_mark_to_the_same_bytes(tmp_path: Path) -> None:
    scenario, whole, parted = troubled(), tmp_path / "whole", tmp_path / "parted"
    run(whole, scenario)
    kill(parted, 4, resumes=False)
    assert Unfinished(parted).mark().state.done == 2
    kill(parted, 10, resumes=True)
    assert Unfinished(parted).settings() == settings(scenario)
    assert Unfinished(parted).mark().state.done == 7, "the second order after the first mark, and the third after that"
    made = run_into(parted, scenario, scenario.policy, settings(scenario), resumes=True)
    assert made is not None
    for name in (RUN_FILE, ORDERS_FILE):
        assert (parted / name).read_bytes() == (whole / name).read_bytes()
    assert not (parted / UNFINISHED).exists()


def test_marks_do_not_change_the_bytes_and_a_damaged_one_says_so(tmp_path: Path) -> None:
    scenario = troubled(8)
    run(tmp_path / "unmarked", scenario)
    run_into(tmp_path / "marked", scenario, scenario.policy, settings(scenario), is_mark_due=lambda: True)
    for name in (RUN_FILE, ORDERS_FILE):
        assert (tmp_path / "marked" / name).read_bytes() == (tmp_path / "unmarked" / name).read_bytes()
    left, scenario = tmp_path / "left", replace(scenario, disturbances=())
    stated = settings(scenario, wave="3")
    tell, is_stopped = stops_after(6)
    run_into(left, scenario, scenario.policy, stated, tell_done=tell, is_stopped=is_stopped)
    (left / UNFINISHED / "told.jsonl").write_bytes(b"")
    assert Unfinished(left).settings() == stated
    with pytest.raises(XunyuanError, match="lacks outcomes from before the last mark"):
        run_into(left, scenario, scenario.policy, stated, resumes=True)
    (left / UNFINISHED / "mark-000001" / "mark.json").write_text("{")
    with pytest.raises(XunyuanError, match="cannot be read"):
        run_into(left, scenario, scenario.policy, stated, resumes=True)


def test_a_mark_is_due_once_in_so_many_seconds() -> None:
    clock = iter((0.0, 59.0, 60.0, 61.0, 119.0, 300.0, 301.0))
    every = Every(60.0, lambda: next(clock))
    assert [every() for _ in range(6)] == [False, True, False, False, True, False]


def test_what_cannot_be_gone_on_with_says_why(tmp_path: Path) -> None:
    scenario = troubled(2)
    with pytest.raises(XunyuanError, match="no interrupted run"):
        Unfinished(tmp_path).settings()
    Unfinished(tmp_path).begin(settings(scenario))
    with pytest.raises(XunyuanError, match="kept nothing to go on with"):
        Unfinished(tmp_path).settings()
    Unfinished(tmp_path).begin(settings(scenario, version=0))
    with pytest.raises(XunyuanError, match="another release"):
        Unfinished(tmp_path).settings()
    (tmp_path / UNFINISHED / "settings.json").write_text("{")
    with pytest.raises(XunyuanError, match="cannot be read"):
        Unfinished(tmp_path).settings()


def test_a_run_is_the_same_whoever_makes_it(tmp_path: Path) -> None:
    scenario = troubled(6)
    with ThreadPoolExecutor(2) as executor:
        for name, hands in (("here", HERE), ("there", Hands(executor=executor, at_once=2))):
            tasks = [
                Task(
                    folder=tmp_path / name / policy,
                    scenario=scenario,
                    policy=scenario.policy,
                    settings=settings(scenario, policy=policy, rule=rule),
                )
                for policy, rule in (("own", Engine.EXACT), ("nearest-first", Engine.NEAREST))
            ]
            assert run_all(hands, tasks, lambda: False) == 2
    for policy in ("own", "nearest-first"):
        for file in (RUN_FILE, ORDERS_FILE):
            here, there = (tmp_path / name / policy / file for name in ("here", "there"))
            assert here.read_bytes() == there.read_bytes()
    assert read_run(tmp_path / "there" / "nearest-first").kind is RunKind.RULE


def test_orders_of_a_wave_wait_for_each_other_and_are_late_by_it(tmp_path: Path) -> None:
    scenario = replace(troubled(5), disturbances=(), inbound=())
    made = [run(tmp_path / name, scenario, wave=name) for name in ("", "2", "120m")]
    assert [one.wave for one in made] == ["", "2", "120m"]
    by_number, by_minutes = (
        [(one.decided_at - one.placed_at) // HOUR for one in read_outcomes(tmp_path / name) if one.decided_at]
        for name in ("2", "120m")
    )
    assert by_number == [1, 0, 1, 0, 0]
    assert by_minutes == [0, 1, 0, 1, 0]
    alone, together = (list(read_outcomes(tmp_path / name)) for name in ("", "2"))
    assert [one.packages[0].hand_over_at - one.placed_at for one in alone] == [timedelta(minutes=150)] * 5
    assert together[0].packages[0].hand_over_at - together[0].placed_at == timedelta(minutes=210)


def test_a_wave_gives_the_scarce_unit_to_whom_it_saves_most(tmp_path: Path) -> None:
    """One by one, each takes what is best for itself; together they cost no more."""
    scenario = replace(troubled(6), disturbances=(), inbound=())
    scenario = replace(
        scenario,
        stock=tuple(replace(row, units=2) for row in scenario.stock),
        orders=tuple(replace(one, placed_at=MONDAY_AT_8) for one in scenario.orders),
    )
    one_by_one, together = (run(tmp_path / f"wave{wave}", scenario, wave=wave) for wave in ("", "6"))
    totals = [sum(one.metrics.terms_minor.values()) for one in (one_by_one, together)]
    assert totals[1] <= totals[0]
    assert together.metrics.unfilled_units == one_by_one.metrics.unfilled_units == 0


@pytest.mark.parametrize("size", ["0", "ten", "m", "-3", "1.5m"])
def test_a_wave_of_no_size_is_refused(tmp_path: Path, size: str) -> None:
    with pytest.raises(XunyuanError, match="such as 100"):
        run(tmp_path, troubled(1), wave=size)


def test_figures_of_stock_and_sources_are_what_their_definitions_say(tmp_path: Path) -> None:
    """Two TEA here and four CUP there over ten hours; an order in hours 2 and 5, handed over 150 min on."""
    made = made_world()
    first, second = (replace(one, lead_minutes=150) for one in made.sources[:2])
    scenario = replace(
        made,
        sources=(first, second, *made.sources[2:]),
        stock=(
            OpeningStock(source_id=first.source_id, sku="TEA", units=2),
            OpeningStock(source_id=second.source_id, sku="CUP", units=4),
        ),
        horizon=Horizon(starts_at=MONDAY_AT_8, ends_at=MONDAY_AT_8 + 10 * HOUR),
        orders=tuple(
            order_of(("TEA", 1), order_id=f"O-{hour}", placed_at=MONDAY_AT_8 + hour * HOUR) for hour in (2, 5)
        ),
    )
    told = run(tmp_path, scenario)
    figures = told.metrics.figures
    # 6 units for ten hours, less one from hour 4.5 and one from hour 7.5 on: 52 unit-hours, 5.2 on average.
    assert figures["stock_turnover"] == pytest.approx(2 / 5.2)
    assert figures["stock_out_rate"] == pytest.approx(0.5 / 2)  # of two places, one stands empty from hour 5 on
    assert figures["idle_stock_share"] == pytest.approx(4 / 6)
    assert figures["busiest_source_share"] == 1.0
    assert figures["oversold_units"] == 0
    [ships, idle] = [one for one in told.sources if one.stocked_units]
    assert (ships.orders, ships.packages, ships.units, ships.busiest_day_units, ships.idle_units) == (2, 2, 2, 2, 0)
    assert (idle.orders, idle.stocked_units, idle.idle_units) == (0, 4, 4)
    timing = read_timing(tmp_path)
    assert timing is not None
    assert timing.timed_decisions == 2
    assert timing.decision_p50_micros is not None


def drawn() -> Scenario:
    made = made_world()
    return replace(
        made,
        stock=tuple(OpeningStock(source_id=one.source_id, sku="TEA", units=40) for one in made.sources),
        horizon=Horizon(starts_at=MONDAY_AT_8, ends_at=MONDAY_AT_8 + 24 * HOUR),
        generator=Generator(orders_per_day=12, seed=3, skus={"TEA": 1}),
    )


def test_repetitions_draw_other_orders_and_the_same_for_every_policy(tmp_path: Path) -> None:
    scenarios = [repeated(drawn(), number) for number in (1, 2, 3)]
    assert len({scenario.orders for scenario in scenarios}) == 3
    assert scenarios == [repeated(drawn(), number) for number in (1, 2, 3)]
    runs = [
        [
            run(tmp_path / policy / str(number), scenario, policy=policy, rule=rule, seed=number)
            for number, scenario in enumerate(scenarios)
        ]
        for policy, rule in (("own", Engine.EXACT), ("nearest-first", Engine.NEAREST))
    ]
    joined = with_repetitions(runs[1], runs[0])
    totals = [[sum(one.metrics.terms_minor.values()) for one in of] for of in runs]
    assert [one.total_minor for one in joined.repetitions] == totals[1]
    assert joined.base == "own"
    assert joined.spread[TOTAL] == spread_of(totals[1])
    assert joined.differences[TOTAL] == spread_of([b - a for a, b in zip(*totals, strict=True)])
    assert with_repetitions(runs[0], runs[0]).differences == {}


def test_a_scenario_that_leaves_nothing_to_chance_is_not_repeated() -> None:
    listed = replace(troubled(2), disturbances=())
    assert repeated(listed, 1) == listed
    with pytest.raises(XunyuanError, match="nothing to chance"):
        repeated(listed, 2)
    assert repeated(troubled(2), 2) == troubled(2)


def test_a_margin_is_students() -> None:
    spread = spread_of([10, 12, 17])  # mean 13, variance 13, t of two degrees of freedom 4.302653
    assert (spread.mean, spread.number) == (13, 3)
    assert spread.margin == pytest.approx(4.302653 * (13 / 3) ** 0.5, rel=1e-6)
    assert spread_of([5]).margin is None


def test_the_way_from_nearest_first_to_hindsight_is_told_at_the_same_prices(tmp_path: Path) -> None:
    scenario = replace(troubled(3), disturbances=(), inbound=())
    nearest = run(tmp_path / "nearest", scenario, rule=Engine.NEAREST)
    own = run(tmp_path / "own", scenario)
    total = sum(nearest.metrics.terms_minor.values())
    own_total = sum(own.metrics.terms_minor.values())
    known = replace(own, hindsight=Hindsight(bound_minor=own_total - 100, found_minor=None))
    closed = with_repetitions([known], [known], [[nearest]]).spread[GAP_CLOSED]
    assert closed.mean == pytest.approx((total - own_total) / (total - own_total + 100))
    other = replace(known, policy_values={"terms": {}})
    assert GAP_CLOSED not in with_repetitions([other], [other], [[nearest]]).spread
