"""What must be true, told from acknowledgements alone: the model never looks at how the books are kept."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.faults.simulation.calls import Answer, Call

Place = tuple[str, str]  # site, SKU
Figures = Mapping[Place, tuple[int, int, int]]  # on hand, held, committed
STATES = {"confirm": "CONFIRMED", "release": "RELEASED"}


class Oversold(AssertionError):
    """More was promised than there can be."""


@dataclass
class Known:
    """Everything that was sent, and what of it was acknowledged as done."""

    ceilings: Mapping[tuple[str, str], int]  # channel, SKU -> units that it may sell
    sent: dict[str, Call] = field(default_factory=dict)  # by request id
    done: dict[str, Call] = field(default_factory=dict)
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
            self.done[request_id] = answer.call
            self._first_done[request_id] = min(answer.given, self._first_done.get(request_id, answer.given))
        if request_id in self.done and request_id in self.refused:
            late = self.refused[request_id]
            assert late.given < self._first_done[request_id], f"{late} after it was acknowledged"

    def prove_safe(self) -> None:
        """Nothing that was acknowledged contradicts anything else, whatever was not heard yet."""
        self._prove_one_end_each()
        promised = self._promised()
        most = _units(self._of("receive", self.sent))
        most.subtract(_units(self._of("lose", self.done)))
        for place, units in _by_place(promised).items():
            if units > most[place]:
                raise Oversold(f"{units} units of {place} are sold; there are at most {most[place]}")
        for seller, units in _by_seller(promised).items():
            if units > self.ceilings.get(seller, units):
                raise Oversold(f"{units} units are sold through {seller}; its ceiling is {self.ceilings[seller]}")

    def prove_exact(self, figures: Figures, states: Mapping[str, tuple[str, datetime]], now: datetime) -> None:
        """With every answer heard, stock is what was done to it, no more and no less."""
        self.prove_safe()
        ends = self._ends()
        for hold_id, (state, expires_at) in states.items():
            told = ends.get(hold_id, "HELD" if expires_at > now else "EXPIRED")
            assert state == told, f"hold {hold_id} is {state}, and was told to be {told}"
        shipped = {call.hold_id for call in self._of("ship", self.done)}
        cancelled = {call.hold_id for call in self._of("cancel", self.done)}
        holds = {call.hold_id: call for call in self._of("hold", self.done)}
        assert states.keys() == holds.keys()
        gone = _units(self._of("lose", self.done)) + _units(holds[one] for one in shipped)
        on_hand = _units(self._of("receive", self.done))
        on_hand.subtract(gone)
        held = _units(call for one, call in holds.items() if states[one][0] == "HELD")
        still = {one for one, (state, _) in states.items() if state == "CONFIRMED"} - shipped - cancelled
        committed = _units(holds[one] for one in still)
        expected = {place: (on_hand[place], held[place], committed[place]) for place in figures}
        assert figures == expected, f"stock is {figures}, and was told to be {expected}"
        assert {place for place, units in on_hand.items() if units} <= figures.keys()

    def _ends(self) -> dict[str, str]:
        return {call.hold_id: STATES[call.verb] for call in self.done.values() if call.verb in STATES}

    def _prove_one_end_each(self) -> None:
        for verbs in (("confirm", "release"), ("ship", "cancel")):
            ends = Counter(call.hold_id for call in self.done.values() if call.verb in verbs)
            assert all(number == 1 for number in ends.values()), f"ended twice by {verbs}: {ends.most_common(1)}"

    def _promised(self) -> list[Call]:
        """Holds that were confirmed for certain, and that nobody has tried to cancel."""
        holds = {call.hold_id: call for call in self._of("hold", self.sent)}
        cancelled = {call.hold_id for call in self._of("cancel", self.sent)}
        return [holds[call.hold_id] for call in self._of("confirm", self.done) if call.hold_id not in cancelled]

    def _of(self, verb: str, calls: Mapping[str, Call]) -> list[Call]:
        return [call for call in calls.values() if call.verb == verb]


def _units(calls: Iterable[Call]) -> Counter[Place]:
    return _by_place(list(calls))


def _by_place(calls: Iterable[Call]) -> Counter[Place]:
    units: Counter[Place] = Counter()
    for call in calls:
        for site_id, sku, number in call.rows:
            units[site_id, sku] += number
    return units


def _by_seller(calls: Iterable[Call]) -> Counter[tuple[str, str]]:
    units: Counter[tuple[str, str]] = Counter()
    for call in calls:
        for _, sku, number in call.rows:
            if call.channel:
                units[call.channel, sku] += number
    return units
