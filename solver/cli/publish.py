"""What `publish` does: a dry run with a report, a run with progress, the stop button, what stands where."""

import csv
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from solver.catalog.catalog import Catalog
from solver.cli.interrupts import Interrupts
from solver.clock import SystemClock
from solver.importers.catalog.folder import catalog_of
from solver.publishing.adapters import PRACTICE, adapter_of
from solver.publishing.assortments import Assortments, Checked
from solver.publishing.book import ListingBook, State
from solver.publishing.fault import IN_CHINESE, Fault
from solver.publishing.job import Job, read_job
from solver.publishing.pace import Pace
from solver.publishing.publisher import Publisher
from solver.publishing.shop import Shop
from solver.publishing.tally import Tally
from solver.publishing.turns import SystemTimer
from solver.schema import STEPS
from solver.storage.url import open_database

_SHOWN = 40
_TOLD = ("created", "updated", "delisted", "unchanged", "found", "refused", "left", "calls", "throttled", "failures")
_WAIT_SECONDS = 0.2


def check(folder: Path, report: Path | None) -> int:
    """Say what channels would refuse, in every shop; 1 where there is any."""
    job = read_job(folder)
    found = _checked(job)
    console = Console()
    console.print(_dry_table(job, found))
    faults = _faults(found)
    if faults:
        console.print(_faults_table(faults))
    if report is not None:
        _write_report(report, faults)
    return int(bool(faults))


def run(folder: Path, data: Path, *, anyway: bool) -> int:
    """Publish; 1 where a shop was given up, something was refused, or, without `anyway`, the dry run finds faults."""
    job = read_job(folder)
    found = _checked(job)
    faults = _faults(found)
    console = Console()
    if faults and not anyway:
        console.print(_faults_table(faults))
        sys.stderr.write("nothing was published: mend these, or publish the rest with --anyway\n")
        return 1
    tally = Tally()
    with _book(data) as book:
        publisher = _publisher(job, folder, book)
        in_all = sum(len(one.assortment.show) for one in found.values())
        _watched(
            console,
            tally,
            in_all,
            lambda stop: publisher.publish(job.shops, lambda shop: found[shop.shop_id].assortment, tally, stop),
        )
    _tell(console, job, tally)
    return int(bool(tally.given_up or tally.of("refused") or faults))


def stop(folder: Path, data: Path, items: Sequence[str]) -> int:
    """Delist items everywhere."""
    job = read_job(folder)
    tally = Tally()
    console = Console()
    with _book(data) as book:
        publisher = _publisher(job, folder, book)
        _watched(console, tally, None, lambda stopped: publisher.stop_items(job.shops, items, tally, stopped))
    _tell(console, job, tally)
    return int(bool(tally.given_up))


def resume(data: Path, items: Sequence[str]) -> int:
    """Items may be shown again."""
    with _book(data) as book:
        unknown = [item_id for item_id in items if item_id not in book.stopped()]
        book.resume(items)
    for item_id in unknown:
        sys.stderr.write(f"{item_id} was not stopped\n")
    return int(bool(unknown))


def status(data: Path) -> int:
    """What each shop shows, and what was refused."""
    console = Console()
    with _book(data) as book:
        counts, refused, stopped = book.counts(), book.refused(), book.stopped()
    table = Table("shop", *(state.value for state in State))
    for shop_id, of_shop in counts.items():
        table.add_row(shop_id, *(f"{of_shop.get(state, 0):,}" for state in State))
    console.print(table)
    for shop_id, standing in refused[:_SHOWN]:
        console.print(f"{shop_id}: {standing.item_id} refused: {standing.field}: {standing.message}", markup=False)
    if stopped:
        console.print(f"stopped: {', '.join(sorted(stopped))}", markup=False)
    return 0


def _catalog(job: Job) -> Catalog:
    return catalog_of(job.catalog, SystemClock())


