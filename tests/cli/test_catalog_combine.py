"""`catalog combine`: combinations from a file into a running service, or every fault with its line."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from solver.cli.catalog_combinations import read_combinations
from solver.cli.main import main
from solver.client import Client
from solver.clock import ManualClock
from solver.errors import InvalidRequest
from solver.scenario.load import load
from tests.fulfilment.coffee import STOCK, coffee_world
from tests.made_world import MONDAY_AT_8
from tests.running import HOST, Running

PAIR = """\
# two of them
combination_id: PAIR
kind: fixed_bundle
goods:
  all_of:
    parts:
    - item: {item_id: BEANS}
    - units: 2
      item: {item_id: RED}
price:
  fixed: {unit_minor: 9900}
---
combination_id: BOX
kind: nested_gift_box
goods:
  all_of:
    parts:
    - item: {item_id: PAIR}
    - item: {item_id: BLUE}
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = Running(tmp_path_factory.mktemp("combine") / "data", ManualClock(MONDAY_AT_8))
    load(started.application, coffee_world(**STOCK))
    yield started
    started.close()


@pytest.fixture
def run(service: Running, tmp_path: Path) -> Callable[[str], int]:
    """The command, with a file of this text."""

    def run(text: str) -> int:
        path = tmp_path / "combinations.yaml"
        path.write_text(text, encoding="utf-8")
        return main(["catalog", "combine", str(path), "--target", f"{HOST}:{service.server.port}"])

    return run


def test_combinations_of_a_file_are_kept_and_may_be_ordered(
    run: Callable[[str], int], service: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(PAIR) == 0
    assert capsys.readouterr().out.endswith("combinations.yaml: 2 combinations written\n")
    with Client(f"{HOST}:{service.server.port}") as client:
        box, pair = client.combinations.availability(["BOX", "PAIR"])
        assert (box.units, pair.units) == (1, 1)
        assert [one.version for one in client.combinations.get(["PAIR", "BOX"])] == [1, 1]


def test_what_the_service_refuses_is_told_with_its_line(
    run: Callable[[str], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(PAIR.replace("item_id: BLUE", "item_id: BLEU")) == 1
    told = capsys.readouterr().err
    assert "combinations.yaml:19: goods.all_of.parts[1].item.item_id: 'BLEU': there is no such item" in told


def test_what_is_no_combination_is_told_with_its_line_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "combinations.yaml"
    path.write_text(PAIR.replace("kind: fixed", "kin: fixed").replace("units: 2", "units: two"), encoding="utf-8")
    with pytest.raises(InvalidRequest) as refused:
        read_combinations(path)
    assert [one.field for one in refused.value.violations] == [f"{path}:3: kin"]
    path.write_text("combination_id: A\nkind: b\nkind: c\n---\nnonsense\n", encoding="utf-8")
    with pytest.raises(InvalidRequest) as refused:
        read_combinations(path)
    assert [one.field for one in refused.value.violations] == [f"{path}:3: kind", f"{path}:5"]


def test_json_lines_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "combinations.jsonl"
    path.write_text('{"combination_id": "A", "kind": "x"}\n\n{"combination_id": "B", "kind": "y"}\n', encoding="utf-8")
    assert [one.combination.combination_id for one in read_combinations(path)] == ["A", "B"]
