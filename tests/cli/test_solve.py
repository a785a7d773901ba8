"""`python -m solver solve`: a problem from a file, its plans on the screen or as JSON."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from solver.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "solver" / "cli" / "example_problem.json"


def example() -> dict[str, Any]:
    problem: dict[str, Any] = json.loads(EXAMPLE.read_text())
    return problem


def written(tmp_path: Path, problem: Any) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(problem if isinstance(problem, str) else json.dumps(problem, indent=1))
    return path


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    assert main(["solve", *map(str, arguments), "--json"]) == 0
    plans: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["plans"]
    return plans


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[str]:
    assert main(["solve", *map(str, arguments)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    return shown.err.splitlines()


def test_the_example_is_printed_and_can_be_solved_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", "--example"]) == 0
    printed = capsys.readouterr().out
    assert printed == EXAMPLE.read_text()
    monkeypatch.setattr("sys.stdin", io.StringIO(printed))
    [plan] = answer(capsys, "-")
    assert (plan["total_minor"], plan["gap_minor"], plan["engine"]) == (900, 0, "ENGINE_EXACT")


def test_the_screen_shows_packages_cost_by_term_engine_and_proof(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["solve", str(EXAMPLE)]) == 0
    shown = capsys.readouterr().out
    assert "order 1001: warehouse ships all in 1 package for 9.00 CNY" in shown
    assert "2 x TEA" in shown
    assert "cost 9.00 CNY: lane_price 9.00" in shown
    assert "by exact: proven the best; bound 9.00" in shown


def test_a_plan_is_explained_in_full_without_a_service(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The shop has tea but no cup: with one it would ship all for 3.00 instead of 9.00."""
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["solve", str(EXAMPLE), "--explain"]) == 0
    shown = capsys.readouterr().out
    assert "The best plan with shop is 5.00 dearer." in shown
    assert shown.splitlines()[-2:] == [
        "shop would ship with 1 more unit of CUP.",
        "One more CUP at shop would save 6.00.",
    ]
    assert main(["solve", str(EXAMPLE), "--explain", "--chinese"]) == 0
    shown = capsys.readouterr().out
    assert "order 1001: 由 warehouse 发出全部商品" in shown
    assert shown.splitlines()[-2:] == ["CUP 多 1 件，shop 就会发货。", "shop 多一件 CUP，可省 6.00。"]


