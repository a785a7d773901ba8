"""What holds must do, in plain counters: tea at two sites, backorders at one, and a consignment on its way to it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from solver.journal.model import EntryState
from solver.stock.holding.commitment_model import CommittedUnits
from solver.stock.model import Claim
from tests.stock.hold_world import tea

HELD, CONFIRMED, RELEASED, EXPIRED = EntryState.HELD, EntryState.CONFIRMED, EntryState.RELEASED, EntryState.EXPIRED
LIMIT = 6
BACK, COMING = "", "C-1"  # what is awaited: a backorder, or the consignment

Promise = list[int]  # rank, units
Wanted = dict[tuple[str, str], int]  # site, consignment or none: units
SITES = ("s1", "s2")


@dataclass
class Life:
    """One hold: units that are there by site, promises of what is awaited, and what became of it once confirmed."""

    expires_at: datetime
    kept_state: EntryState = HELD
    there: Counter[str] = field(default_factory=Counter)
    promises: dict[str, list[Promise]] = field(default_factory=lambda: {BACK: [], COMING: []})
    became: Counter[tuple[str, str]] = field(default_factory=Counter)  # site, what

    def awaited(self, what: str) -> int:
        """Units promised of what is awaited."""
        return sum(units for _, units in self.promises[what])

    def slots(self) -> Wanted:
        """What it has, by site and consignment."""
        has = {("s1", ""): self.there["s1"] + self.awaited(BACK), ("s2", ""): self.there["s2"]}
        has["s1", COMING] = self.awaited(COMING)
        return {slot: units for slot, units in has.items() if units}

    def has(self, wanted: Wanted) -> bool:
        """True where it has all of this."""
        has = self.slots()
        return all(units <= has.get(slot, 0) for slot, units in wanted.items())

    def end_if_empty(self) -> None:
        """A hold with nothing left is released."""
        if not self.slots():
            self.kept_state = RELEASED

    def contents(self) -> dict[str, tuple[int, int]]:
        """Units and backordered units, by site, SKU and consignment."""
        s1 = (self.there["s1"] + self.awaited(BACK), self.awaited(BACK))
        every = {"s1/tea": s1, "s2/tea": (self.there["s2"], 0), "s1/tea/C-1": (self.awaited(COMING), 0)}
        return {key: units for key, units in every.items() if units[0]}

    def commitment(self, site_id: str) -> CommittedUnits:
        """What it is committed to at a site."""
        return CommittedUnits(
            site_id=site_id,
            sku="tea",
            committed_units=self.there[site_id],
            awaited_units=self.awaited(BACK) + self.awaited(COMING) if site_id == "s1" else 0,
            shipped_units=self.became[site_id, "shipped"],
            short_units=self.became[site_id, "short"],
            rejected_units=self.became[site_id, "rejected"],
            cancelled_units=self.became[site_id, "cancelled"],
            broken_units=self.became[site_id, "broken"],
        )

    def drop(self, what: str, units: int) -> None:
        """Give promises up, the latest first."""
        for promise in reversed(self.promises[what]):
            dropped = min(units, promise[1])
            promise[1] -= dropped
            units -= dropped
        self.promises[what] = [promise for promise in self.promises[what] if promise[1]]

    def tail(self, what: str, units: int) -> list[Promise]:
        """The latest promises of so many units."""
        tail: list[Promise] = []
        for rank, there in reversed(self.promises[what]):
            taken = min(units, there)
            units -= taken
            if taken:
                tail.insert(0, [rank, taken])
        return tail


@dataclass
class Books:
    """Everything that the model counts. `now` is set by whoever asks."""

    now: datetime
    good: Counter[str] = field(default_factory=Counter)
    incoming: int = 0
    frozen: Counter[str] = field(default_factory=Counter)
    holds: dict[str, Life] = field(default_factory=dict)
    ranks: int = 0

    def state(self, name: str) -> EntryState:
        """Where a hold stands."""
        life = self.holds[name]
        return EXPIRED if life.kept_state is HELD and life.expires_at <= self.now else life.kept_state

    def lives(self, *states: EntryState) -> Iterator[tuple[str, Life]]:
        """The holds in these states, by name."""
        return ((name, self.holds[name]) for name in sorted(self.holds) if self.state(name) in states)

    def held(self, site_id: str) -> int:
        """Held units that are there."""
        return sum(life.there[site_id] for _, life in self.lives(HELD))

    def committed(self, site_id: str) -> int:
        """Committed units that are there."""
        return sum(life.there[site_id] for _, life in self.lives(CONFIRMED))

    def promised(self, what: str) -> int:
        """Units promised of what is awaited."""
        return sum(life.awaited(what) for _, life in self.lives(HELD, CONFIRMED))

    def available(self, site_id: str) -> int:
        """What nobody holds."""
        return self.good[site_id] - self.held(site_id)

    def room(self, what: str) -> int:
        """What may still be promised of what is awaited."""
        return (LIMIT if what == BACK else self.incoming) - self.promised(what)

    def most(self, site_id: str, what: str) -> int:
        """What a hold may have of this."""
        if what:
            return self.room(what)
        return self.available(site_id) + (self.room(BACK) if site_id == "s1" else 0)

    def line(self, what: str, *states: EntryState) -> list[tuple[int, str, Promise, Life]]:
        """The promises of holds in these states, in their order."""
        return sorted(
            (promise[0], f"hold:{name}", promise, life)
            for name, life in self.lives(*states)
            for promise in life.promises[what]
        )

    def waits_though_it_could_be_served(self) -> bool:
        """True where a confirmed backorder waits beside free units, though no hold is due that is not void yet."""
        is_due = any(life.kept_state is HELD and life.expires_at <= self.now for life in self.holds.values())
        return not is_due and self.available("s1") > 0 and bool(self.line(BACK, CONFIRMED))

    def place(self, name: str, before: Life | None, wanted: Wanted, expires_at: datetime) -> None:
        """Hold this in place of a hold that stood `before`, whose promises keep their ranks."""
        self.holds.pop(name, None)
        self.ranks += 1
        life = Life(expires_at=expires_at)
        units = {BACK: 0, COMING: wanted.get(("s1", COMING), 0)}
        for site_id in SITES:
            asked = wanted.get((site_id, ""), 0)
            life.there[site_id] = min(asked, self.available(site_id))
            units[BACK] += asked - life.there[site_id]
        for what, awaited in units.items():
            old = before.promises[what] if before else []
            for rank, promised in old:
                kept = min(promised, awaited)
                awaited -= kept
                life.promises[what] += [[rank, kept]] if kept else []
            life.promises[what] += [[self.ranks, awaited]] if awaited else []
        self.holds[name] = life

    def void(self) -> None:
        """What is due expires for good, and what it leaves is free."""
        due = [life for life in self.holds.values() if life.kept_state is HELD and life.expires_at <= self.now]
        for life in due:
            life.kept_state = EXPIRED
        if any(life.there["s1"] for life in due):
            self.cover("s1")

    def cover(self, site_id: str) -> None:
        """Something became free at a site: what is available at s1 goes to confirmed backorders, in order."""
        if site_id != "s1":
            return
        for _, _, promise, life in self.line(BACK, CONFIRMED):
            units = min(promise[1], max(0, self.available("s1")))
            promise[1] -= units
            self.good["s1"] -= units
            life.there["s1"] += units
        for life in self.holds.values():
            life.promises[BACK] = [promise for promise in life.promises[BACK] if promise[1]]

    def arrive(self, good: int, lost: int) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
        """What comes goes to the promises in order; where too little is left the latest lose. Kept and broken."""
        line = self.line(COMING, HELD, CONFIRMED)
        self.incoming -= good + lost
        self.good["s1"] += good
        kept: list[tuple[str, int]] = []
        broken: list[tuple[str, int]] = []
        left = good
        for _, key, promise, life in line:
            units = min(promise[1], left)
            left -= units
            promise[1] -= units
            life.there["s1"] += units
            if life.kept_state is CONFIRMED:
                self.good["s1"] -= units
            if units:
                kept.append((key.removeprefix("hold:"), units))
        for _, key, promise, life in reversed(line):
            units = min(promise[1], max(0, -self.room(COMING)))
            promise[1] -= units
            if life.kept_state is CONFIRMED:
                life.became["s1", "broken"] += units
            if units:
                broken.insert(0, (key.removeprefix("hold:"), units))
        for life in self.holds.values():
            life.promises[COMING] = [promise for promise in life.promises[COMING] if promise[1]]
        if good:
            self.cover("s1")
        return kept, broken


def claims(wanted: Wanted) -> list[Claim]:
    """The claims that ask for this."""
    return [tea(units, site_id, what) for (site_id, what), units in wanted.items()]
