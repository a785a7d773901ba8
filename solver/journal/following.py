"""Follows the journal from entry to entry: which accounts changed, and by how much, without reading any balance.

A hold that is due counts for nothing from its very instant, though no entry says so yet: the follower lets it lapse,
and takes that back where the clock is turned back before the hold was swept.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from solver.clock import Clock, to_micros
from solver.journal.changes import Effect, effects, standing_holds, tail
from solver.journal.model import Phase
from solver.storage.database import Reader

ENTRIES_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """By how much one account's available and held amounts changed."""

    account_id: int
    available: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """What a follower met on its way to `entry_id`: so many entries, and the drift of each account they touched.

    An account that changed and changed back is listed with a drift of 0.
    """

    entry_id: int
    entries: int
    drifts: tuple[Drift, ...]


@dataclass(slots=True)
class _Hold:
    expires_at_us: int
    moves: list[tuple[int, int, int]] = field(default_factory=list)  # debit account, credit account, amount
    lapsed: bool = False


# phase: (available of the debited, available of the credited, held of the credited), each times the amount
_DRIFTS: dict[Phase, tuple[int, int, int]] = {
    Phase.POST: (1, -1, 0),
    Phase.HOLD: (0, -1, 1),
    Phase.CONFIRM: (1, 0, -1),
    Phase.RELEASE: (0, 1, -1),
    Phase.EXPIRE: (0, 1, -1),
}


class Follower:
    """Stands at an entry of the journal and goes on from there. For one thread at a time.

    `reader` is where it begins: balances read in the same snapshot, due holds counted, plus every later advance are the
    balances of the moment.
    """

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._clock = clock
        self._holds: dict[int, _Hold] = {}
        self._expiries: list[tuple[int, int]] = []  # heap of (expires_at_us, hold's entry)
        self._lapsed: set[int] = set()
        self.entry_id = tail(reader).entry_id
        for effect in standing_holds(reader):
            self._keep(effect)

    def advance(self, reader: Reader) -> Advance:
        """Go to the end of the journal as `reader` has it. A snapshot older than the last one changes nothing."""
        last = tail(reader)
        now_us = max(to_micros(self._clock.now()), last.at_us)
        sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        begun_at = self.entry_id
        if last.entry_id >= begun_at:
            for effect in self._unread(reader, last.entry_id):
                self._meet(effect, sums)
            self._revive(now_us, sums)
            self._lapse(now_us, sums)
        return Advance(
            entry_id=self.entry_id,
            entries=self.entry_id - begun_at,
            drifts=tuple(
                Drift(account_id=account_id, available=available, held=held)
                for account_id, (available, held) in sums.items()
            ),
        )

    def next_expiry_us(self) -> int | None:
        """When the next hold lapses, in microseconds since 1970; None when none stands."""
        while self._expiries:
            expires_at_us, entry_id = self._expiries[0]
            hold = self._holds.get(entry_id)
            if hold is not None and not hold.lapsed:
                return expires_at_us
            heapq.heappop(self._expiries)
        return None

    def _unread(self, reader: Reader, last_entry_id: int) -> Iterator[Effect]:
        while self.entry_id < last_entry_id:
            through = min(self.entry_id + ENTRIES_AT_ONCE, last_entry_id)
            yield from effects(reader, self.entry_id, through)
            self.entry_id = through

    def _meet(self, effect: Effect, sums: dict[int, list[int]]) -> None:
        if effect.resolves is not None:
            self._forget(effect.resolves, sums)
        elif effect.phase is Phase.HOLD:
            self._keep(effect)
        _count(effect.phase, [(effect.debit_id, effect.credit_id, effect.amount)], sums)

    def _keep(self, effect: Effect) -> None:
        assert effect.expires_at_us is not None, "a hold has an expiry"
        hold = self._holds.get(effect.entry_id)
        if hold is None:
            hold = self._holds[effect.entry_id] = _Hold(effect.expires_at_us)
            heapq.heappush(self._expiries, (effect.expires_at_us, effect.entry_id))
        hold.moves.append((effect.debit_id, effect.credit_id, effect.amount))

    def _forget(self, entry_id: int, sums: dict[int, list[int]]) -> None:
        """The hold is resolved: one that had lapsed counts again first, since the resolution takes it away."""
        hold = self._holds.pop(entry_id, None)
        if hold is not None and hold.lapsed:
            self._lapsed.discard(entry_id)
            _count(Phase.HOLD, hold.moves, sums)

    def _lapse(self, now_us: int, sums: dict[int, list[int]]) -> None:
        while self._expiries and self._expiries[0][0] <= now_us:
            _, entry_id = heapq.heappop(self._expiries)
            hold = self._holds.get(entry_id)
            if hold is not None and not hold.lapsed:
                hold.lapsed = True
                self._lapsed.add(entry_id)
                _count(Phase.EXPIRE, hold.moves, sums)

    def _revive(self, now_us: int, sums: dict[int, list[int]]) -> None:
        for entry_id in [one for one in self._lapsed if self._holds[one].expires_at_us > now_us]:
            hold = self._holds[entry_id]
            hold.lapsed = False
            self._lapsed.discard(entry_id)
            heapq.heappush(self._expiries, (hold.expires_at_us, entry_id))
            _count(Phase.HOLD, hold.moves, sums)


def _count(phase: Phase, moves: Iterable[tuple[int, int, int]], sums: dict[int, list[int]]) -> None:
    debited, credited, held = _DRIFTS[phase]
    for debit_id, credit_id, amount in moves:
        sums[debit_id][0] += debited * amount
        of_credit = sums[credit_id]
        of_credit[0] += credited * amount
        of_credit[1] += held * amount
