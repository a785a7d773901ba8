"""`ledger` without a service: a folder of books, CSV files in, figures out."""

from pathlib import Path

import pytest

from solver.cli.main import main

EVENTS = """\
kind,currency,on,source,charge,amount_minor,party,order_id
shipped,CNY,2026-03-02,s/1,sale,10000,tmall,o1
shipped,CNY,2026-03-02,s/1,cost_of_goods,6000,,o1
payment_received,CNY,2026-03-05,p/1,payment,4000,tmall,o1
accrual,CNY,2026-03-02,P1,freight,900,sf,o1
"""


@pytest.fixture
def books(tmp_path: Path) -> str:
    return str(tmp_path / "books")


def ledger(books: str, *arguments: str) -> int:
    action, *others = arguments
    return main(["ledger", action, "--books", books, *others])


def posted(books: str, tmp_path: Path, text: str = EVENTS) -> int:
    file = tmp_path / "events.csv"
    file.write_text(text, encoding="utf-8")
    return ledger(books, "post", str(file))


def test_names_and_figures_are_whole_on_a_narrow_screen(
    books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    events = EVENTS.replace("tmall", "a-platform-of-a-long-name").replace("10000", "123456789")
    assert posted(books, tmp_path, events) == 0
    capsys.readouterr()
    for words in (["trial-balance"], ["statement", "receivable/a-platform-of-a-long-name"], ["order", "o1"]):
        assert ledger(books, *words) == 0
        shown = capsys.readouterr().out
        assert "1234567.89" in shown
        assert "…" not in shown
    assert "receivable/a-platform-of-a-long-name " in shown


def test_an_analyst_posts_a_table_and_follows_a_figure_down(
    books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert posted(books, tmp_path) == 0
    assert capsys.readouterr().out.splitlines() == [
        "V0000000001  shipped of s/1",
        "V0000000002  payment_received of p/1",
        "V0000000003  accrual of P1",
    ]
    shown = {}
    for words in (
        ["trial-balance"],
        ["statement", "receivable/tmall"],
        ["voucher", "V0000000001"],
        ["order", "o1", "--json"],
        ["accruals", "--open"],
        ["verify"],
    ):
        assert ledger(books, *words) == 0
        shown[words[0]] = capsys.readouterr().out
    assert "-100.00" in shown["trial-balance"]
    assert "60.00" in shown["statement"]
    assert "shipped of s/1 on 2026-03-02" in shown["voucher"]
    assert shown["order"].count('"order_id": "o1"') == 4
    assert "9.00" in shown["accruals"]
    assert shown["verify"].endswith("everything agrees\n")


def test_what_is_wrong_in_a_table_is_told_by_line_and_nothing_is_posted(
    books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = EVENTS.replace("2026-03-05", "5 March").replace(",6000,", ",60.00,")
    assert posted(books, tmp_path, wrong) == 1
    told = capsys.readouterr().err
    assert "events.csv:3: amount_minor" in told
    assert "events.csv:4: on" in told
    assert posted(books, tmp_path, EVENTS.replace("party", "partie")) == 1
    assert "did you mean party?" in capsys.readouterr().err
    assert posted(books, tmp_path, EVENTS.replace("accrual,", "acrual,")) == 1
    assert "did you mean accrual?" in capsys.readouterr().err
    assert ledger(books, "verify") == 0
    assert capsys.readouterr().out.startswith("0 vouchers")


def test_periods_rates_and_entities_are_kept_from_files(
    books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "group.csv").write_text("kind,code,base_currency\nentity,CN01,CNY\n", encoding="utf-8")
    (tmp_path / "rates.csv").write_text("date,currency,base,rate\n2026-03-01,USD,CNY,7.1\n", encoding="utf-8")
    assert ledger(books, "entities", str(tmp_path / "group.csv")) == 0
    assert ledger(books, "rates", str(tmp_path / "rates.csv")) == 0
    assert ledger(books, "entities") == 0
    assert ledger(books, "rates") == 0
    assert ledger(books, "close", "2026-03") == 0
    assert capsys.readouterr().out == (
        "version 1 is in force\n1 rates read, 1 new\n"
        "entities:\n  CN01:\n    base_currency: CNY\n    fiscal_year_starts: 1\n    home: false\n    rate_days: 7\n"
        "2026-03-01  1 USD = 7.1 CNY\n2026-03 of CN01 is closed\n"
    )
    assert posted(books, tmp_path) == 1
    assert "period 2026-03 of CN01 is closed" in capsys.readouterr().err
    assert ledger(books, "reopen", "2026-03", "--reason", "late") == 0
    assert posted(books, tmp_path) == 0
    assert ledger(books, "reverse", "V0000000001", "--on", "2026-03-09", "--reason", "wrong") == 0


def test_books_are_exported_rebuilt_and_exported_the_same(
    books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posted(books, tmp_path)
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    assert ledger(books, "export", "--to", str(first)) == 0
    again = str(tmp_path / "again")
    assert ledger(again, "rebuild", str(first)) == 0
    assert ledger(again, "export", "--to", str(second)) == 0
    assert first.read_bytes() == second.read_bytes()
    assert capsys.readouterr().out.endswith("3 vouchers\n")
    assert ledger(again, "rebuild", str(first)) == 1
    assert "rebuild into an empty database" in capsys.readouterr().err


def test_the_rules_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "rules"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["shipped", "sale", "receivable/…", "sales"] in rows


def test_a_file_that_is_no_text_is_told(books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "gbk.csv"
    file.write_bytes(EVENTS.encode() + "备注".encode("gbk"))
    assert ledger(books, "post", str(file)) == 1
    assert "gbk.csv:6" in capsys.readouterr().err


def test_an_own_chart_is_checked_without_books_and_imported_into_them(
    books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.yaml"
    account = "own_expense: {number: '6601.99', name_en: Own, name_zh: 自有, type: expense}"
    rule = "fee: {charges: {own: {debit: own_expense, credit: bank}}}"
    own.write_text(f"accounts:\n  {account}\nrules:\n  {rule}\n", encoding="utf-8")
    assert main(["ledger", "rules", "--chart", str(own)]) == 0
    assert ["fee", "own", "own_expense", "bank"] in [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ledger(books, "chart") == 0
    assert "the product's own" in capsys.readouterr().out
    assert ledger(books, "chart", str(own)) == 0
    assert capsys.readouterr().out == "version 1 is in force\n"
    assert posted(books, tmp_path, "kind,currency,on,source,charge,amount_minor\nfee,CNY,2026-03-02,f/1,own,5\n") == 0
    own.write_text("accounts: {}\n", encoding="utf-8")
    assert ledger(books, "chart", str(own)) == 1
    assert "account own_expense is missing" in capsys.readouterr().err


def test_what_waits_for_a_rate_is_told_until_the_rate_is_there(
    books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    group, rates = tmp_path / "group.yaml", tmp_path / "rates.csv"
    group.write_text("entities:\n  A: {name_en: A, base_currency: CNY}\n", encoding="utf-8")
    rates.write_text("date,currency,base,rate\n2026-03-01,USD,CNY,7.1\n", encoding="utf-8")
    assert ledger(books, "entities", str(group)) == 0
    assert posted(books, tmp_path, EVENTS.replace("CNY", "USD")) == 0
    capsys.readouterr()
    assert ledger(books, "untranslated") == 0
    told = capsys.readouterr().out
    assert told == "A  3 vouchers in USD: needs a rate of USD in CNY on 2026-03-02 or shortly before\n"
    assert ledger(books, "rates", str(rates)) == 0
    capsys.readouterr()
    assert ledger(books, "untranslated") == 0
    assert capsys.readouterr().out == ""
