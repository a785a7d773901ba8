"""A client: it asks for one thing at a time, repeats itself until it is answered, and then asks for the next."""

import random
from dataclasses import dataclass
from typing import Any

from tests.faults.simulation.calls import Answer, Call, Row

PLACES = (("W-EAST", "TEA"), ("W-EAST", "CUP"), ("S-EAST", "CUP"))
CHANNELS = ("", "app", "web")
NEXT = {"hold": ("confirm", "confirm", "confirm", "release", "extend", ""), "extend": ("confirm", "release", ""),
        "confirm": ("ship", "ship", "cancel", "")}  # fmt: skip


@dataclass
class Client:
    """`others` holds what other clients hold: now and then one resolves a hold that is not its own."""

    name: str
    draw: random.Random
    others: list[str]
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
        call = answer.call
        if answer.refused:
            return
        if call.verb == "hold":
            self.others.append(call.hold_id)
        verb = self.draw.choice(NEXT.get(call.verb, ("",)))
        if verb:
            self._next = self._call(verb, hold_id=call.hold_id, minutes=self.draw.randint(1, 20))

    def is_idle(self) -> bool:
        """Whether it got through with what it began."""
        return self.waits_for is None and self._next is None

    def _anew(self) -> Call:
        kind = self.draw.random()
        if kind < 0.04:
            return self._call("receive", rows=self._rows(6))
        if kind < 0.08:
            return self._call("lose", rows=self._rows(2)[:1])
        if kind < 0.18 and self.others:
            verb = self.draw.choice(["confirm", "release", "ship", "cancel"])
            return self._call(verb, hold_id=self.draw.choice(self.others[-8:]))
        hold_id = f"{self.name}-{self._number}"
        return self._call(
            "hold", hold_id=hold_id, rows=self._rows(4), channel=self.draw.choice(CHANNELS),
            minutes=self.draw.randint(1, 20),
        )  # fmt: skip

    def _rows(self, most: int) -> tuple[Row, ...]:
        places = self.draw.sample(PLACES, self.draw.randint(1, 2))
        return tuple((site_id, sku, self.draw.randint(1, most)) for site_id, sku in places)

    def _call(self, verb: str, **said: Any) -> Call:
        self._number += 1
        return Call(request_id=f"{self.name}/{self._number}", verb=verb, **said)
