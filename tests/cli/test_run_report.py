"""`report` of runs from the command line."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from solver.cli.main import main
from solver.cli.reporting import with_runs
from solver.replay.run_files import ORDERS_FILE
from solver.scenario.files import write_scenario
from tests.made_world import made_world, order_of
from tests.report.made_runs import base_outcomes, write, write_both


def test_a_page_a_workbook_and_parquet_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_both(tmp_path)
    runs = [str(tmp_path / "base"), str(tmp_path / "split")]
    page, book, folder = tmp_path / "made.html", tmp_path / "made.xlsx", tmp_path / "tables"
    asked = ["--out", str(page), "--language", "zh", "--xlsx", str(book), "--parquet", str(folder)]
    assert main(["report", *runs, *asked]) == 0
    told = capsys.readouterr().out.replace("\n", "")
    assert f"made.html: 40 orders, {page.stat().st_size / 1e6:.1f} MB" in told
    assert "returns.parquet" in told
    assert "orders.parquet" in told
    assert '<html lang="zh">' in page.read_text("utf-8")
    assert "Made &lt;by hand&gt;" in page.read_text("utf-8")
    assert openpyxl.load_workbook(book).sheetnames[0] == "orders"
    assert (folder / "differences.parquet").is_file()


def test_runs_of_other_orders_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "one", "one", base_outcomes())
    write(tmp_path / "two", "two", base_outcomes()[:7])
    page = tmp_path / "made.html"
    assert main(["report", str(tmp_path / "one"), str(tmp_path / "two"), "--out", str(page)]) == 1
    assert "do not have the same orders" in capsys.readouterr().err
    assert main(["report", str(tmp_path), "--out", str(page)]) == 1
    assert "name the folder of a run" in capsys.readouterr().err
    assert not page.exists()


def test_runs_of_one_policy_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    write(tmp_path / "one", "cheapest", base_outcomes())
    write(tmp_path / "two", "cheapest", [replace(one, bound_minor=0) for one in base_outcomes()])
    page = tmp_path / "made.html"
    assert main(["report", str(tmp_path / "one"), str(tmp_path / "two"), "--out", str(page)]) == 0
    assert f"cheapest ({tmp_path / 'two'})" in page.read_text("utf-8")


def test_the_word_runs_may_be_left_out() -> None:
    assert with_runs(["report", "var/run", "--out", "x"]) == ["report", "runs", "var/run", "--out", "x"]
    for words in (
        ["report", "runs", "a"],
        ["report", "carrier", "down"],
        ["report", "--help"],
        ["report"],
        ["plan"],
        [],
    ):
        assert with_runs(words) == words


def test_a_replay_writes_the_page_of_its_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders = tuple(order_of(("TEA", 1), order_id=f"O-{number}") for number in range(3))
    write_scenario(replace(made_world(), orders=orders, policies=("cheapest", "fastest")), tmp_path / "world")
    page = tmp_path / "made.html"
    assert main(["replay", str(tmp_path / "world"), "--out", str(tmp_path / "runs"), "--report", str(page)]) == 0
    assert "made.html: 3 orders" in capsys.readouterr().out.replace("\n", "")
    assert '"name":"fastest"' in page.read_text("utf-8")
    nowhere = str(tmp_path / "missing" / "made.html")
    assert main(["report", str(tmp_path / "runs" / made_world().name / "fastest"), "--out", nowhere]) == 1
    assert "No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"not packed", b"\x1f\x8b\x08"])
def test_a_run_without_readable_orders_is_told_without_a_traceback(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "one", "one", base_outcomes())
    orders = tmp_path / "one" / ORDERS_FILE
    if content is None:
        orders.unlink()
    else:
        orders.write_bytes(content)
    assert main(["report", str(tmp_path / "one"), "--out", str(tmp_path / "made.html")]) == 1
    assert f"{orders} cannot be read" in capsys.readouterr().err
