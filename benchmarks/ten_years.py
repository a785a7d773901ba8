"""Ten years' rows in one file: what each command takes to read it, to match it and to keep it.

Usage: python -m benchmarks.ten_years [--rows N] [--seed N] [--books URL] [--without-runs]

Writes what the books say (plain CSV) and a bill of Alipay (GBK, with its totals), and runs the commands on them, each
in a process of its own. Of 100 rows of ours 97 are shown, up to 3 days later, every tenth without the order's number;
two rows more are nobody's. Then the bill is cut within its last row: nothing of it may be taken.
"""

import argparse
import csv
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from solver.money import format_minor

START = date(2016, 1, 1)
DAYS = 3_650
COLUMNS = ("交易时间", "交易对方", "商品说明", "收/支", "金额", "交易状态", "交易订单号", "商家订单号")
RULES = "keys: {order: order}\ndays_before: 0\ndays_after: 5\n"


def booked(rows: int, rng: random.Random) -> Iterator[tuple[int, date, int, str]]:
    """Number, day, amount and party of each row of ours, by day."""
    for number in range(rows):
        on = START + timedelta(days=number * DAYS // rows)
        yield number, on, rng.randrange(500, 200_000), f"buyer {rng.randrange(rows // 10 + 1)}"


def write_files(ours: Path, bill: Path, rows: int, seed: int) -> None:
    """Both files, a row at a time; the bill's totals stand before its rows."""
    rng, body = random.Random(seed), bill.with_suffix(".body")
    shown = sum_minor = 0
    with ours.open("w", encoding="utf-8", newline="") as mine, body.open("w", encoding="gb18030", newline="") as theirs:
        left, right = csv.writer(mine), csv.writer(theirs)
        left.writerow(("on", "amount", "currency", "payment", "order", "party"))
        for number, on, minor, party in booked(rows, rng):
            order = f"T{rng.randrange(10**9, 10**10)}{number:08}"
            left.writerow((on, format_minor(minor, "CNY"), "CNY", "", order, party))
            chance = rng.random()
            copies = (chance >= 0.03) + (chance >= 0.98)
            for copy in range(copies):
                day, amount = on + timedelta(days=rng.randrange(4)), minor if copy == 0 else rng.randrange(500, 200_000)
                key = "" if copy or chance < 0.13 else order
                text = format_minor(amount, "CNY")
                at = f"{day} {rng.randrange(24):02}:{rng.randrange(60):02}:00"
                right.writerow((at, party, "goods", "收入", text, "交易成功", f"2016{number:012}{copy}", key))
                shown, sum_minor = shown + 1, sum_minor + amount
    with bill.open("wb") as whole, body.open("rb") as rest:
        total = format_minor(sum_minor, "CNY")
        head = f"共{shown}笔记录\n收入：{shown}笔 {total}元\n支出：0笔 0.00元\n{','.join(COLUMNS)}\n"
        whole.write(head.encode("gb18030"))
        while part := rest.read(1 << 20):
            whole.write(part)
    body.unlink()


def run(what: str, words: Sequence[str]) -> int:
    """One command in a process of its own, and a row of what it took; its exit code."""
    began = time.perf_counter()
    null = os.open(os.devnull, os.O_WRONLY)
    command = [sys.executable, "-m", "solver", "ledger", *words]
    files = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    child = os.posix_spawn(sys.executable, command, os.environ, file_actions=files)
    _, status, used = os.wait4(child, 0)
    os.close(null)
    code, seconds = os.waitstatus_to_exitcode(status), time.perf_counter() - began
    row = f"{seconds:.0f} s | {used.ru_utime + used.ru_stime:.0f} s | {used.ru_maxrss / 1024:,.0f} MB | {code}"
    print(f"| {what} | {row} |", flush=True)
    return code


def measure(folder: Path, rows: int, seed: int, books: str, *, with_runs: bool) -> None:
    ours, bill, rules, cut = (folder / name for name in ("ours.csv", "bill.csv", "rules.yaml", "cut.csv"))
    write_files(ours, bill, rows, seed)
    rules.write_text(RULES, "utf-8")
    shutil.copyfile(bill, cut)
    os.truncate(cut, bill.stat().st_size - 40)
    print(f"{rows:,} rows of ours in ten years, a bill of {bill.stat().st_size / 1e6:.0f} MB, seed {seed}.\n")
    kept, theirs = ["--books", books or str(folder / "books")], ["--side", "theirs", "--format", "alipay"]
    print("| command | time | processor | most memory | exit |\n|---|---:|---:|---:|---:|")
    run("import-statement", ["import-statement", str(bill), "--format", "alipay", "--out", str(folder / "rows.csv")])
    run("import-statement, cut", ["import-statement", str(cut), "--format", "alipay", "--out", str(folder / "no.csv")])
    run("reconcile add, ours", ["reconcile", "add", "ten", str(ours), "--side", "ours", *kept])
    run("reconcile add, theirs, cut", ["reconcile", "add", "ten", str(cut), *theirs, *kept])
    run("reconcile add, theirs", ["reconcile", "add", "ten", str(bill), *theirs, *kept])
    run("reconcile add, theirs, again", ["reconcile", "add", "ten", str(bill), *theirs, *kept])
    if with_runs:
        run("reconcile run", ["reconcile", "run", "ten", "--rules", str(rules), "--actor", "li", *kept])
        out = str(folder / "report.csv")
        run("match", ["match", str(ours), str(bill), "--format", "alipay", "--rules", str(rules), "--out", out])
    assert not (folder / "no.csv").exists()


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--rows", type=int, default=100_000)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--books", default="", help="the URL of an empty database (default: a folder of its own)")
    reader.add_argument("--without-runs", action="store_true", help="only take rows in")
    options = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options.rows, options.seed, options.books, with_runs=not options.without_runs)


if __name__ == "__main__":
    main()
