"""What is about to go wrong with stock, from its books alone.

Sales are what holds confirmed in the last days took, there or not yet there. With u units available and d sold in n
days, what is there lasts u·n/d days, rounded down. New goods that take l days come too late where available units and
those expected within l days are fewer than the d·l/n (rounded up) that are sold meanwhile: the reorder point without
safety stock (Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains). Where sales by day allow a
forecast, these two also say how likely it is that stock runs out within those days.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from solver.clock import to_micros
from solver.journal.flows import confirmed_out_of
from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.stock.accounts import BACKORDERABLE, BACKORDERED, GOOD, INCOMING
from solver.stock.expected.incoming import Expected, expected
from solver.stock.layers.sellable import sellable
from solver.stock.partners.report_rows import all_reports
from solver.stock.physical.days import DayOf
from solver.stock.physical.shortfalls import shortfalls
from solver.stock.physical.states import StockState
from solver.stock.rows import Place
from solver.stock.warnings.threshold_rows import thresholds
from solver.stock.warnings.warning_model import (
    ChanceAbove,
    StockThreshold,
    StockWarning,
    WarningKind,
    WarningQuery,
)
from solver.storage.database import Reader

_URGENCY = {kind: place for place, kind in enumerate(WarningKind)}
EVERYWHERE = ""
_WHOLE = 1000


def _nothing_forecast(_: Sequence[int], __: int, ___: int) -> None:
    return None


def early_warnings(
    journal: Journal,
    reader: Reader,
    query: WarningQuery,
    day_of: DayOf,
    chance_above: ChanceAbove = _nothing_forecast,
) -> tuple[StockWarning, ...]:
    """Every warning, the most urgent kind first, then by SKU, site and channel."""
    found = [
        *_negative_counts(journal, reader, query),
        *_oversold(journal, reader, query, day_of),
        *_stale(journal, reader, query),
        *_beyond_thresholds(journal, reader, query, day_of, chance_above),
    ]
    return tuple(sorted(found, key=lambda one: (_URGENCY[one.kind], one.sku, one.site_id, one.channel_id)))


def _negative_counts(journal: Journal, reader: Reader, query: WarningQuery) -> Iterator[StockWarning]:
    for (site_id, sku), units in shortfalls(journal, reader, query.site_ids, query.skus).items():
        yield StockWarning(
            kind=WarningKind.NEGATIVE_COUNT,
            sku=sku,
            site_id=site_id,
            figures={"missing_units": units},
            text=f"{sku} at {site_id}: {units} more units are promised than a count found",
        )


def _oversold(journal: Journal, reader: Reader, query: WarningQuery, day_of: DayOf) -> Iterator[StockWarning]:
    kinds = (BACKORDERABLE, BACKORDERED)
    owed: Counter[Place] = Counter()
    for one in journal.balances(reader, Book.STOCK, kinds, query.site_ids, query.skus):
        promised = one.credits_pending if one.account.kind == BACKORDERABLE else one.posted
        owed[one.account.holder, one.account.unit] += promised
    owed = +owed
    coming = _coming(expected(journal, reader, {sku for _, sku in owed}, day_of)) if owed else {}
    for (site_id, sku), units in owed.items():
        on_its_way = coming.get((site_id, sku), 0)
        if units > on_its_way:
            yield StockWarning(
                kind=WarningKind.OVERSOLD,
                sku=sku,
                site_id=site_id,
                figures={"promised_units": units, "coming_units": on_its_way},
                text=f"{sku} at {site_id}: {units} units are promised that are not there, {on_its_way} are coming",
            )


def _stale(journal: Journal, reader: Reader, query: WarningQuery) -> Iterator[StockWarning]:
    now = journal.now(reader)
    reports = [
        one
        for one in all_reports(reader, query.site_ids or ())
        if one.fresh_until <= now and (query.skus is None or one.sku in query.skus)
    ]
    if not reports:
        return
    withdrawn = {
        (one.account.holder, one.account.unit): one.posted
        for one in journal.balances(reader, Book.STOCK, (StockState.STALE,), query.site_ids, query.skus)
    }
    for report in reports:
        minutes = (now - report.as_of) // timedelta(minutes=1)
        yield StockWarning(
            kind=WarningKind.STALE_SUPPLIER,
            sku=report.sku,
            site_id=report.site_id,
            figures={
                "stale_units": withdrawn.get((report.site_id, report.sku), 0),
                "reported_units": report.units,
                "silent_minutes": minutes,
                "fresh_minutes": (report.fresh_until - report.as_of) // timedelta(minutes=1),
            },
            text=f"{report.sku} at {report.site_id}: the last report is {minutes} minutes old, too old to sell on",
        )


def _beyond_thresholds(
    journal: Journal, reader: Reader, query: WarningQuery, day_of: DayOf, chance_above: ChanceAbove
) -> Iterator[StockWarning]:
    rows = thresholds(reader, query.skus, query.site_ids)
    skus = sorted({row.sku for row in rows})
    if not skus:
        return
    there = _available(journal, reader, rows, skus)
    sold = _sold(journal, reader, skus, query.demand_days)
    awaited = expected(journal, reader, skus, day_of) if any(row.lead_days for row in rows) else []
    now = journal.now(reader)
    for row in rows:
        available = there[row.sku, row.site_id, row.channel_id]
        yield from _below_least(row, available)
        if row.channel_id:
            continue
        by_day = sold.get((row.site_id, row.sku), [0] * query.demand_days)
        yield from _short_cover(row, available, by_day, chance_above)
        if row.lead_days:
            in_time = [one for one in awaited if one.day <= day_of(one.place[0], now + timedelta(days=row.lead_days))]
            coming = _coming(in_time).get((row.site_id, row.sku), 0)
            yield from _runs_out(row, available, coming, by_day, chance_above)


def _available(
    journal: Journal, reader: Reader, rows: Sequence[StockThreshold], skus: Sequence[str]
) -> dict[tuple[str, str, str], int]:
    """What is available by SKU, site and channel, as far as thresholds ask for it."""
    by_site = journal.available(reader, Book.STOCK, GOOD, skus)
    channel_ids = sorted({row.channel_id for row in rows if row.channel_id})
    table = sellable(journal, reader, channel_ids, skus) if channel_ids else None
    found = {}
    for row in rows:
        if table is not None and row.channel_id:
            units = int(table[channel_ids.index(row.channel_id), skus.index(row.sku)])
        elif row.site_id:
            units = by_site[row.sku].get(row.site_id, 0)
        else:
            units = sum(by_site[row.sku].values())
        found[row.sku, row.site_id, row.channel_id] = units
    return found


def _sold(journal: Journal, reader: Reader, skus: Sequence[str], days: int) -> Mapping[Place, Sequence[int]]:
    """What holds confirmed in the last days took, by site and SKU, day by day; EVERYWHERE: at all sites together."""
    sold: dict[Place, list[int]] = defaultdict(lambda: [0] * days)
    kinds = (GOOD, BACKORDERABLE, INCOMING)
    now_us = to_micros(journal.now(reader))
    for (holder, sku), by_day in confirmed_out_of(reader, Book.STOCK, kinds, skus, now_us=now_us, days=days).items():
        for place in ((holder, sku), (EVERYWHERE, sku)):
            sold[place] = [one + other for one, other in zip(sold[place], by_day, strict=True)]
    return sold


def _coming(awaited: Sequence[Expected]) -> Mapping[Place, int]:
    """Units that nobody was promised, by site and SKU; EVERYWHERE: at all sites together."""
    coming: Counter[Place] = Counter()
    for one in awaited:
        coming[one.place] += one.free_units
        coming[EVERYWHERE, one.place[1]] += one.free_units
    return coming


def _below_least(row: StockThreshold, available: int) -> Iterator[StockWarning]:
    if available < row.least_units:
        figures = {"available_units": available, "least_units": row.least_units}
        text = f"{available} units are available, fewer than {row.least_units}"
        yield _of_threshold(WarningKind.BELOW_LEAST, row, figures, text)


def _short_cover(
    row: StockThreshold, available: int, by_day: Sequence[int], chance_above: ChanceAbove
) -> Iterator[StockWarning]:
    sold, days = sum(by_day), len(by_day)
    if row.least_cover_days and sold and available * days < row.least_cover_days * sold:
        cover_days = available * days // sold
        figures = {
            "available_units": available,
            "sold_units": sold,
            "demand_days": days,
            "cover_days": cover_days,
            "least_cover_days": row.least_cover_days,
        }
        text = f"{available} units last for {cover_days} days at {sold} in {days} days, not for {row.least_cover_days}"
        chance = chance_above(by_day, row.least_cover_days, available)
        yield _with_chance(_of_threshold(WarningKind.SHORT_COVER, row, figures, text), chance)


def _runs_out(
    row: StockThreshold, available: int, coming: int, by_day: Sequence[int], chance_above: ChanceAbove
) -> Iterator[StockWarning]:
    sold, days = sum(by_day), len(by_day)
    needed = -(-sold * row.lead_days // days)
    if available + coming < needed:
        figures = {
            "available_units": available,
            "coming_units": coming,
            "needed_units": needed,
            "sold_units": sold,
            "demand_days": days,
            "lead_days": row.lead_days,
        }
        text = (
            f"{available} units and {coming} that come in time are fewer than the {needed} needed in the "
            f"{row.lead_days} days that new ones take"
        )
        chance = chance_above(by_day, row.lead_days, available + coming)
        yield _with_chance(_of_threshold(WarningKind.RUNS_OUT, row, figures, text), chance)


def _with_chance(warning: StockWarning, chance: float | None) -> StockWarning:
    """The warning with the probability, where there is one."""
    if chance is None:
        return warning
    permille = round(_WHOLE * chance)
    return replace(
        warning,
        figures={**warning.figures, "chance_permille": permille},
        text=f"{warning.text}; that they run out by then is {permille / 10:g} % likely",
    )


def _of_threshold(kind: WarningKind, row: StockThreshold, figures: Mapping[str, int], text: str) -> StockWarning:
    where = f" in {row.channel_id}" if row.channel_id else f" at {row.site_id}" if row.site_id else ""
    return StockWarning(
        kind=kind,
        sku=row.sku,
        site_id=row.site_id,
        channel_id=row.channel_id,
        figures=figures,
        text=f"{row.sku}{where}: {text}",
    )
