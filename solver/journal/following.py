"""Follows the journal from entry to entry: which accounts changed, and by how much, without reading any balance.

A hold that is due counts for nothing from its very instant, though no entry says so yet: the follower lets it lapse,
and takes that back where the clock is turned back before the hold was swept.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from solver.clock import Clock, to_micros
from solver.journal.changes import Effect, effects, standing_holds, tail
from solver.journal.model import Phase
from solver.storage.database import Reader

ENTRIES_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """What a follower met on its way to `entry_id`: so many entries, and by how much accounts changed, by their ids.

    `available` has every account that was touched, one that changed and changed back with 0; `held` those that are not
    in it with 0.
    """

    entry_id: int
    entries: int
    available: Mapping[int, int]
    held: Mapping[int, int]


class _Sums:
    """By how much each account changed."""

    __slots__ = ("available", "held")

    def __init__(self) -> None:
        self.available: defaultdict[int, int] = defaultdict(int)
        self.held: defaultdict[int, int] = defaultdict(int)

    def count(self, phase: str, debit_id: int, credit_id: int, amount: int) -> None:
        """An entry of this phase moved so much."""
        debited, credited, held = _DRIFTS[phase]
        self.available[debit_id] += debited * amount
        self.available[credit_id] += credited * amount
        if held:
            self.held[credit_id] += held * amount

    def count_each(self, phase: str, moves: Iterable[tuple[int, int, int]]) -> None:
        """The same for many moves."""
        for debit_id, credit_id, amount in moves:
            self.count(phase, debit_id, credit_id, amount)


@dataclass(slots=True)
class _Hold:
    expires_at_us: int
    moves: list[tuple[int, int, int]] = field(default_factory=list)  # debit account, credit account, amount
    lapsed: bool = False


# phase: (available of the debited, available of the credited, held of the credited), each times the amount
_HOLD, _EXPIRE = Phase.HOLD.value, Phase.EXPIRE.value
_DRIFTS: dict[str, tuple[int, int, int]] = {
    Phase.POST.value: (1, -1, 0),
    _HOLD: (0, -1, 1),
    Phase.CONFIRM.value: (1, 0, -1),
    Phase.RELEASE.value: (0, 1, -1),
    _EXPIRE: (0, 1, -1),
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
        self._meet(standing_holds(reader), _Sums())

    def advance(self, reader: Reader) -> Advance:
        """Go to the end of the journal as `reader` has it. A snapshot older than the last one changes nothing."""
        last = tail(reader)
        now_us = max(to_micros(self._clock.now()), last.at_us)
        sums = _Sums()
        begun_at = self.entry_id
        if last.entry_id >= begun_at:
            while self.entry_id < last.entry_id:
                through = min(self.entry_id + ENTRIES_AT_ONCE, last.entry_id)
                self._meet(effects(reader, self.entry_id, through), sums)
                self.entry_id = through
            self._revive(now_us, sums)
            self._lapse(now_us, sums)
        return Advance(
            entry_id=self.entry_id, entries=self.entry_id - begun_at, available=sums.available, held=sums.held
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

    def _meet(self, met: Iterable[Effect], sums: _Sums) -> None:
        for entry_id, phase, resolves, expires_at_us, debit_id, credit_id, amount in met:
            if resolves is not None:
                self._forget(resolves, sums)
            elif phase == _HOLD:
                assert expires_at_us is not None, "a hold has an expiry"
                self._keep(entry_id, expires_at_us, (debit_id, credit_id, amount))
            sums.count(phase, debit_id, credit_id, amount)

    def _keep(self, entry_id: int, expires_at_us: int, move: tuple[int, int, int]) -> None:
        hold = self._holds.get(entry_id)
        if hold is None:
            hold = self._holds[entry_id] = _Hold(expires_at_us)
            heapq.heappush(self._expiries, (expires_at_us, entry_id))
        hold.moves.append(move)

    def _forget(self, entry_id: int, sums: _Sums) -> None:
        """The hold is resolved: one that had lapsed counts again first, since the resolution takes it away."""
        hold = self._holds.pop(entry_id, None)
        if hold is not None and hold.lapsed:
            self._lapsed.discard(entry_id)
            sums.count_each(_HOLD, hold.moves)

    def _lapse(self, now_us: int, sums: _Sums) -> None:
        while self._expiries and self._expiries[0][0] <= now_us:
            _, entry_id = heapq.heappop(self._expiries)
            hold = self._holds.get(entry_id)
            if hold is not None and not hold.lapsed:
                hold.lapsed = True
                self._lapsed.add(entry_id)
                sums.count_each(_EXPIRE, hold.moves)

    def _revive(self, now_us: int, sums: _Sums) -> None:
        for entry_id in [one for one in self._lapsed if self._holds[one].expires_at_us > now_us]:
            hold = self._holds[entry_id]
            hold.lapsed = False
            self._lapsed.discard(entry_id)
            heapq.heappush(self._expiries, (hold.expires_at_us, entry_id))
            sums.count_each(_HOLD, hold.moves)
