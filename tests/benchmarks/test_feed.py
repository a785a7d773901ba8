"""The benchmark of the feed runs, and what it measures is checked on the way."""

from pathlib import Path

from benchmarks.feed import measure_following, measure_latency, measure_rebuild
from benchmarks.feed_world import Size, make_world

SMALL = Size(sites=10, channels=4, skus=40, stocked_percent=30, listed_percent=50)


def test_the_world_has_what_its_size_says(tmp_path: Path) -> None:
    world = make_world(tmp_path, SMALL, seed=1)
    assert (world.accounts, world.listings) == (120, 80)
    with world.database.read() as reader:
        shown = world.shopfront.shown(reader, world.skus)
    assert len(shown) == 80
    assert set(shown.values()) == {30}
    world.database.close()


def test_every_movement_is_told_of_and_the_watcher_has_what_shops_show(tmp_path: Path) -> None:
    world = make_world(tmp_path, SMALL, seed=1)
    measure_rebuild(world)
    measure_following(world, 20)
    told, _ = measure_latency(world, seconds=0.2, settle_seconds=0.2)
    with world.database.read() as reader:
        [(entries,)] = reader.query("SELECT count(*) FROM journal_entry WHERE subject = 'delivery'")
    assert len(told) == entries - 20
    assert told == sorted(told)
    world.database.close()
