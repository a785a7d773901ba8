"""How long a server takes to be back up on a journal of many movements: `python -m benchmarks.restart`.

Movements are written in bulk, from a seed, straight into the tables of the journal: units of a SKU go to and fro
between sites, each pair of movements leaving all balances as they were. The books are audited at the smallest size.
What a start costs should not grow with the journal: balances are kept in tables, views follow from its end.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.load_world import LoadWorld, Size
from solver.app import Application
from solver.clock import SystemClock
from solver.journal.changes import tail
from solver.journal.model import Book
from solver.stock.accounts import GOOD
from solver.storage.database import Transaction
from solver.upkeep import audited

SIZE = Size(sources=100, skus=1_000, stocked_percent=30)
AT_ONCE = 500_000  # of one transaction
_SHIFT = 1 << 24  # more than there are accounts: two numbers travel as one
STARTS = 2
SERVER = Path(__file__).resolve().parents[1] / "server.py"
Numbers = NDArray[np.int64]


def write_movements(folder: Path, movements: int, seed: int) -> None:
    """So many further entries, an even number, each of one transfer; balances stay as they are."""
    assert movements % 2 == 0, "every movement has its opposite"
    with closing(Application.open(folder, SystemClock(), durable=False)) as application:
        rng = np.random.default_rng(seed)
        with application.database.read() as reader:
            last = tail(reader)
            rows = reader.query(
                "SELECT unit, account_id FROM journal_account WHERE book = ? AND kind = ? ORDER BY unit, holder",
                (Book.STOCK.value, GOOD),
            )
        of_sku: dict[str, list[int]] = {}
        for sku, account_id in rows:
            of_sku.setdefault(sku, []).append(account_id)
        accounts = [np.array(one) for one in of_sku.values() if len(one) > 1]
        for first in range(0, movements, AT_ONCE):
            moves = _moves(rng, accounts, min(AT_ONCE, movements - first))
            with application.database.write() as tx:
                _write(tx, last.entry_id + 1 + first, last.at_us, moves)


def _moves(rng: np.random.Generator, accounts: Sequence[Numbers], count: int) -> Numbers:
    """Rows of debit and credit, each followed by its opposite; both accounts are of one SKU."""
    sizes = np.array([len(one) for one in accounts])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    every = np.concatenate(accounts)
    sku = rng.integers(len(accounts), size=count // 2)
    one = rng.integers(sizes[sku])
    other = (one + 1 + rng.integers(sizes[sku] - 1)) % sizes[sku]
    there = np.stack((every[starts[sku] + one], every[starts[sku] + other]), axis=1)
    return np.stack((there, there[:, ::-1]), axis=1).reshape(-1, 2)


def _write(tx: Transaction, first: int, at_us: int, moves: Numbers) -> None:
    """With a statement for each table: the database takes the rows out of one long text."""
    rows = f"[{','.join(map(str, (moves[:, 0] * _SHIFT + moves[:, 1]).tolist()))}]"
    tx.execute(
        """INSERT INTO journal_entry (entry_id, phase, kind, subject, at_us)
           SELECT ? + key, 'post', 'moved', printf('move %010d', ? + key), ? FROM json_each(?)""",
        (first, first, at_us, rows),
    )
    tx.execute(
        """INSERT INTO journal_transfer (entry_id, line, debit_id, credit_id, amount)
           SELECT ? + key, 0, value / ?, value % ?, 1 FROM json_each(?)""",
        (first, _SHIFT, _SHIFT, rows),
    )
    account_ids, times = np.unique(moves[:, 0], return_counts=True)
    tx.executemany(
        """UPDATE journal_account SET debits_posted = debits_posted + ?, credits_posted = credits_posted + ?
           WHERE account_id = ?""",
        ((count, count, one) for one, count in zip(account_ids.tolist(), times.tolist(), strict=True)),
    )


def start_seconds(folder: Path) -> tuple[float, float]:
    """Seconds until it serves, and those of a processor; then it is ended."""
    begun = time.monotonic()
    command = [sys.executable, str(SERVER), "--port", "0", "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        seconds = time.monotonic() - begun
        assert said.startswith("serving on "), said
        spent = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
    return seconds, (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def table(sizes: Sequence[int], seed: int) -> Iterator[str]:
    """A row for each number of movements."""
    yield "| movements | file, GB | written in, s | serving after, s (median, least) | processor, s (median) |"
    yield "|---:|---:|---:|---:|---:|"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        LoadWorld(SIZE, seed).put_into(folder)
        written = 0
        for size in sorted(sizes):
            begun = time.monotonic()
            write_movements(folder, size - written, seed + written)
            took, written = time.monotonic() - begun, size
            if size == min(one for one in sizes if one):
                _, broken = audited(folder)
                assert not broken, broken[:3]
            starts = [start_seconds(folder) for _ in range(STARTS)]
            walls, spent = [wall for wall, _ in starts], [cpu for _, cpu in starts]
            gigabytes = (folder / "xunyuan.db").stat().st_size / 1e9
            yield (
                f"| {size:,} | {gigabytes:.2f} | {took:.0f} | {statistics.median(walls):.2f}, {min(walls):.2f} "
                f"| {statistics.median(spent):.2f} |"
            )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--movements", type=int, action="append", help="a size (default: 0, 100000 and 10000000)")
    parser.add_argument("--seed", type=int, default=1, help="of network, stock and movements (default: 1)")
    options = parser.parse_args()
    for line in table(options.movements or [0, 100_000, 10_000_000], options.seed):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    sys.stdout.write(f"\nSeed {options.seed}, {SIZE.sources} sources, {SIZE.skus:,} SKUs.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
