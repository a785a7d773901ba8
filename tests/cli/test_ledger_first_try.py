"""What the pages of the ledger give somebody to try first does what they say."""

import csv
import json
import re
from pathlib import Path

import pytest

from solver.cli.main import main

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)


def test_the_first_match_is_one_fee_one_question_and_two_records_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in zip(("ours.csv", "theirs.csv"), blocks("reconciliation.md", "csv"), strict=True):
        Path(name).write_text(text, "utf-8")
    Path("rules.yaml").write_text(blocks("reconciliation.md", "yaml")[0], "utf-8")
    assert main(["ledger", "match", "ours.csv", "theirs.csv", "--rules", "rules.yaml", "--out", "report.csv"]) == 1
    with Path("report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["what"], row["kind"], row["our_amount"], row["difference"]) for row in csv.DictReader(file)]
    assert rows == [
        ("match", "", "100.00", ""),
        ("candidate", "", "80.00", ""),
        ("difference", "fee", "", "-0.60"),
        ("difference", "missing", "", "-50.00"),
        ("difference", "missing", "", "1.00"),
    ]


def test_the_first_books_hold_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    [events] = blocks("ledger.md", "csv")
    Path("events.csv").write_text(events, "utf-8")
    assert main(["ledger", "post", "events.csv", "--books", "./books"]) == 0
    capsys.readouterr()
    assert (
        main(["ledger", "trial-balance", "--from", "2026-03", "--until", "2026-03", "--books", "./books", "--json"])
        == 0
    )
    closing = {one["account"]: one["closing_minor"] for one in json.loads(capsys.readouterr().out)}
    assert (closing["receivable/tmall"], closing["platform_clearing/tmall"]) == (11_300, -68)
    assert sum(closing.values()) == 0
