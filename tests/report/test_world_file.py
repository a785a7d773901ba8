"""What a run keeps of its scenario, for readers of the run."""

from dataclasses import replace
from pathlib import Path

from solver.replay.world_file import Place, read_world, world_of, write_world
from solver.scenario.model import Threshold
from tests.made_world import made_world


def test_a_run_keeps_who_ships_where_to_and_what_is_asked_of_it(tmp_path: Path) -> None:
    asked = (Threshold(metric="fill_rate", at_least=0.9),)
    world = world_of(replace(made_world(), thresholds=asked))
    write_world(tmp_path, world)
    assert read_world(tmp_path) == world
    assert world.thresholds == asked
    assert world.services == {"ground": "Ground", "air": "Air"}
    east = Place(
        place_id="W-EAST", name="East Warehouse", kind="warehouse", within="EAST-CITY", latitude=30, longitude=120
    )
    assert world.sources[0] == east
    assert [one.within for one in world.regions] == ["", "EAST", "", "WEST"]


def test_a_run_that_was_kept_without_has_none(tmp_path: Path) -> None:
    assert read_world(tmp_path) is None
