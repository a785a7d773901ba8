"""`promise` as a user types it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from solver.cli.main import main
from solver.cli.process import served
from solver.cli.promise import Offered, page, read_offered
from solver.client import Client, DeliveryFee, DeliveryOption, OptionPromise, PlanState, Promise

FIRST_LIGHT = Path(__file__).parents[2] / "scenarios" / "first_light"
DOCUMENT = Path(__file__).parents[2] / "docs" / "promise.md"
ORDER = str(FIRST_LIGHT / "order.json")
OFFERED = {
    "options": [
        {"option_id": "standard"},
        {"option_id": "today", "only_services": ["bailu-instant"]},
        {"option_id": "dealer", "only_kinds": ["dealer"]},
        {"option_id": "front", "only_kinds": ["front_warehouse"]},
    ],
    "fees": [{"option_id": "today", "fee_minor": 1500}, {"fee_minor": 800, "free_from_minor": 9900}],
}


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service with the bundled network, which has decided before."""
    with served(tmp_path_factory.mktemp("service")) as address:
        assert main(["load", str(FIRST_LIGHT), "--target", address]) == 0
        yield address


@pytest.fixture
def offered(tmp_path: Path) -> str:
    path = tmp_path / "offered.json"
    path.write_text(json.dumps(OFFERED), "utf-8")
    return str(path)


def test_the_page_has_a_row_for_each_delivery_and_nothing_is_held(
    target: str, offered: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The basket is worth 3,257.00: standard is free, today has a fee of its own; the machine does not come today."""
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["promise", ORDER, "--options", offered, "--target", target]) == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    assert [row for row in rows if len(row) == 7 and row[0]] == [
        ["standard", "earliest", "2026-03-06 23:35", "-", "0.00", "59.30", "DL-510100-01, yanxing-standard"],
        ["standard", "cheapest", "2026-03-07 11:35", "-", "0.00", "38.30", "DL-510100-01, tuoling-economy"],
        ["today", "both", "2026-03-06 05:15", "-", "15.00", "29.00", "DL-510100-01, bailu-instant"],
        ["dealer", "earliest", "2026-03-07 03:35", "-", "0.00", "99.50", "DL-510100-01, yanxing-standard"],
        ["dealer", "cheapest", "2026-03-07 21:35", "-", "0.00", "45.50", "DL-510100-01, tuoling-economy"],
        ["front", "nothing", "", "", "", "", ""],
    ]
    with Client(target) as client:
        assert sum(level.held for level in client.stock_levels()) == 0


def test_a_page_on_a_narrow_screen_keeps_its_ids_whole(
    target: str, offered: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["promise", ORDER, "--options", offered, "--target", target]) == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    assert [row for row in rows if len(row) == 5][:4] == [
        ["standard", "03-06 23:35", "0.00", "59.30", "DL-510100-01"],
        ["earliest", "", "", "", "yanxing-standard"],
        ["", "", "", "", "WH-CHENGDU"],
        ["", "", "", "", "yanxing-standard"],
    ]
    assert ["", "", "", "", "1 unit cannot be promised"] in rows
    assert [row for row in rows if len(row) == 5][-2:] == [["front", "", "", "", ""], ["nothing", "", "", "", ""]]


def test_the_promise_as_json_for_orders_so_much_later(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["promise", ORDER, "--json", "--valid-minutes", "5", "--policy", "fastest", "--target", target]
    assert main(arguments) == 0
    promise = json.loads(capsys.readouterr().out)
    assert promise["valid_until"] == "2026-03-06T01:25:00Z"
    assert (promise["earliest_option_id"], promise["options"][0]["earliest"]["total_minor"]) == ("any", 5730)


def test_a_page_on_which_nothing_is_promised(capsys: pytest.CaptureFixture[str]) -> None:
    none = Promise(
        currency="CNY",
        valid_until=datetime(2026, 3, 2, tzinfo=UTC),
        options=(OptionPromise(option_id="any"),),
        notes=("a remark",),
    )
    console = Console()
    for part in page(none, 120):
        console.print(part)
    shown = capsys.readouterr().out
    assert [[cell.strip() for cell in line.split("│")][1:4] for line in shown.splitlines() if line.startswith("│")] == [
        ["any", "nothing", ""]
    ]
    assert shown.rstrip().endswith("a remark")
    assert "earliest:" not in shown


def test_the_documented_example_runs_and_its_plan_is_held(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DOCUMENT.parents[1])
    [example] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert '"127.0.0.1:50151"' in example
    names: dict[str, Any] = {}
    exec(example.replace("127.0.0.1:50151", target), names)  # our own documentation
    standing, chosen = names["standing"], names["chosen"]
    assert standing.state is PlanState.HELD
    assert standing.plan.unfilled_units == chosen.unpromised_units == 0
    assert all(package.arrives_at <= chosen.promised_at for package in standing.plan.packages)
    with Client(target) as client:
        client.release(standing.plan_id)


def test_the_documented_file_of_options_is_read(tmp_path: Path) -> None:
    [text] = re.findall(r"`(\{\"options\".*?\})`", DOCUMENT.read_text("utf-8"))
    path = tmp_path / "options.json"
    path.write_text(text, "utf-8")
    assert read_offered(path) == Offered(
        options=(DeliveryOption(option_id="today", only_services=("bailu-instant",)),),
        fees=(DeliveryFee(option_id="today", fee_minor=1500),),
    )


@pytest.mark.parametrize(
    ("content", "told"), [(None, "No such file or directory; name a JSON file"), ('{"options": [{}]}', "option_id")]
)
def test_options_that_cannot_be_read_are_told(
    tmp_path: Path, content: str | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "options.json"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main(["promise", ORDER, "--options", str(path)]) == 1
    assert told in capsys.readouterr().err
