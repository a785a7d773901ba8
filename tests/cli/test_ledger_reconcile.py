"""`ledger reconcile`: from two files to matches, an answered question and a closed ticket."""

import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from solver.cli.ledger_reconcile import lots_of, run_import
from solver.cli.main import main
from solver.clock import ManualClock
from tests.running import HOST, Running

OURS = """on,amount,currency,payment,order,party
2026-03-02,100.00,CNY,P1,2026A000000001,
2026-03-03,80.00,CNY,P2,2026A000000002,
2026-03-04,50.00,CNY,P3,2026A000000003,甲店
"""
THEIRS = """on,amount,currency,payment,order,party
2026-03-02,99.40,CNY,T1,2026A000000001,
2026-03-03,70.00,CNY,T2,2026A000000002,
2026-04-04,1.00,CNY,T4,,
"""
RULES = """keys: {order: order}
fees: [{name: alipay, rate: 0.006}]
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {name: tmp_path / name for name in ("ours.csv", "theirs.csv", "rules.yaml", "books")}
    for name, text in (("ours.csv", OURS), ("theirs.csv", THEIRS), ("rules.yaml", RULES)):
        found[name].write_text(text, "utf-8")
    return found


def asked(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert main([*(str(word) for word in words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_two_files_become_matches_fees_questions_and_tickets_that_are_closed(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    books = ["--books", files["books"]]
    for side in ("ours", "theirs"):
        words = ["ledger", "reconcile", "add", "alipay", files[f"{side}.csv"], "--side", side, *books]
        assert asked(capsys, *words) == {"added": 3, "known": 0}
        assert asked(capsys, *words) == {"added": 0, "known": 3}  # read again, it is what is there
    running = ["ledger", "reconcile", "run", "alipay", "--rules", files["rules.yaml"], "--platform", "alipay"]
    result = asked(capsys, *running, "--actor", "li", *books)
    assert (result["sure"], result["questions"], result["tickets"], result["vouchers"]) == (1, 1, 2, 1)
    [question] = asked(capsys, "ledger", "reconcile", "questions", "alipay", *books)
    assert [one["item_id"] for one in question["our_records"]] == question["match"]["ours"]
    assert [one["item_id"] for one in question["their_records"]] == question["match"]["theirs"]
    assert main([str(word) for word in ("ledger", "reconcile", "questions", "alipay", *books)]) == 0
    shown = capsys.readouterr().out
    for record in (*question["our_records"], *question["their_records"]):
        amount = f"{record['amount_minor'] / 100:.2f} {record['currency']}"
        assert f"{record['item_id']} {record['on'][5:]} {amount}" in shown
    decide = ["ledger", "reconcile", "decide", "alipay", question["question_id"]]
    reason = ["--reason", "10.00 were given back", "--actor", "han"]
    [decided] = asked(capsys, *decide, question["match_id"], *reason, *books)
    assert (decided["state"], decided["actor"]) == ("decided", "han")
    tickets = asked(capsys, "ledger", "tickets", "list", *books)
    assert sorted((one["kind"], one["amount_minor"]) for one in tickets) == [
        ("missing", -5_000), ("missing", 100), ("short", -1_000),
    ]  # fmt: skip
    for ticket in tickets:
        words = ["ledger", "tickets", "close", ticket["ticket_id"], "known to the shop", "--actor", "han", *books]
        assert asked(capsys, *words)["state"] == "closed"
    assert asked(capsys, "ledger", "tickets", "list", *books) == []
    states = [one["state"] for one in asked(capsys, "ledger", "reconcile", "matches", "alipay", *books)]
    assert sorted(states) == ["decided", "sure"]


def test_a_running_service_is_asked_in_the_same_words(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = Running(tmp_path / "data", ManualClock(datetime(2026, 5, 4, 8, tzinfo=UTC)))
    target = ["--target", f"{HOST}:{running.server.port}"]
    try:
        for side in ("ours", "theirs"):
            words = ["ledger", "reconcile", "add", "alipay", files[f"{side}.csv"], "--side", side, *target]
            assert asked(capsys, *words) == {"added": 3, "known": 0}
        words = ["ledger", "reconcile", "run", "alipay", "--rules", files["rules.yaml"], "--actor", "li", *target]
        assert asked(capsys, *words)["questions"] == 1
        [question] = asked(capsys, "ledger", "reconcile", "questions", "alipay", *target)
        words = ["ledger", "reconcile", "decide", "alipay", question["question_id"], question["match_id"], *target]
        [decided] = asked(capsys, *words, "--reason", "the same order", "--actor", "han")
        assert decided["state"] == "decided"
        assert len(asked(capsys, "ledger", "reconcile", "matches", "alipay", *target)) == 2
    finally:
        running.close()


def test_a_question_that_is_answered_with_none_leaves_tickets_of_what_is_missing(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    books = ["--books", files["books"]]
    for side in ("ours", "theirs"):
        asked(capsys, "ledger", "reconcile", "add", "alipay", files[f"{side}.csv"], "--side", side, *books)
    running = ["ledger", "reconcile", "run", "alipay", "--rules", files["rules.yaml"], "--actor", "li", *books]
    asked(capsys, *running)
    before = {one["ticket_id"] for one in asked(capsys, "ledger", "tickets", "list", *books)}
    [question] = asked(capsys, "ledger", "reconcile", "questions", "alipay", *books)
    decide = ["ledger", "reconcile", "decide", "alipay", question["question_id"]]
    [refused] = asked(capsys, *decide, "--reason", "another buyer", "--actor", "han", *books)
    assert refused["state"] == "refused"
    result = asked(capsys, *running)
    assert (result["questions"], result["tickets"]) == (0, 4)  # two that there were, found again
    after = [one for one in asked(capsys, "ledger", "tickets", "list", *books) if one["ticket_id"] not in before]
    assert sorted((one["kind"], one["amount_minor"]) for one in after) == [("missing", -8_000), ("missing", 7_000)]


def test_a_statement_with_a_fault_is_not_taken_in(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    files["theirs.csv"].write_text(THEIRS.replace("70.00", "seventy"), "utf-8")
    words = ["ledger", "reconcile", "add", "alipay", str(files["theirs.csv"]), "--side", "theirs"]
    assert main([*words, "--books", str(files["books"])]) == 1
    assert "line 3: amount: 'seventy'" in capsys.readouterr().err
    questions = ["ledger", "reconcile", "questions", "alipay", "--books", str(files["books"])]
    assert main(questions) == 1
    assert "there is no reconciliation alipay" in capsys.readouterr().err


def test_a_long_statement_is_taken_in_a_part_at_a_time_and_not_at_all_with_a_fault_at_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "on,amount,currency,payment,order,party\n"
    lines = [f"2026-03-02,{number}.00,CNY,P{number},O{number},\n" for number in range(1, 2_301)]
    file, books = tmp_path / "theirs.csv", ["--books", str(tmp_path / "books")]
    words = ["ledger", "reconcile", "add", "alipay", str(file), "--side", "theirs", *books]
    file.write_text(head + "".join(lines[:-1]) + "2026-03-02,seventy,CNY,P,O,\n", "utf-8")
    assert main(words) == 1
    assert "line 2301: amount: 'seventy'" in capsys.readouterr().err
    file.write_text(head + "".join(lines), "utf-8")
    assert asked(capsys, *words) == {"added": 2_300, "known": 0}
    assert asked(capsys, *words) == {"added": 0, "known": 2_300}


def test_what_waits_to_be_found_sound_waits_on_disk(tmp_path: Path) -> None:
    def most_bytes(rows: int) -> int:
        file = tmp_path / f"{rows}.csv"
        with file.open("w", encoding="utf-8") as written:
            written.write("on,amount,currency,payment,order,party\n")
            written.writelines(f"2026-03-02,{number}.00,CNY,P{number},O{number},shop\n" for number in range(1, rows))
        tracemalloc.start()
        with lots_of(file, "csv", anyway=False, net=False) as lots:
            assert sum(map(len, lots)) == rows - 1
        assert run_import(file, "csv", tmp_path / "out.csv", "", anyway=False) == 0
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few, many = most_bytes(2_000), most_bytes(12_000)
    assert (many - few) / 10_000 < 250  # a digest of each row; a record alone takes three times as much
