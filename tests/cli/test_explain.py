"""`explain` as a user types it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.cli.explain import page
from solver.cli.main import main
from solver.cli.process import served
from solver.client import Client
from solver.scenario.files import read_order
from solver.sourcing.explanation.model import Blame, Explanation

FIRST_LIGHT = Path(__file__).parents[2] / "scenarios" / "first_light"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A service with a held plan: its address and the plan's id."""
    with served(tmp_path_factory.mktemp("service")) as target:
        assert main(["load", str(FIRST_LIGHT), "--target", target]) == 0
        with Client(target, plan_seconds=300.0) as client:
            standing = client.plan(read_order(FIRST_LIGHT / "order.json"))
        yield target, standing.plan_id


def test_the_page_shows_the_sentence_and_every_source(
    held: tuple[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    target, plan_id = held
    assert main(["explain", plan_id, "--target", target]) == 0
    shown = capsys.readouterr().out
    assert f"plan {plan_id} for order" in shown
    assert "no plan is cheaper" in shown
    assert "chosen" in shown
    assert "would ship with its freight" in shown


def test_the_page_in_chinese(held: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    target, plan_id = held
    assert main(["explain", plan_id, "--chinese", "--target", target]) == 0
    shown = capsys.readouterr().out
    assert "没有更便宜的方案" in shown
    assert "结论" in shown
    assert "入选" in shown


def test_the_explanation_as_json(held: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    target, plan_id = held
    assert main(["explain", plan_id, "--json", "--target", target]) == 0
    explanation = json.loads(capsys.readouterr().out)
    assert (explanation["plan_id"], explanation["reproduced"]) == (plan_id, True)
    assert {one["verdict"] for one in explanation["candidates"]} >= {"chosen", "dominated"}


def test_a_plan_may_be_given_by_how_its_id_begins(held: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    target, plan_id = held
    assert main(["explain", f"{plan_id[:13]}…", "--target", target]) == 0
    assert f"plan {plan_id} for order" in capsys.readouterr().out.replace("\n", " ")


def test_an_unknown_plan_is_told(held: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    target, _ = held
    assert main(["explain", "plan-none", "--target", target]) == 1
    assert "there is no plan 'plan-none'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("chinese", "sentences"),
    [
        (
            False,
            [
                "Because.",
                "It is not known whether the rule 'a rule' binds.",
                "Time ran out: the explanation is not complete.",
            ],
        ),
        (True, ["因为。", "规则“a_rule”是否起作用尚不清楚。", "时间已到，解释不完整。"]),
    ],
)
def test_what_is_blamed_unknown_or_missing_is_said_last(chinese: bool, sentences: list[str]) -> None:
    explanation = Explanation(
        order_id="O",
        currency="CNY",
        total_minor=100,
        reproduced=True,
        complete=False,
        may_bind_rules=("a_rule",),
        conflict=Blame(rules=("a_rule",), is_smallest=True, text="Because.", text_zh="因为。"),
    )
    assert list(page(explanation, chinese=chinese))[-3:] == sentences
