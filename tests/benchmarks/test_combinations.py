"""The commands that make the figures of combinations."""

import gzip
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.baskets import INVOICES, TOWNS
from benchmarks.combination_invoices import lay_out
from benchmarks.combinations import exact, loads, timed
from solver.catalog.combinations.explode import explode_all

ROWS = 5_000


def test_timed_rows_are_compared_before_they_are_timed(capsys: pytest.CaptureFixture[str]) -> None:
    assert timed(5, 1) == 0
    printed = capsys.readouterr().out
    assert "| nested, three deep, one chosen and two drawn | 3 |" in printed
    assert "| 20,000 |" in printed
    assert "all 36 kinds, every offer applies" in printed


def test_every_order_that_is_timed_has_lines_of_combinations() -> None:
    for load in loads(5, 1):
        assert len(load.baskets) == 5
        pieces = sum(len(one.pieces) for one in explode_all(load.baskets, load.book, load.seen))
        assert pieces >= sum(len(basket.lines) for basket in load.baskets)


def test_random_orders_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert exact(30, 1) == 0
    assert "| **answers that differ** | 0 |" in capsys.readouterr().out


def _first_rows(shared_data: Path, folder: Path) -> Path:
    """A folder with the first rows of the invoices: reading all of them takes too long here."""
    for name in (INVOICES, TOWNS):
        (folder / name).parent.mkdir(parents=True)
    (folder / TOWNS).write_bytes((shared_data / TOWNS).read_bytes())
    with gzip.open(shared_data / INVOICES, "rt", encoding="utf-8") as rows:
        text = "".join(islice(rows, ROWS))
    (folder / INVOICES).write_bytes(gzip.compress(text.encode()))
    return folder


def test_real_invoices_laid_out_in_bundles_explode_to_what_was_sold(shared_data: Path, tmp_path: Path) -> None:
    laid = lay_out(_first_rows(shared_data, tmp_path), 1)
    for basket, explosion in zip(laid.baskets, explode_all(laid.baskets, laid.book, seed="s"), strict=True):
        own = {line.line_id for line in basket.lines}
        units: dict[str, int] = {}
        for piece in explosion.pieces:
            if piece.line_id in own:
                units[piece.sku] = units.get(piece.sku, 0) + piece.units
        assert units == laid.units[basket.order_id]
    bundled = [line for basket in laid.baskets for line in basket.lines if line.item_id in laid.book.combinations]
    assert len(bundled) > 1_000
