"""Available to promise by day, cumulative and with look-ahead, as in the APICS Dictionary.

For a SKU at a site let A be what is available now (on hand, not held), F(t) the units expected until day t that nobody
was promised, and B the backorders, which are served from what arrives first, on day t1. The cumulative figure is

    N(t) = A + F(t) - (B if t >= t1 else 0),        ATP(t) = max(0, min of N(s) over s >= t).

The minimum is the look-ahead: what is promised today must leave enough for every promise that comes due later. Promises
made from a consignment are taken off it, so that a later consignment never pays for them.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.stock.accounts import BACKORDERABLE, BACKORDERED, GOOD
from solver.stock.expected.atp_model import Atp, AtpDay
from solver.stock.expected.atp_shares import Shares
from solver.stock.expected.incoming import Expected, expected
from solver.stock.physical.days import DayOf
from solver.stock.rows import Place
from solver.storage.database import Reader


def atp(
    journal: Journal, reader: Reader, places: Sequence[Place], *, days: int, day_of: DayOf, channel: str = ""
) -> tuple[Atp, ...]:
    """One answer for each place, for so many days from today on by the site's calendar.

    With a channel it is what the channel may take: now as its quotas stand, later as what arrives would be shared out.
    """
    skus = {sku for _, sku in places}
    now = journal.now(reader)
    available = journal.available(reader, Book.STOCK, GOOD, skus)
    owed = _backordered(journal, reader, skus)
    awaited = expected(journal, reader, skus, day_of)
    on_time = [one for one in awaited if one.day >= day_of(one.place[0], now)]
    shares = Shares(journal, reader, channel, skus, on_time) if channel else None
    by_place: dict[Place, list[Expected]] = {}
    for one in awaited:
        by_place.setdefault(one.place, []).append(one)
    answers = []
    for place in places:
        today = day_of(place[0], now)
        there = available[place[1]].get(place[0], 0)
        of_place = by_place.get(place, [])
        steps = _steps(there, owed.get(place, 0), of_place, today, today + timedelta(days=days))
        if shares is not None:
            steps = shares.bounded(place, steps)
            there = shares.now(place, there)
        answers.append(
            Atp(
                site_id=place[0],
                sku=place[1],
                channel=channel,
                available_units=there,
                backordered_units=owed.get(place, 0),
                overdue_units=sum(one.units for one in of_place if one.day < today),
                days=_looking_ahead(steps),
            )
        )
    return tuple(answers)


def known_places(journal: Journal, reader: Reader, skus: Collection[str], day_of: DayOf) -> list[Place]:
    """Every site that ever had one of these SKUs or awaits it, ordered by SKU and site."""
    there = journal.available(reader, Book.STOCK, GOOD, skus)
    found = {(site_id, sku) for sku, sites in there.items() for site_id in sites}
    found |= {one.place for one in expected(journal, reader, skus, day_of)}
    return sorted(found, key=lambda place: (place[1], place[0]))


def _backordered(journal: Journal, reader: Reader, skus: Collection[str]) -> dict[Place, int]:
    owed: dict[Place, int] = {}
    for balance in journal.balances(reader, Book.STOCK, (BACKORDERABLE, BACKORDERED), None, skus):
        account = balance.account
        units = balance.posted if account.kind == BACKORDERED else balance.credits_pending
        owed[account.holder, account.unit] = owed.get((account.holder, account.unit), 0) + units
    return owed


def _steps(there: int, owed: int, awaited: Sequence[Expected], today: date, end: date) -> list[AtpDay]:
    """N(t) on today and on each day on which something arrives; `atp_units` may be negative still."""
    by_day: dict[date, list[Expected]] = {today: []}
    for one in awaited:
        if today <= one.day < end:
            by_day.setdefault(one.day, []).append(one)
    steps, cumulative = [], there
    for day in sorted(by_day):
        arriving = by_day[day]
        cumulative += sum(one.free_units for one in arriving)
        if arriving:
            cumulative, owed = cumulative - owed, 0
        steps.append(
            AtpDay(
                day=day,
                incoming_units=sum(one.units for one in arriving),
                promised_units=sum(one.units - one.free_units for one in arriving),
                atp_units=cumulative,
            )
        )
    return steps


def _looking_ahead(steps: Sequence[AtpDay]) -> tuple[AtpDay, ...]:
    least = steps[-1].atp_units
    seen = []
    for step in reversed(steps):
        least = min(least, step.atp_units)
        seen.append(replace(step, atp_units=max(0, least)))
    return tuple(reversed(seen))
