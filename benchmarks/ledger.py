"""How long books of many postings take to write, to verify and to export, in what memory. A posting is one line.

`python -m benchmarks.ledger --postings 1000000`: events of four entities in three currencies go through the posting
rules into a database on disk; then every balance is rebuilt from the lines, sums are held against zero per entity and
currency, and with `--rebuild` the canonical text is read into a second database whose text must be the same.
"""

import argparse
import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from solver.clock import ManualClock
from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.ledger.books.canonical import export
from solver.ledger.books.entity_files import read_declaration
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.rates import Rate
from solver.ledger.books.readings import BalanceFilter, period_balances
from solver.ledger.books.rebuild import rebuild
from solver.ledger.books.schema import LEDGER_SCHEMA
from solver.ledger.books.verify import verify
from solver.ledger.ledger import Ledger
from solver.storage.database import Database
from solver.storage.url import open_database

_BEGIN = date(2025, 1, 1)
_DAYS = 365
_EVENTS_AT_ONCE = 1_000
_GROUP = """\
entities:
  CN01: {name_en: A, base_currency: CNY, home: true}
  CN02: {name_en: B, base_currency: CNY}
  HK01: {name_en: C, base_currency: HKD}
  JP01: {name_en: D, base_currency: JPY}
cost_centres:
  north: {name_en: North}
  south: {name_en: South}
"""
_CURRENCIES = {"CN01": ("CNY", "CNY", "CNY", "USD"), "CN02": ("CNY",), "HK01": ("HKD", "USD"), "JP01": ("JPY",)}


def events(postings: int, random: Random) -> Iterator[Event]:
    """Shipments of two lines, payments, fees and returns over a year, as many as make so many postings."""
    made = number = 0
    while made < postings:
        number += 1
        event = _event(number, min(4, postings - made), made * _DAYS // postings, random)
        made += len(event.amounts)
        yield event


def _event(number: int, most: int, day: int, random: Random) -> Event:
    entity = random.choice(("CN01", "CN01", "CN02", "HK01", "JP01"))
    party, order_id = f"platform-{random.randrange(40)}", f"order-{number}"
    minor, centre = random.randrange(100, 100_000), random.choice(("north", "south"))
    kind = random.choice(("shipped", "shipped", "payment_received", "returned", "fee"))
    charges = {"payment_received": ("payment",), "fee": ("payment_fee",)}.get(kind, ("sale", "tax", "cost_of_goods"))
    amounts = tuple(
        Amount(
            charge=charge,
            amount_minor=minor // (1, 8, 2)[position],
            party=party,
            order_id=order_id,
            line_id=str(position),
            sku=f"sku-{number % 5_000}",
            cost_centre=centre,
        )
        for position, charge in enumerate(charges[:most])
    )
    currency = random.choice(_CURRENCIES[entity])
    on = _BEGIN + timedelta(days=day)
    return Event(kind=kind, entity=entity, currency=currency, on=on, source=f"{kind}/{number}", amounts=amounts)


def build(database: Database, ledger: Ledger, postings: int, seed: int) -> None:
    """Post everything, a transaction for each thousand events."""
    with database.write() as tx:
        ledger.declare(tx, read_declaration(_GROUP, "group.yaml"))
        ledger.keep_rates(tx, _rates())
    waiting: list[Event] = []
    for event in events(postings, Random(seed)):
        waiting.append(event)
        if len(waiting) == _EVENTS_AT_ONCE:
            _post(database, ledger, waiting)
            waiting = []
    _post(database, ledger, waiting)


def _rates() -> Iterator[Rate]:
    for day in range(0, _DAYS + 1, 5):
        on = _BEGIN + timedelta(days=day)
        yield Rate(currency="USD", base="CNY", on=on, rate=Decimal(70_000 + day * 7 % 3_000) / 10_000)
        yield Rate(currency="USD", base="HKD", on=on, rate=Decimal(77_000 + day * 11 % 1_000) / 10_000)


def _post(database: Database, ledger: Ledger, waiting: list[Event]) -> None:
    with database.write() as tx:
        ledger.post_each(tx, waiting)


def main() -> int:
    """Run it; 1 where anything does not agree."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "books.db"
        database = open_database(path, [JOURNAL_SCHEMA + LEDGER_SCHEMA], durable=False)
        ledger = Ledger(Journal(ManualClock(datetime(2026, 1, 1, tzinfo=UTC))))
        print("| step | s | s of the processor | us a posting |")
        print("|---|---:|---:|---:|", flush=True)
        with _timed("posted", options.postings):
            build(database, ledger, options.postings, options.seed)
        with database.read() as reader, _timed("verified", options.postings):
            found = verify(reader)
        with database.read() as reader, _timed("trial balance", options.postings):
            rows = period_balances(reader, BalanceFilter())
        sums: dict[tuple[str, str], int] = {}
        for row in rows:
            sums[row.entity, row.currency] = sums.get((row.entity, row.currency), 0) + row.closing_minor
        same = not options.rebuild or _rebuilds(database, Path(folder), found.digest, options.postings)
        size_mb = path.stat().st_size / 1e6
        database.close()
    agreed = not found.troubles and set(sums.values()) == {0} and same
    print(
        f"\n{found.vouchers:,} vouchers of {found.lines:,} lines, {len(rows):,} balances; database {size_mb:,.0f} MB;"
    )
    print(f"at most {_peak_mb():,.0f} MB of memory. Digest {found.digest}.")
    zero = "every sum is zero" if set(sums.values()) == {0} else f"sums by entity and currency: {sums}"
    print(f"Everything agrees: {zero}." if agreed else f"Does not agree: {zero}; {found.troubles[:5]}.")
    return 0 if agreed else 1


def _rebuilds(database: Database, folder: Path, digest: str, postings: int) -> bool:
    again = open_database(folder / "again.db", [JOURNAL_SCHEMA + LEDGER_SCHEMA], durable=False)
    text = folder / "books.jsonl"
    with database.read() as reader, text.open("wb") as file, _timed("exported", postings):
        file.writelines(export(reader))
    with text.open("rb") as file, again.write() as tx, _timed("rebuilt", postings):
        rebuild(tx, Journal(ManualClock(datetime(2026, 1, 1, tzinfo=UTC))), file)
    with again.read() as reader, text.open("rb") as file, _timed("compared", postings):
        found = verify(reader)
        second = hashlib.sha256()
        for line in export(reader):
            second.update(line)
        first = hashlib.file_digest(file, "sha256")
    again.close()
    return first.digest() == second.digest() and found.digest == digest and not found.troubles


class _timed:  # noqa: N801 - it reads as a word of the sentence
    def __init__(self, what: str, postings: int) -> None:
        self._what, self._postings = what, postings

    def __enter__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        wall, cpu = time.perf_counter() - self._began[0], time.process_time() - self._began[1]
        each = cpu / self._postings * 1e6
        print(f"| {self._what} | {wall:,.1f} | {cpu:,.1f} | {each:,.1f} |", flush=True)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postings", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--folder", type=Path, default=None, help="where the database is made (default: temporary)")
    parser.add_argument("--rebuild", action="store_true", help="also export, rebuild elsewhere and compare the text")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
