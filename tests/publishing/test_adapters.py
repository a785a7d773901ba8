import json
from pathlib import Path

import pytest

from solver.errors import InvalidRequest
from solver.publishing.adapter import Shown, Taken, Throttled
from solver.publishing.adapters import FileAdapter, adapter_of
from solver.publishing.practice import PracticePlatform, Temper
from tests.publishing.made import listing
from tests.publishing.timer import HandTimer


def rows(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "S1.jsonl").read_text(encoding="utf-8").splitlines()]


def test_files_hold_one_line_for_each_listing(tmp_path: Path) -> None:
    adapter = FileAdapter(tmp_path)
    assert adapter.create("S1", [listing("A"), listing("B")]) == [Taken(remote_id="A"), Taken(remote_id="B")]
    adapter.update("S1", {"A": listing("A", "Other")})
    assert [(row["item_id"], row["fields"]["title"]) for row in rows(tmp_path)] == [("A", "Other"), ("B", "Machine")]  # type: ignore[index] # fields are a mapping
    assert adapter.find("S1", ["A", "C"]) == [Shown(item_id="A", remote_id="A")]
    adapter.delist("S1", ["A", "never"])
    assert [row["item_id"] for row in rows(tmp_path)] == ["B"]


def test_adapters_are_named_by_words(tmp_path: Path) -> None:
    assert isinstance(adapter_of("practice", "bazaar", tmp_path), PracticePlatform)
    assert isinstance(adapter_of("files:out", "bazaar", tmp_path), FileAdapter)
    own = adapter_of("tests.publishing.test_adapters:own_adapter", "bazaar", tmp_path)
    assert own.settles_after_seconds == 7


def own_adapter(channel_id: str) -> PracticePlatform:
    assert channel_id == "bazaar"
    return PracticePlatform(temper=Temper(settles_after_seconds=7), timer=HandTimer())


@pytest.mark.parametrize("said", ["", "nothing", "no_such_module:make", "json:no_such_function"])
def test_an_adapter_that_there_is_not_is_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(InvalidRequest, match=r"give practice, files:FOLDER, or module:function"):
        adapter_of(said, "bazaar", tmp_path)


def test_the_practice_platform_takes_no_more_calls_than_it_says() -> None:
    timer = HandTimer()
    platform = PracticePlatform(temper=Temper(calls_per_second=2, burst=2), timer=timer)
    platform.create("S1", [listing("A")])
    platform.create("S1", [listing("B")])
    with pytest.raises(Throttled) as throttled:
        platform.create("S1", [listing("C")])
    assert throttled.value.retry_after_seconds == pytest.approx(0.5)
    platform.create("S2", [listing("C")])
    timer.sleep(0.5)
    platform.create("S1", [listing("C")])
    assert len(platform.shown["S1"]) == 3
