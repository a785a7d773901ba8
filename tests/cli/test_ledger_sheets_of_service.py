"""`ledger sheet` and `ledger erp` with `--url`: the books that a server process has open."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from solver.cli.main import main
from solver.client import Client
from solver.ledger.books.model import Amount, Event
from tests.faults.process import ServerProcess

SOLD = Event(
    kind="fee",
    entity="",
    currency="CNY",
    on=date(2026, 3, 2),
    source="fee/1",
    amounts=(Amount(charge="commission", amount_minor=12_345, party="tmall", order_id="O-1"),),
)


@pytest.fixture
def server(tmp_path: Path, store_url: str) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path / "server", url=store_url)
    yield process
    process.clean_up()


def test_sheets_and_lines_are_those_that_a_running_server_committed(
    server: ServerProcess, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = ["--url", store_url]
    with Client(f"127.0.0.1:{server.port}") as client:
        [voucher] = client.books.post([SOLD])
        balance, statement, erp = (tmp_path / name for name in ("balance.xlsx", "statement.xlsx", "erp.csv"))
        [leg] = voucher.legs
        assert main(["ledger", "sheet", "trial-balance", *url, "--to", str(balance)]) == 0
        assert main(["ledger", "sheet", "statement", leg.credit, *url, "--to", str(statement)]) == 0
        assert main(["ledger", "erp", *url, "--to", str(erp)]) == 0
        assert capsys.readouterr().out.endswith(f"{erp}: 2 lines\n")
        assert client.books.verify().troubles == ()  # the server has its books as before
    with erp.open(encoding="utf-8", newline="") as file:
        rows = [(row["voucher_id"], row["account"], row["debit"], row["credit"]) for row in csv.DictReader(file)]
    assert rows == [
        (voucher.voucher_id, leg.debit.partition("/")[0], "123.45", "0.00"),
        (voucher.voucher_id, leg.credit.partition("/")[0], "0.00", "123.45"),
    ]
    for book, amount in ((balance, 123.45), (statement, 123.45)):
        values = [
            cell.value
            for sheet in openpyxl.load_workbook(book, data_only=True)
            for row in sheet.iter_rows()
            for cell in row
        ]
        assert amount in values
    assert server.end()[0] == 0


def test_a_url_without_books_is_refused_and_none_are_begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "none.db"
    assert main(["ledger", "erp", "--url", f"sqlite:{file}", "--to", str(tmp_path / "erp.csv")]) == 1
    assert "there is no database at" in capsys.readouterr().err
    assert not file.exists()
    assert not (tmp_path / "erp.csv").exists()
