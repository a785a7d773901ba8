"""What must be true, told from acknowledgements alone: the model never looks at how the books are kept."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.faults.simulation.calls import ON_ITS_WAY, Answer, Call, Slot
from tests.faults.simulation.contents import Contents
from tests.faults.simulation.verbs import COMES_TO

Figures = Mapping[Slot, tuple[int, int, int, int]]  # on hand, held, committed, promised beyond what is there
STATES = {"confirm": "CONFIRMED", "release": "RELEASED", "transfer": "RELEASED"}


class Oversold(AssertionError):
    """More was promised than there can be."""


@dataclass
class Known:
    """Everything that was sent, and what of it was acknowledged as done.

    `ceilings` are the units that a channel may sell of a SKU, `ahead` what a site may promise beyond what is there.
    """

    ceilings: Mapping[tuple[str, str], int]
    ahead: Mapping[Slot, int] = field(default_factory=dict)
    sent: dict[str, Call] = field(default_factory=dict)  # by request id
    done: dict[str, Call] = field(default_factory=dict)
    told: dict[str, Answer] = field(default_factory=dict)  # of what was done
    refused: dict[str, Answer] = field(default_factory=dict)
    _first_done: dict[str, int] = field(default_factory=dict)

    def send(self, call: Call) -> None:
        """A client asks."""
        self.sent[call.request_id] = call

    def hear(self, answer: Answer) -> None:
        """A client is told. What was done stays done: whoever repeats the request is told so, and never refused."""
        request_id = answer.call.request_id
        if answer.refused:
            before = self.refused.get(request_id, answer)
            self.refused[request_id] = max(before, answer, key=lambda one: one.given)
        else:
            told = self.told.setdefault(request_id, answer)
            same = (told.hold_id, told.rows, told.broken) == (answer.hold_id, answer.rows, answer.broken)
            assert same, f"{answer}, and before {told}"
            self.done[request_id] = answer.call
            self._first_done[request_id] = min(answer.given, self._first_done.get(request_id, answer.given))
        if request_id in self.done and request_id in self.refused:
            late = self.refused[request_id]
            assert late.given < self._first_done[request_id], f"{late} after it was acknowledged"

    def prove_safe(self) -> None:
        """Nothing that was acknowledged contradicts anything else, whatever was not heard yet."""
        self._prove_one_end_each()
        most = _sum(call.slots for call in self._of("receive", self.sent))
        most.subtract(_sum(call.slots for call in self._of("lose", self.done)))
        most.update(self.ahead)
        for call in self._of("advise", self.sent):
            (brought,) = call.slots.items()
            most[brought[0]] += brought[1]
        # What came of consignments may also have been sold by others than those who waited for it.
        arrived: Counter[Slot] = Counter()
        for call in self._of("arrive", self.sent):
            arrived |= call.slots
        most[COMES_TO] += arrived.total()
        contents = Contents(self.sent.values(), self.told)
        promised = {hold_id: contents.of(hold_id) for hold_id in self._promised()}
        for slot, units in _sum(promised.values()).items():
            if units > most[slot]:
                raise Oversold(f"{units} units of {slot} are sold; there are at most {most[slot]}")
        sold: Counter[tuple[str, str]] = Counter()
        for hold_id, slots in promised.items():
            for (_, sku), units in slots.items():
                sold[contents.seller(hold_id), sku] += units
        for seller, units in sold.items():
            if units > self.ceilings.get(seller, units):
                raise Oversold(f"{units} units are sold through {seller}; its ceiling is {self.ceilings[seller]}")

    def prove_exact(self, figures: Figures, states: Mapping[str, tuple[str, datetime]], now: datetime) -> None:
        """With every answer heard, stock is what was done to it, no more and no less."""
        self.prove_safe()
        contents = Contents(self.done.values(), self.told)
        self._prove_states(contents, states, now)
        live = {"HELD": Counter[Slot](), "CONFIRMED": Counter[Slot]()}
        gone = _sum(call.slots for verb in ("lose", "short") for call in self._of(verb, self.done))
        for hold_id, (state, _) in states.items():
            left = contents.of(hold_id)
            left.subtract(_sum(call.slots for call in self._of("short", self.done) if call.hold_id == hold_id))
            assert min(left.values(), default=0) >= 0, f"of {hold_id} more was missing than it had"
            if self._has("ship", hold_id):
                gone += self._at_sites(left)
            elif state in live and not self._has("cancel", hold_id):
                live[state] += self._at_sites(left)
        on_hand = _sum(call.slots for call in self._of("receive", self.done))
        on_hand += self._at_sites(_sum(call.slots for call in self._of("arrive", self.done)))
        on_hand.subtract(gone)
        for slot, (there, held, committed, beyond) in figures.items():
            told = (on_hand[slot], live["HELD"][slot], live["CONFIRMED"][slot])
            found = f"{slot} has {(there, held, committed, beyond)}, and was told to have {told}"
            assert there == told[0], found
            assert held + committed + beyond == told[1] + told[2], found
            assert 0 <= beyond <= self.ahead.get(slot, 0), found
            assert held <= told[1], found
            assert committed <= told[2], found
        assert {slot for slot, units in on_hand.items() if units} <= figures.keys()

    def _prove_states(self, contents: Contents, states: Mapping[str, tuple[str, datetime]], now: datetime) -> None:
        ends = {call.hold_id: STATES[call.verb] for call in self.done.values() if call.verb in STATES}
        for hold_id, (state, expires_at) in states.items():
            stands = "RELEASED" if contents.is_emptied(hold_id) else "HELD" if expires_at > now else "EXPIRED"
            told = ends.get(hold_id, stands)
            assert state == told, f"hold {hold_id} is {state}, and was told to be {told}"
        assert states.keys() == set(contents.hold_ids)

    def _prove_one_end_each(self) -> None:
        for verbs in (("confirm", "release", "transfer"), ("ship", "cancel")):
            ends = Counter(call.hold_id for call in self.done.values() if call.verb in verbs)
            assert all(number == 1 for number in ends.values()), f"ended twice by {verbs}: {ends.most_common(1)}"
        arrivals = Counter(call.other_id for call in self._of("arrive", self.done))
        assert all(number == 1 for number in arrivals.values()), f"arrived twice: {arrivals.most_common(1)}"

    def _promised(self) -> list[str]:
        """Holds that were confirmed for certain, and that nobody has tried to cancel."""
        cancelled = {call.hold_id for call in self._of("cancel", self.sent)}
        return [call.hold_id for call in self._of("confirm", self.done) if call.hold_id not in cancelled]

    def _at_sites(self, slots: Counter[Slot]) -> Counter[Slot]:
        """Where units are of which some were on their way: at their site once they have arrived, and else nowhere."""
        arrived = {call.other_id for call in self._of("arrive", self.done)}
        units: Counter[Slot] = Counter()
        for slot, number in slots.items():
            if slot[0] != ON_ITS_WAY:
                units[slot] += number
            elif slot[1] in arrived:
                units[COMES_TO] += number
        return units

    def _has(self, verb: str, hold_id: str) -> bool:
        return any(call.hold_id == hold_id for call in self._of(verb, self.done))

    def _of(self, verb: str, calls: Mapping[str, Call]) -> list[Call]:
        return [call for call in calls.values() if call.verb == verb]


def _sum(slots: Iterable[Counter[Slot]]) -> Counter[Slot]:
    units: Counter[Slot] = Counter()
    for one in slots:
        units.update(one)
    return units
