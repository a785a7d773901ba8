"""The files of ten years are what the benchmark says of them."""

from pathlib import Path

from benchmarks.ten_years import write_files
from solver.ledger.statements.open import open_statement


def test_the_files_of_ten_years_are_sound_and_span_them(tmp_path: Path) -> None:
    ours, bill = tmp_path / "ours.csv", tmp_path / "bill.csv"
    write_files(ours, bill, 1_000, 1)
    for file, form, rows, first, last in (
        (ours, "csv", 1_000, "2016-01-01", "2025-12-25"),
        (bill, "alipay", 994, "2016-01-04", "2025-12-27"),
    ):
        statement = open_statement(file, form)
        read = list(statement.rows())
        assert statement.report.faults == []
        assert (len(read), str(statement.report.first_on), str(statement.report.last_on)) == (rows, first, last)
