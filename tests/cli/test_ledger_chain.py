"""`ledger chain`: which order was paid, invoiced and shipped, from files."""

import csv
from pathlib import Path

import pytest

from solver.cli.main import main

HEAD = "on,amount,currency,payment,order,party\n"
ORDERS = "2026-03-02,10.00,CNY,,N-100001,\n2026-03-02,20.00,CNY,,X-277702,\n2026-03-02,35.00,CNY,,K-390903,\n"
PAID = "2026-03-02,10.00,CNY,P1,N-100001,\n2026-03-02,19.00,CNY,P2,X-277702,\n2026-03-03,35.00,CNY,P3,K-390903,\n"
SHIPPED = "2026-03-03,4.00,CNY,,N-100001,\n2026-03-03,6.00,CNY,,N-100001,\n2026-03-03,99.00,CNY,,Q-555555,\n"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, rows in (("orders", ORDERS), ("paid", PAID), ("shipped", SHIPPED)):
        Path(f"{name}.csv").write_text(HEAD + rows, "utf-8")


def test_each_order_says_what_it_has_with_lines_and_what_it_lacks() -> None:
    words = ["orders.csv", "--payments", "paid.csv", "--shipments", "shipped.csv", "--out", "chains.csv"]
    assert main(["ledger", "chain", *words]) == 1
    with Path("chains.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)]
    assert rows == [
        ("kind", "line", "order", "on", "amount", "currency", "payment", "payment_lines", "shipment", "shipment_lines"),
        ("order", "2", "N-100001", "2026-03-02", "10.00", "CNY", "whole", "2", "whole", "2 3"),
        ("order", "3", "X-277702", "2026-03-02", "20.00", "CNY", "asked", "", "lacking", ""),
        ("order", "4", "K-390903", "2026-03-02", "35.00", "CNY", "whole", "4", "lacking", ""),
        ("shipment", "4", "Q-555555", "2026-03-03", "99.00", "CNY"),
    ]


def test_it_is_0_where_every_order_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    Path("paid.csv").write_text(HEAD + PAID.replace("19.00", "20.00"), "utf-8")
    assert main(["ledger", "chain", "orders.csv", "--payments", "paid.csv"]) == 0
    assert "payments" in capsys.readouterr().out
    assert main(["ledger", "chain", "orders.csv"]) == 1
    assert "give payments, invoices or shipments" in capsys.readouterr().err