def _checked(job: Job) -> dict[str, Checked]:
    assortments = Assortments(_catalog(job), job.channels, job.mappings)
    return {shop.shop_id: assortments.of(shop) for shop in job.shops}


def _faults(found: dict[str, Checked]) -> list[Fault]:
    """Each once, though many shops share it."""
    return list(dict.fromkeys(fault for one in found.values() for fault in one.faults))


@contextmanager
def _book(data: Path) -> Iterator[ListingBook]:
    database = open_database(data, STEPS)
    try:
        yield ListingBook(database, SystemClock())
    finally:
        database.close()


def _publisher(job: Job, folder: Path, book: ListingBook) -> Publisher:
    adapters = {channel_id: adapter_of(said, channel_id, folder) for channel_id, said in job.adapters.items()}
    paces = {channel_id: Pace(calls / 60) for channel_id, calls in job.calls_per_minute.items()}
    return Publisher(job.channels, adapters, book, SystemTimer(), paces=paces, owner=uuid4().hex)


def _watched(console: Console, tally: Tally, items: int | None, work: Callable[[threading.Event], None]) -> None:
    """Do the work in a thread of its own, with a bar, until it is done or somebody asks to stop."""
    stopped, failed = threading.Event(), list[BaseException]()

    def act() -> None:
        try:
            work(stopped)
        except BaseException as error:  # told by the thread that waits
            failed.append(error)

    columns = (TextColumn("publishing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Interrupts(console) as interrupts, Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("publishing", total=items)
        thread = threading.Thread(target=act)
        thread.start()
        while thread.is_alive():
            thread.join(_WAIT_SECONDS)
            bar.update(task, completed=tally.done)
            if interrupts.is_asked():
                stopped.set()
    if failed:
        raise failed[0]


def _tell(console: Console, job: Job, tally: Tally) -> None:
    words = (
        "created",
        "updated",
        "delisted",
        "unchanged",
        "found",
        "refused",
        "left",
        "calls",
        "throttled",
        "failures",
    )
    told = ", ".join(f"{tally.of(word):,} {word}" for word in words if tally.of(word))
    console.print(f"{len(job.shops):,} shops: {told or 'nothing to do'}", markup=False)
    for shop_id, why in tally.given_up.items():
        console.print(f"{shop_id} was given up: {why}; the next run goes on", markup=False)
    if PRACTICE in job.adapters.values():
        console.print("the adapter `practice` forgets what it showed when this command ends", markup=False)


def _dry_table(job: Job, found: dict[str, Checked]) -> Table:
    table = Table("channel", "shops", "items each", "with faults", "to be hidden")
    for channel_id, channel in job.channels.items():
        shops: list[Shop] = [shop for shop in job.shops if shop.channel_id == channel_id]
        if shops:
            one = found[shops[0].shop_id]
            faulty = len({fault.item_id for fault in one.faults})
            counts = (len(shops), len(one.assortment.show), faulty, len(one.assortment.hide))
            table.add_row(channel.title, *(f"{count:,}" for count in counts))
    return table


def _faults_table(faults: Sequence[Fault]) -> Table:
    table = Table()
    for heading in ("item", "shop", "field", "rule", "what stands there", "what to do"):
        table.add_column(heading, overflow="fold")
    for one in faults[:_SHOWN]:
        rule = f"{one.rule.value} {IN_CHINESE[one.rule]}"
        table.add_row(one.item_id, one.shop_id or "all", one.field, rule, one.value, one.remedy)
    if len(faults) > _SHOWN:
        table.caption = f"and {len(faults) - _SHOWN:,} more; --report FILE writes them all"
    return table


def _write_report(path: Path, faults: Sequence[Fault]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("item_id", "shop_id", "field", "rule", "rule_zh", "value", "remedy"))
        for one in faults:
            writer.writerow(
                (one.item_id, one.shop_id, one.field, one.rule.value, IN_CHINESE[one.rule], one.value, one.remedy)
            )
