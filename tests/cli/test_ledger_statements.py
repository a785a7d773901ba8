"""`ledger forms`, `import-statement` and `match`: from files to a report."""

import csv
import json
from pathlib import Path

import pytest

from solver.cli.main import main

OURS = """\
on,amount,currency,payment,order,party
2026-03-01,100.00,CNY,P1,2026030112345,shop
2026-03-02,50.00,CNY,P2,2026030298765,shop
2026-03-03,20.00,CNY,P3,2026030355555,shop
"""
THEIRS = """\
共3笔记录
交易时间,交易对方,商品说明,收/支,金额,交易状态,交易订单号,商家订单号
2026-03-01 10:00:00,shop,豆,收入,97.50,交易成功,A1,2026030112345
2026-03-02 10:00:00,shop,=杯,收入,50.00,交易成功,A2,2026030298765
2026-03-03 10:00:00,shop,杯,支出,9.00,交易成功,A3,2026030777777
"""
RULES = "keys: {order: order}\nfees: [{name: platform, rate: 2.5%}]\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "ours.csv").write_text(OURS, "utf-8")
    (tmp_path / "theirs.csv").write_bytes(THEIRS.encode("gb18030"))
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    return tmp_path


def matched(files: Path, out: str) -> int:
    named = [str(files / name) for name in ("ours.csv", "theirs.csv")]
    return main(
        [
            "ledger",
            "match",
            *named,
            "--mapping",
            "alipay",
            "--rules",
            str(files / "rules.yaml"),
            "--out",
            str(files / out),
        ]
    )


def test_two_files_are_matched_and_the_report_names_lines_and_causes(files: Path) -> None:
    assert matched(files, "report.csv") == 1
    with (files / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {
        (row["what"], row["our_amount"], row["their_amount"], row["sure"]) for row in rows if row["what"] == "match"
    }
    assert found == {("match", "100.00", "97.50", "yes"), ("match", "50.00", "50.00", "yes")}
    told = [(row["kind"], row["difference"], row["cause"]) for row in rows if row["what"] == "difference"]
    assert sorted(told) == [
        ("fee", "-2.50", "fee:platform"),
        ("missing", "-9.00", "not_in_ours"),
        ("timing", "-20.00", "under_way"),
    ]
    assert any(row["their_rows"].startswith("line 5:") for row in rows)


def test_the_report_is_json_where_its_name_says_so(files: Path) -> None:
    matched(files, "report.json")
    said = json.loads((files / "report.json").read_text("utf-8"))
    assert said["summary"] == {
        "matches": 2,
        "sure": 2,
        "questions": 0,
        "differences: fee": 1,
        "differences: timing": 1,
        "differences: missing": 1,
    }


def test_a_statement_becomes_a_plain_table_or_nothing(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = files / "rows.csv"
    command = ["ledger", "import-statement", str(files / "theirs.csv"), "--format", "alipay", "--out", str(table)]
    assert main(command) == 0
    assert "3 rows, 2026-03-01 to 2026-03-03; gb18030" in capsys.readouterr().out
    assert "'=杯" in table.read_text("utf-8")
    table.unlink()
    (files / "theirs.csv").write_bytes(THEIRS.replace("共3笔", "共4笔").encode("gb18030"))
    assert main(command) == 1
    assert "line 1: '共4笔记录'" in capsys.readouterr().err
    assert not table.exists()
    assert main([*command, "--anyway"]) == 0


def test_forms_are_listed_and_one_of_ones_own_is_read(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "forms"]) == 0
    assert "mt940" in capsys.readouterr().out
    own = "statement: own\nname: Own\nzone: UTC\ncurrency: CNY\nat: day\ntime_forms: [iso]\namounts: [sum]\n"
    (files / "own.yaml").write_text(own + "flows: [{when: {}, flow: signed, kind: x}]\n", "utf-8")
    (files / "own.csv").write_text("day,sum\n2026-03-01,1.00\n", "utf-8")
    assert main(["ledger", "import-statement", str(files / "own.csv"), "--format", str(files / "own.yaml")]) == 0
    assert main(["ledger", "import-statement", str(files / "own.csv"), "--format", "alipai"]) == 1
    assert "did you mean alipay?" in capsys.readouterr().err
