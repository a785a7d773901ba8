"""`stock import`: every bad row by its line, all rows or the good ones or nothing, and never twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.cli.main import main
from solver.cli.stock_file import NotAStockFile, read_stock_file
from solver.clock import ManualClock
from solver.scenario.load import load
from solver.stock.physical.states import StockState
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import HOST, Running

GOOD = """site,sku,units,zone,lot,expires_on,state
S-EAST,RARE,5,A,L7,2026-09-30,
W-EAST,RARE,2,,,,defective
"""
BAD = """site,sku,units,zone,lot,expires_on,state
S-EAST,RARE,5,A,L7,2026-09-30,
nowhere,RARE,1,,,,
S-EAST,NOTHING,1,,,,
S-EAST,RARE,1.5,,,,
S-EAST,RARE,-1,,,,
S-EAST,RARE,0,,,,

S-EAST,RARE,1,,old,2026-02-01,
S-EAST,RARE,1,,L7,2026-10-01,
S-EAST,RARE,1,,,30.9.2026,
S-EAST,RARE,1,,,,lost
S-EAST,RARE,1,A
,RARE,1,,,,
"""
REFUSED = [
    "line 3: site_id: 'nowhere': there is no such source; name one that exists, or add it first",
    "line 4: sku: 'NOTHING': there is no such material; name one that exists, or add it first",
    "line 5: units: '1.5': give a whole number of units, at least 1, in digits alone",
    "line 6: units: '-1': give a whole number of units, at least 1, in digits alone",
    "line 7: units: 0: must lie between 1 and 1,000,000",
    "line 9: expires_on: '2026-02-01': it is 2026-03-02 there: what has expired cannot be good; "
    "say frozen or defective",
    "line 10: expires_on: '2026-10-01': lot L7 of RARE expires on 2026-09-30 by an earlier row; a lot has one day",
    "line 11: expires_on: '30.9.2026': give a day as YYYY-MM-DD",
    "line 12: state: 'lost': give one of good, defective, frozen, inspection, or nothing for good",
    "line 13: line: 4 cells: give 7 cells, as the first line does",
    "line 14: site: '': give a value",
]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    served = Running(tmp_path / "data", ManualClock(MONDAY_AT_8))
    load(served.application, made_world())
    yield served
    served.close()


def imported(running: Running, path: Path, text: str, *options: str) -> int:
    path.write_text(text, encoding="utf-8")
    return main(["stock", "import", str(path), "--target", f"{HOST}:{running.server.port}", *options])


def test_a_good_file_is_loaded_once(running: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert imported(running, tmp_path / "stock.csv", GOOD) == 0
        said = capsys.readouterr()
        assert said.err == ""
        assert said.out.startswith("2 rows read, 0 bad, 2 rows loaded by journal entry ")
    assert running.levels("RARE") == {("S-EAST", "RARE"): (5, 0, 0), ("W-EAST", "RARE"): (0, 0, 0)}
    assert running.discrepancies() == []


def test_one_bad_row_refuses_the_whole_file_and_each_is_named_by_its_line(
    running: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = running.contents()
    assert imported(running, tmp_path / "stock.csv", BAD) == 1
    said = capsys.readouterr()
    assert said.err.splitlines() == REFUSED
    assert said.out == "12 rows read, 11 bad, nothing loaded\n"
    assert running.contents() == before


def test_the_good_rows_are_loaded_where_that_is_asked_and_the_bad_ones_kept_for_another_try(
    running: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = tmp_path / "left.csv"
    assert imported(running, tmp_path / "stock.csv", BAD, "--good-rows", "--refused-to", str(left)) == 1
    said = capsys.readouterr()
    assert said.err.splitlines() == REFUSED
    assert said.out.startswith("12 rows read, 11 bad, 1 rows loaded by journal entry ")
    assert running.levels("RARE") == {("S-EAST", "RARE"): (5, 0, 0)}
    assert left.read_text(encoding="utf-8").splitlines() == [
        line for number, line in enumerate(BAD.splitlines(), start=1) if number not in (2, 8)
    ]


def test_a_file_whose_good_rows_were_loaded_is_not_loaded_in_another_way(
    running: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = "site,sku,units\nS-EAST,RARE,1\nnowhere,RARE,1\n"
    assert imported(running, tmp_path / "stock.csv", half, "--good-rows") == 1
    assert imported(running, tmp_path / "stock.csv", half) == 1
    assert "of their own" in capsys.readouterr().err
    assert running.levels("RARE") == {("S-EAST", "RARE"): (1, 0, 0)}


def test_a_check_loads_nothing(running: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(running, tmp_path / "stock.csv", GOOD, "--check") == 0
    assert capsys.readouterr().out == "2 rows read, 0 bad, nothing loaded\n"
    assert running.levels("RARE") == {}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"site,sku\nS-EAST,RARE\n", "'units' are missing"),
        (b"site,sku,units,colour\n", "'colour' are unknown"),
        (b"site,sku,units,units\n", "'units' stand twice"),
        (b"", "are missing"),
        (b"site,sku,units\n\xff\xfe,RARE,1\n", "not UTF-8"),
        (b'site,sku,units\n"S-EAST,RARE,1\n', "is no CSV"),
    ],
)
def test_a_file_that_is_no_stock_at_all_is_refused(body: bytes, told: str) -> None:
    with pytest.raises(NotAStockFile) as refused:
        read_stock_file(body)
    assert told in str(refused.value)


def test_lines_are_those_of_the_file_whatever_cells_hold() -> None:
    body = '\ufeffSite, SKU ,Units,state\r\n"S\nEAST",TEA,1,Frozen\r\n\r\nS-WEST,CUP,2,\r\n'.encode()
    file = read_stock_file(body)
    assert [(row.line, row.movement.site_id, row.movement.state) for row in file.rows] == [
        (2, "S\nEAST", StockState.FROZEN),
        (5, "S-WEST", StockState.GOOD),
    ]
    assert file.lines == {2: '"S\nEAST",TEA,1,Frozen', 5: "S-WEST,CUP,2,"}


def test_a_missing_file_and_an_empty_one_are_told(
    running: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stock", "import", str(tmp_path / "none.csv")]) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert imported(running, tmp_path / "stock.csv", "site,sku,units\n") == 0
    assert capsys.readouterr().out == "0 rows read, 0 bad, nothing loaded\n"
