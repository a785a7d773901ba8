"""One shop's calls, one after the other; what is asked and what came of it is kept before and after each."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace

from solver.publishing.adapter import Adapter, Refused, Taken, Throttled, Unreachable
from solver.publishing.book import ListingBook, Standing, State
from solver.publishing.listing import Listing
from solver.publishing.pace import Pace
from solver.publishing.shop import Shop
from solver.publishing.tally import Tally
from solver.publishing.turns import Timer
from solver.publishing.work import Ask, Call, work_of

MOST_FAILURES = 6
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
BUSY_SECONDS = 1.0  # until it is looked again at what another publisher has in hand
MOST_DOUBLINGS = 6  # of what a platform says when many shops are throttled at once, and told the same moment


class ShopRun:
    """What is left to be asked of a shop. `step` makes one call."""

    def __init__(
        self,
        shop: Shop,
        wanted: Mapping[str, Listing],
        gone: frozenset[str],
        items_per_call: int,
        adapter: Adapter,
        book: ListingBook,
        tally: Tally,
        timer: Timer,
        pace: Pace,
        owner: str,
    ) -> None:
        self._shop, self._wanted, self._gone = shop, wanted, gone
        self._items_per_call = items_per_call
        self._adapter, self._book, self._tally, self._timer, self._pace = adapter, book, tally, timer, pace
        self._owner = owner
        self._calls: deque[Call] | None = None
        self._known: dict[str, Standing] = {}
        self._failures = self._throttled = 0

    def step(self) -> float | None:
        """Make the next call; when another may follow, or None where nothing is left to do."""
        if self._calls is None:
            self._calls = self._left()
            asks_first = bool(self._calls) and self._calls[0].ask is Ask.FIND
            return self._after(self._adapter.settles_after_seconds if asks_first else 0.0)
        calls = self._calls
        if not calls:
            return None
        began = self._timer.seconds()
        call, pause = self._in_hand(calls.popleft())
        if call is None:
            return self._after(pause)
        try:
            self._make(call)
        except Throttled as throttled:
            calls.appendleft(call)
            self._book.release(self._shop.shop_id, call.item_ids, self._owner)
            self._tally.add(throttled=1)
            self._throttled += 1
            return self._after(throttled.retry_after_seconds * (1 << min(self._throttled - 1, MOST_DOUBLINGS)))
        except Unreachable as unreachable:
            return self._after_failure(call, unreachable)
        self._failures = self._throttled = 0
        self._tally.add(calls=1)
        return self._after(began + self._shop.pause_seconds - self._timer.seconds())

    def _after(self, seconds: float) -> float | None:
        """When the next call may be made, so many seconds from now at the earliest; None where none is left."""
        return self._pace.moment(self._timer.seconds() + max(0.0, seconds)) if self._calls else None

    def _left(self) -> deque[Call]:
        self._known = dict(self._book.of_shop(self._shop.shop_id))
        work = work_of(self._wanted, self._known, self._gone, self._items_per_call)
        self._tally.add(unchanged=work.unchanged, refused=work.refused_before)
        return deque(work.calls)

    def _in_hand(self, call: Call) -> tuple[Call | None, float]:
        """The call for those of its items that no other publisher has in hand, and that want it as things stand now.

        None where there are none; then how many seconds to wait. What another has in hand comes last.
        """
        assert self._calls is not None
        claimed = self._book.claim(self._shop.shop_id, call.item_ids, self._owner)
        free = tuple(one for one in call.item_ids if one not in claimed.busy)
        if claimed.busy:
            self._calls.append(Call(ask=call.ask, item_ids=tuple(one for one in call.item_ids if one in claimed.busy)))
        if not free:
            return None, BUSY_SECONDS
        as_known = claimed.standings == {one: self._known[one] for one in free if one in self._known}
        if as_known and claimed.stopped <= self._gone:
            return Call(ask=call.ask, item_ids=free), 0.0
        self._known = {one: standing for one, standing in self._known.items() if one not in free}
        self._known.update(claimed.standings)
        self._gone |= claimed.stopped
        wanted = {one: self._wanted[one] for one in free if one in self._wanted}
        work = work_of(wanted, self._known, self._gone & set(free), self._items_per_call)
        self._tally.add(unchanged=work.unchanged, refused=work.refused_before)
        self._book.release(self._shop.shop_id, free, self._owner)
        self._calls.extendleft(reversed(work.calls))
        asks_first = bool(work.calls) and work.calls[0].ask is Ask.FIND
        return None, self._adapter.settles_after_seconds if asks_first else 0.0

    def _after_failure(self, call: Call, unreachable: Unreachable) -> float | None:
        """Ask again after a pause; where something may have been created, find out first. Give up after some."""
        assert self._calls is not None
        self._failures += 1
        self._tally.add(failures=1)
        if self._failures >= MOST_FAILURES:
            left = len(call.item_ids) + sum(len(one.item_ids) for one in self._calls)
            self._tally.add(left=left)
            self._tally.give_up(self._shop.shop_id, f"no answer {self._failures} times in a row: {unreachable}")
            self._calls.clear()
            return None
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * (1 << (self._failures - 1)))
        if call.ask is Ask.CREATE:
            call = Call(ask=Ask.FIND, item_ids=call.item_ids)
            pause = max(pause, self._adapter.settles_after_seconds)
        self._calls.appendleft(call)
        return self._after(pause)

    def _make(self, call: Call) -> None:
        {Ask.FIND: self._find, Ask.DELIST: self._delist, Ask.UPDATE: self._update, Ask.CREATE: self._create}[call.ask](
            call.item_ids
        )

    def _create(self, item_ids: Sequence[str]) -> None:
        listings = [self._wanted[item_id] for item_id in item_ids]
        creating = [Standing(item_id=one.item_id, state=State.CREATING, digest=one.digest) for one in listings]
        self._note(creating, done=False)
        answers = self._adapter.create(self._shop.shop_id, listings)
        self._settle(listings, answers, {}, "created")

    def _update(self, item_ids: Sequence[str]) -> None:
        remote_ids = {item_id: self._known[item_id].remote_id for item_id in item_ids}
        listings = [self._wanted[item_id] for item_id in item_ids]
        answers = self._adapter.update(self._shop.shop_id, {remote_ids[one.item_id]: one for one in listings})
        self._settle(listings, answers, remote_ids, "updated")

    def _settle(
        self,
        listings: Sequence[Listing],
        answers: Sequence[Taken | Refused],
        remote_ids: Mapping[str, str],
        done: str,
    ) -> None:
        """Keep what the platform said of each. A refused change keeps the id under which the old one is shown."""
        standings = []
        for listing, answer in zip(listings, answers, strict=True):
            standing = Standing(item_id=listing.item_id, state=State.LISTED, digest=listing.digest)
            if isinstance(answer, Taken):
                standings.append(replace(standing, remote_id=answer.remote_id))
            else:
                shown = remote_ids.get(listing.item_id, "")
                refusal = replace(standing, state=State.REFUSED, remote_id=shown)
                standings.append(replace(refusal, field=answer.field, message=answer.message))
        refused = sum(isinstance(answer, Refused) for answer in answers)
        self._note(standings)
        self._tally.add(**{done: len(answers) - refused, "refused": refused})

    def _find(self, item_ids: Sequence[str]) -> None:
        """Find out which of those that may have been created are shown; the others are created, if still wanted."""
        assert self._calls is not None
        shown = {one.item_id: one.remote_id for one in self._adapter.find(self._shop.shop_id, item_ids)}
        self._note(
            [
                replace(self._known[one], state=State.LISTED, remote_id=shown[one])
                if one in shown
                else Standing(item_id=one, state=State.DELISTED, digest="")
                for one in item_ids
            ]
        )
        wanted = {one: self._wanted[one] for one in item_ids if one in self._wanted}
        work = work_of(wanted, self._known, self._gone & set(item_ids), self._items_per_call)
        self._calls.extendleft(reversed(work.calls))
        gone_already = sum(one in self._gone and one not in shown for one in item_ids)
        self._tally.add(found=work.unchanged, delisted=gone_already)

    def _delist(self, item_ids: Sequence[str]) -> None:
        self._adapter.delist(self._shop.shop_id, [self._known[item_id].remote_id for item_id in item_ids])
        self._note([Standing(item_id=one, state=State.DELISTED, digest="") for one in item_ids])
        self._tally.add(delisted=len(item_ids))

    def _note(self, standings: Sequence[Standing], *, done: bool = True) -> None:
        self._book.note(self._shop.shop_id, standings, self._owner if done else "")
        self._known.update((one.item_id, one) for one in standings)
