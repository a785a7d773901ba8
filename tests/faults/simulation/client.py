"""A client: it asks for one thing at a time, repeats itself until it is answered, and then asks for the next."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.faults.simulation.calls import ON_ITS_WAY, Answer, Call, Row, Slot, slots_of
from tests.faults.simulation.verbs import COMES_TO

PLACES = (("W-EAST", "TEA"), ("W-EAST", "CUP"), ("S-EAST", "CUP"))
PROMISED_AHEAD = ("W-EAST", "POT")  # where more may be promised than is there
MORE_PLACES = (*PLACES, PROMISED_AHEAD, COMES_TO)
CHANNELS = ("", "app", "web")
NEXT = {"hold": ("confirm", "confirm", "confirm", "release", "extend", ""), "extend": ("confirm", "release", ""),
        "confirm": ("ship", "ship", "cancel", "")}  # fmt: skip
MORE_NEXT = {
    "hold": ("confirm", "confirm", "confirm", "release", "extend", "split", "split", "transfer", ""),
    "plan": ("confirm", "confirm", "release", ""),
    "extend": ("confirm", "release", "split", "transfer", ""),
    "split": ("confirm", "confirm", "release", "split", "transfer", ""),
    "transfer": ("confirm", "confirm", "split", "release", ""),
    "confirm": ("ship", "ship", "cancel", "short", ""),
    "short": ("ship", "cancel", "short", ""),
}


@dataclass
class Shared:
    """What clients know of each other: holds, by what they had when they were told, and consignments by their units."""

    holds: dict[str, dict[Slot, int]] = field(default_factory=dict)
    consignments: dict[str, int] = field(default_factory=dict)


@dataclass
class Client:
    """Now and then it resolves a hold that is not its own. A `versatile` one asks for all that there is."""

    name: str
    draw: random.Random
    shared: Shared
    versatile: bool = False
    waits_for: Call | None = None
    _number: int = 0
    _patience: int = 0
    _next: Call | None = None

    def speaks(self, *, begins_anew: bool) -> Call | None:
        """What it sends now: the request that it waits for, once more, or its next one."""
        if self.waits_for is not None:
            self._patience -= 1
            if self._patience > 0:
                return None
        else:
            self.waits_for, self._next = self._next or (self._anew() if begins_anew else None), None
        self._patience = self.draw.randint(2, 6)
        return self.waits_for

    def hears(self, answer: Answer) -> None:
        """An answer comes, perhaps to a request that was answered before."""
        if self.waits_for is None or answer.call != self.waits_for:
            return
        self.waits_for = None
        if answer.refused:
            return
        hold_id = self._learns(answer)
        follow = MORE_NEXT if self.versatile else NEXT
        verb = self.draw.choice(follow.get(answer.call.verb, ("",)))
        if verb:
            self._next = self._about(verb, hold_id)

    def is_idle(self) -> bool:
        """Whether it got through with what it began."""
        return self.waits_for is None and self._next is None

    def _learns(self, answer: Answer) -> str:
        """Note what was told; the hold that comes next."""
        call, holds = answer.call, self.shared.holds
        if call.verb == "hold":
            holds[call.hold_id] = dict(call.slots)
        elif call.verb == "plan":
            holds[answer.hold_id] = dict(slots_of(answer.rows))
            return answer.hold_id
        elif call.verb == "split":
            holds[call.other_id] = dict(call.slots)
            holds[call.hold_id] = dict(Counter(holds.get(call.hold_id, {})) - call.slots)
            return self.draw.choice([call.hold_id, call.other_id])
        elif call.verb == "transfer":
            holds[call.other_id] = dict(holds.get(call.hold_id, {}))
            return call.other_id
        elif call.verb == "advise":
            self.shared.consignments[call.other_id] = call.coming[0][1]
        return call.hold_id

    def _anew(self) -> Call:
        kind = self.draw.random()
        if kind < 0.04:
            return self._call("receive", rows=self._rows(6))
        if kind < 0.08:
            return self._call("lose", rows=self._rows(2)[:1])
        if kind < 0.18 and self.shared.holds:
            verbs = ["confirm", "release", "ship", "cancel"]
            verb = self.draw.choice([*verbs, "split", "transfer", "short"] if self.versatile else verbs)
            return self._about(verb, self.draw.choice(list(self.shared.holds)[-8:]))
        if self.versatile and kind > 0.86:
            return self._versatile(kind)
        hold_id = f"{self.name}-{self._number}"
        return self._call(
            "hold", hold_id=hold_id, rows=self._rows(4), coming=self._coming(), channel=self.draw.choice(CHANNELS),
            minutes=self.draw.randint(1, 20),
        )  # fmt: skip

    def _versatile(self, kind: float) -> Call:
        consignments = self.shared.consignments
        if kind > 0.95 and consignments:
            name = self.draw.choice(list(consignments)[-4:])
            units = self.draw.randint(max(0, consignments[name] - 3), consignments[name])
            return self._call("arrive", other_id=name, coming=((name, units),))
        if kind > 0.925:
            name = f"{self.name}-C{self._number}"
            return self._call("advise", other_id=name, coming=((name, self.draw.randint(2, 8)),))
        skus = self.draw.sample(["TEA", "CUP", "POT"], self.draw.randint(1, 2))
        rows = tuple(("", sku, self.draw.randint(1, 2)) for sku in skus)
        return self._call("plan", other_id=f"order {self.name}-{self._number}", rows=rows, minutes=self._minutes())

    def _about(self, verb: str, hold_id: str) -> Call:
        """A call about a hold that it knows."""
        slots = self.shared.holds.get(hold_id, {})
        there = {slot: units for slot, units in slots.items() if slot[0] != ON_ITS_WAY and units}
        if verb == "ship" and (PROMISED_AHEAD in there or len(there) < len(slots)):
            return self._call("ship", hold_id=hold_id, rows=_all_there(slots))
        if verb == "short":
            return self._call(verb if there else "cancel", hold_id=hold_id, rows=self._part(there))
        if verb in ("split", "transfer"):
            other_id = f"{self.name}-{self._number}-{verb}"
            if verb == "transfer" or not slots:
                return self._call("transfer", hold_id=hold_id, other_id=other_id)
            rows, coming = self._part(there), self._part({slot: slots[slot] for slot in slots if slot not in there})
            names = tuple((name, units) for _, name, units in coming)
            return self._call("split", hold_id=hold_id, other_id=other_id, rows=rows, coming=names)
        return self._call(verb, hold_id=hold_id, minutes=self._minutes())

    def _part(self, slots: dict[Slot, int]) -> tuple[Row, ...]:
        """Some units of one of these; none of none."""
        if not slots:
            return ()
        slot = self.draw.choice(sorted(slots))
        return ((*slot, self.draw.randint(1, max(1, slots[slot]))),)

    def _coming(self) -> tuple[tuple[str, int], ...]:
        if not self.versatile or not self.shared.consignments or self.draw.random() > 0.25:
            return ()
        return ((self.draw.choice(list(self.shared.consignments)[-3:]), self.draw.randint(1, 4)),)

    def _minutes(self) -> int:
        return self.draw.randint(1, 20)

    def _rows(self, most: int) -> tuple[Row, ...]:
        places = self.draw.sample(MORE_PLACES if self.versatile else PLACES, self.draw.randint(1, 2))
        return tuple((site_id, sku, self.draw.randint(1, most)) for site_id, sku in places)

    def _call(self, verb: str, **said: Any) -> Call:
        self._number += 1
        return Call(request_id=f"{self.name}/{self._number}", verb=verb, **said)


def _all_there(slots: dict[Slot, int]) -> tuple[Row, ...]:
    """All units of a hold, once what is coming has come."""
    units: Counter[Slot] = Counter()
    for slot, number in slots.items():
        units[COMES_TO if slot[0] == ON_ITS_WAY else slot] += number
    return tuple((*slot, number) for slot, number in units.items())
