"""`python -m benchmarks.forecasts`: how well simple forecasts do on three real histories, against seasonal naive.

Series are weekly units: the 200 most frequent goods of a British gift wholesaler (UCI Online Retail), a Chinese
cosmetics brand's products by region of the country, and Olist's categories by state. Each is back-tested from four
origins, four weeks ahead; `chosen` is what the choice by the earlier origins did on the last, which it had not seen.
Errors are medians over the series: the mean is that of a few whose first weeks were almost without sales.
"""

import argparse
import csv
import gzip
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from solver.foresight.back_test import Score, origins, score
from solver.foresight.forecasters import METHODS, WITH_EXTRA, Method
from solver.foresight.kinds import Floats

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
AHEAD, SEASON, FOLDS, SERIES = 4, 1, 4, 200
_WEEK = 7
_COSMETICS_YEAR = 2019

Key = tuple[str, ...]


def weekly(sales: Iterator[tuple[Key, date, int]]) -> dict[Key, Floats]:
    """The most frequent series, each over all whole weeks of the history."""
    units: dict[Key, Counter[int]] = defaultdict(Counter)
    lines: Counter[Key] = Counter()
    for key, day, count in sales:
        units[key][day.toordinal() // _WEEK] += count
        lines[key] += 1
    weeks = [week for of_key in units.values() for week in of_key]
    span = range(min(weeks) + 1, max(weeks))  # the first and the last may be short
    return {key: np.array([units[key][week] for week in span], dtype=float) for key, _ in lines.most_common(SERIES)}


def uci(folder: Path) -> Iterator[tuple[Key, date, int]]:
    """Units of each stock code; cancellations and what is no stock are left out."""
    for row in _rows(next((folder / "uci_online_retail").glob("*.csv.gz"))):
        units = int(row["Quantity"])
        if units > 0 and row["StockCode"][:5].isdigit():
            yield (row["StockCode"],), datetime.fromisoformat(row["InvoiceDate"]).date(), units


def cosmetics(folder: Path) -> Iterator[tuple[Key, date, int]]:
    """Cartons (a four-hundredth of the masked quantity) of each product and region; unreadable rows are left out."""
    for row in _rows(folder / "cn_orders" / "sales_orders.csv.gz"):
        try:
            day = date.fromisoformat(row["订单日期"].replace("#", "-")[:10])
            units = round(int(row["订购数量"].rstrip("个")) / 400) or 1
        except ValueError:
            continue
        if day.year == _COSMETICS_YEAR:  # some dates are slips of the pen
            yield (row["商品编号"], row["所在区域"]), day, units


def olist(folder: Path) -> Iterator[tuple[Key, date, int]]:
    """Units of each category and state."""
    states = {
        row["customer_id"]: row["customer_state"]
        for row in _rows(folder / "olist/sample_a/olist_customers_dataset.csv.gz")
    }
    orders = {row["order_id"]: row for row in _rows(folder / "olist/sample_a/olist_orders_dataset.csv.gz")}
    category = {
        row["product_id"]: row["product_category_name"]
        for row in _rows(folder / "olist/reference/olist_products_dataset.csv.gz")
    }
    for row in _rows(folder / "olist/sample_a/olist_order_items_dataset.csv.gz"):
        order = orders.get(row["order_id"])
        if order is not None and order["order_purchase_timestamp"] >= "2017":
            day = datetime.fromisoformat(order["order_purchase_timestamp"]).date()
            yield (category.get(row["product_id"], ""), states.get(order["customer_id"], "")), day, 1


HISTORIES = {"uci": uci, "cosmetics": cosmetics, "olist": olist}


def judged(series: Mapping[Key, Floats], methods: Mapping[str, Method]) -> dict[str, list[Score]]:
    """Scores by method over all series, all origins; `chosen` on the last origin alone."""
    found: dict[str, list[Score]] = defaultdict(list)
    for one in series.values():
        starts = origins(len(one), AHEAD, FOLDS, SEASON)
        earlier: dict[str, float] = {}
        for name, method in methods.items():
            found[name].append(score(one, method, ahead=AHEAD, season=SEASON, starts=starts))
            earlier[name] = score(one, method, ahead=AHEAD, season=SEASON, starts=starts[:-1]).rmsse
        best = min(earlier, key=lambda name: earlier[name])
        found["chosen"].append(score(one, methods[best], ahead=AHEAD, season=SEASON, starts=starts[-1:]))
        found["seasonal_naive, last origin"].append(
            score(one, methods["seasonal_naive"], ahead=AHEAD, season=SEASON, starts=starts[-1:])
        )
    return found


def main() -> None:
    """Print a table for each history."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the data sets")
    parser.add_argument("--extra", action="store_true", help="also Holt-Winters, by the extra `forecast`")
    options = parser.parse_args()
    console = Console()
    for name, read in HISTORIES.items():
        begun = time.process_time()
        series = weekly(read(options.data))
        scores = judged(series, WITH_EXTRA if options.extra else METHODS)
        weeks, silent = len(next(iter(series.values()))), float(np.mean([np.mean(one == 0) for one in series.values()]))
        title = f"{name}: {len(series)} series of {weeks} weeks, {silent:.0%} of them without sales"
        console.print(_table(title, scores))
        console.print(f"{time.process_time() - begun:.1f} s of processor time")


def _table(title: str, scores: Mapping[str, list[Score]]) -> Table:
    table = Table("method", "MASE", "RMSSE", "bias", "beats naive", title=title)
    naive = {True: scores["seasonal_naive, last origin"], False: scores["seasonal_naive"]}
    for name, of_series in scores.items():
        rivals = naive[name in ("chosen", "seasonal_naive, last origin")]
        wins = np.mean([one.rmsse < other.rmsse for one, other in zip(of_series, rivals, strict=True)])
        figures = (np.median([getattr(one, figure) for one in of_series]) for figure in ("mase", "rmsse", "bias"))
        mase, rmsse, bias = figures
        table.add_row(name, f"{mase:.3f}", f"{rmsse:.3f}", f"{bias:+.1%}", f"{wins:.0%}")
    return table


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as file:
        yield from csv.DictReader(file)


if __name__ == "__main__":
    main()
