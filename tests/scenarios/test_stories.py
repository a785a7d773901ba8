"""Every shipped scenario is sound, and the first orders of every story replay under the policies that it names."""

from dataclasses import replace
from pathlib import Path

import pytest

from solver.cli.replay import policies_of
from solver.network.model import SourceKind
from solver.replay.books import Books
from solver.replay.replay import Replay, horizon_of
from solver.scenario.drawing import with_orders
from solver.scenario.files import HEAD_FILE, read_scenario
from solver.stock.physical.return_model import Grade

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
STORIES = sorted(path.parent for path in SCENARIOS.glob(f"*/{HEAD_FILE}"))
ORDERS = 40


@pytest.mark.parametrize("folder", STORIES, ids=lambda folder: folder.name)
def test_a_story_replays_under_its_policies(folder: Path, tmp_path: Path) -> None:
    scenario = with_orders(read_scenario(folder))
    assert scenario.name == folder.name
    assert scenario.description
    scenario = replace(scenario, orders=scenario.orders[:ORDERS])
    for name, policy in policies_of(scenario, folder, ()):
        with Books(tmp_path / name, scenario, horizon_of(scenario).starts_at) as books:
            run = Replay(scenario, policy, books)
            for _ in run.run():
                pass
            told = list(run.outcomes())
            assert books.discrepancies() == []
            assert run.oversold_units() == 0
        assert len(told) == ORDERS
        assert sum(bool(outcome.shipped) for outcome in told) > ORDERS // 3


def test_in_the_season_of_returns_goods_come_back_to_warehouses_and_over_counters(tmp_path: Path) -> None:
    folder = SCENARIOS / "returns_season"
    scenario = with_orders(read_scenario(folder))
    scenario = replace(scenario, orders=scenario.orders[:ORDERS])
    kinds = {source.source_id: source.kind for source in scenario.sources}
    [(_, policy)] = policies_of(scenario, folder, ("with-stores.yaml",))
    with Books(tmp_path, scenario, horizon_of(scenario).starts_at) as books:
        run = Replay(scenario, policy, books)
        for _ in run.run():
            pass
        parcels = [parcel for outcome in run.outcomes() for parcel in outcome.returned]
    assert {kinds[parcel.source_id] for parcel in parcels} == {SourceKind.STORE, SourceKind.WAREHOUSE}
    assert (sum(parcel.units for parcel in parcels), sum(parcel.cost_minor for parcel in parcels)) == (10, 5700)
    assert {grade for parcel in parcels for grade in parcel.grades} == {Grade.RESELL, Grade.REFURBISH, Grade.SCRAP}


def test_there_are_stories() -> None:
    told = {"first_light", "a_week", "cross_province", "ship_from_store", "dealers_at_home", "promotion_collapse"}
    told |= {"limited_bundle", "pre_sale", "returns_season", "cold_chain", "dealers_supplied"}
    assert told == {folder.name for folder in STORIES}


def test_every_story_stands_in_the_table() -> None:
    page = (SCENARIOS.parent / "docs" / "replay.md").read_text("utf-8")
    assert [folder.name for folder in STORIES if f"| `{folder.name}`" not in page] == []