def test_the_explanation_as_json_stands_beside_the_plans(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", str(EXAMPLE), "--explain", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    [explanation] = told["explanations"]
    assert [one["order_id"] for one in told["plans"]] == [explanation["order_id"]] == ["1001"]
    assert {one["source_id"]: one["verdict"] for one in explanation["candidates"]} == {
        "shop": "VERDICT_DOMINATED",
        "warehouse": "VERDICT_CHOSEN",
    }
    assert (explanation["runner_up"]["extra_minor"], explanation["changes"][0]["units"]) == (99_400, 1)
    assert (explanation["reproduced"], explanation["complete"], explanation["limits"][0]["saved_minor"]) == (
        True, True, 600,
    )  # fmt: skip


def test_the_rules_that_keep_units_back_are_told_in_the_explanation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = example()
    problem["policy"] = {"max_packages": 1}
    problem["orders"][0]["lines"][0]["quantity"] = 52
    path = written(tmp_path, problem)
    assert main(["solve", str(path), "--explain"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "The rule 'packages stay within the limit' keeps units from being shipped." in shown


def test_one_order_of_several_is_shown_as_the_others_leave_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each order takes a cup; of the single one nothing is left for the second."""
    problem = example()
    problem["stock"][2]["available_units"] = 1
    problem["orders"].append(problem["orders"][0] | {"order_id": "1002"})
    path = written(tmp_path, problem)
    [plan] = answer(capsys, path, "--order", "1002")
    assert (plan["order_id"], plan["lines"][1]["unfilled_units"]) == ("1002", 1)
    with_long = {
        "orders": [
            one | {"order_id": f"{number}50f920176fa81dab994f9023523100"}
            for number, one in enumerate(problem["orders"])
        ]
    }
    [plan] = answer(capsys, written(tmp_path, problem | with_long), "--order", "150f9201…")
    assert plan["order_id"] == "150f920176fa81dab994f9023523100"
    path = written(tmp_path, problem)
    assert refused(capsys, path, "--order", "100") == ["'100' may be 1001, 1002: give more of the one that is meant"]
    [line] = refused(capsys, path, "--order", "1003")
    assert line == "there is no order '1003' in the problem; it has 1001, 1002"


def test_an_order_that_cannot_be_filled_is_answered_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = example()
    problem["orders"][0]["lines"][1]["quantity"] = 30
    assert main(["solve", str(written(tmp_path, problem))]) == 0
    assert "line 2: 10 of 30 CUP unfilled:" in capsys.readouterr().out


@pytest.mark.parametrize("engine", ["exact", "mip", "greedy", "nearest"])
def test_the_command_line_names_the_engine(capsys: pytest.CaptureFixture[str], engine: str) -> None:
    [plan] = answer(capsys, EXAMPLE, "--engine", engine)
    assert plan["engine"] == f"ENGINE_{engine.upper()}"


def test_a_plan_of_several_orders_is_not_called_too_dear(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = example()
    first = problem["orders"][0]
    problem |= {"engine": "batch", "orders": [first, first | {"order_id": "second"}]}
    problem["wave"] = {
        "orders": [{"order_id": one["order_id"], "merge_key": "one recipient"} for one in problem["orders"]]
    }
    assert main(["solve", str(written(tmp_path, problem)), "--order", "second"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"order second: Shipped as one with {first['order_id']}: " in shown
    assert "by exact: decided with other orders" in shown
    assert "too dear" not in shown


def test_the_engine_batch_says_what_the_orders_come_to_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", str(EXAMPLE), "--engine", "batch", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["plans"][0]["engine"], told["wave"]["total_minor"], told["wave"]["gap_minor"]) == (
        "ENGINE_BATCH",
        900,
        0,
    )
    assert main(["solve", str(EXAMPLE), "--engine", "batch"]) == 0
    shown = capsys.readouterr().out
    assert "the wave" in shown
    assert "0.00 (0.00 %)" in shown


def test_a_policy_may_come_from_a_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The shop has tea, the warehouse all: to save the van's way for one cup the policy would rather not ship it."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("policy: no-cups\nversion: 3\nprices: {unfilled_minor_per_unit: 100}\n")
    [plan] = answer(capsys, EXAMPLE, "--policy", policy)
    assert (plan["policy_id"], plan["policy_version"]) == ("no-cups", 3)
    assert [package["source_id"] for package in plan["packages"]] == []
    assert plan["total_minor"] == 300


def test_a_shipped_policy_takes_the_place_of_the_problems(capsys: pytest.CaptureFixture[str]) -> None:
    [plan] = answer(capsys, EXAMPLE, "--policy", "cheapest")
    assert plan["policy_id"] == "cheapest"


def test_a_shipped_policy_is_known_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [plan] = answer(capsys, written(tmp_path, example() | {"policy_id": "complete-then-nearest"}))
    assert plan["policy_id"] == "complete-then-nearest"
    assert plan["levels"][0]["measure"] == "unfilled_units"


def test_every_wrong_field_is_named_with_its_line_value_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = """{
  "orders": [
    {"order_id": "1", "currency": "XXX", "placed_at": "2026-03-02T08:00:00",
     "lines": [{"sku": "A", "quantity": 1.5}]}
  ],
  "materials": [{"sku": "A", "weight": 500}],
  "sources": [{"source_id": "S", "kind": "kiosk"}],
  "lanes": [{"source_id": "S", "service_id": "van", "package_minor": 3.75}]
}"""
    path = written(tmp_path, text)
    kinds = "warehouse, store, dealer, regional_warehouse, front_warehouse, drop_shipper"
    assert refused(capsys, path) == [
        "the problem is not valid:",
        f"{path}:3: orders[0].placed_at: '2026-03-02T08:00:00': give a time with its offset, such as "
        "2026-03-02T08:00:00Z",
        f"{path}:4: orders[0].lines[0].quantity: 1.5: give a whole number",
        f"{path}:6: materials[0].weight: 500: there is no such field; did you mean weight_grams?",
        f"{path}:7: sources[0].kind: 'kiosk': give one of {kinds}",
        f"{path}:8: lanes[0].package_minor: 3.75: give whole minor units; `money_decimals` says how many decimals one "
        "of them stands for",
    ]


def test_what_does_not_fit_together_is_named_with_its_line_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = example() | {"money_decimals": 7}
    problem["stock"][1]["sku"] = "COFFEE"
    problem["lanes"][0]["unit_minor"] = {"TEA": 1, "MILK": 2}
    path = written(tmp_path, problem)
    text = path.read_text()
    lines = {word: 1 + text[: text.index(word)].count("\n") for word in ("COFFEE", "MILK", "money_decimals")}
    exists = "there is no such material; name one that exists, or add it first"
    assert refused(capsys, path) == [
        "the problem is not valid:",
        f"{path}:{lines['COFFEE']}: stock[1].sku: 'COFFEE': {exists}",
        f"{path}:{lines['MILK']}: lanes[0].unit_minor[MILK]: 'MILK': {exists}",
        f"{path}:{lines['money_decimals']}: money_decimals: 7: must lie between 0 and 6",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{\n"orders": [,]}', ":2: unreadable: Expecting value; write JSON"),
        ('{"orders": [], "orders": []}', ": unreadable: `orders` stands twice in the same object"),
        ('{"money_decimals": NaN}', ": unreadable: NaN is no number of JSON"),
        ("[]", ": []: give an object: {...}"),
    ],
)
def test_what_is_no_json_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, complaint: str
) -> None:
    path = written(tmp_path, text)
    assert refused(capsys, path) == [f"{path}{complaint}"]


def test_without_a_file_the_command_says_what_it_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys) == ["name a problem's file, or - for the standard input; `--example` prints one"]
    assert refused(capsys, tmp_path / "none.json") == [f"{tmp_path / 'none.json'}: No such file or directory"]
