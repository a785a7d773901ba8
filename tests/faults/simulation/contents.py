"""What holds have, told from calls and answers alone: where units came from, and what was taken away again."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.faults.simulation.calls import ON_ITS_WAY, Answer, Call, Slot

ORIGINS = {"hold": "hold_id", "split": "other_id", "transfer": "other_id"}  # verb, and what is named by it


@dataclass
class Contents:
    """Of these calls, as if all were done. `told` are the answers by request id, as far as they are known."""

    calls: Iterable[Call]
    told: Mapping[str, Answer]
    _origins: dict[str, Call] = field(default_factory=dict)
    _taken: dict[str, Counter[Slot]] = field(default_factory=dict)
    _broken: Counter[tuple[str, str]] = field(default_factory=Counter)  # hold, consignment

    def __post_init__(self) -> None:
        for call in self.calls:
            if call.verb in ORIGINS:
                self._origins[getattr(call, ORIGINS[call.verb])] = call
            if call.verb == "split":
                self._taken[call.hold_id] = self._taken.get(call.hold_id, Counter()) + call.slots
            answer = self.told.get(call.request_id)
            if answer is not None and call.verb == "plan":
                self._origins[answer.hold_id] = call
            if answer is not None and call.verb == "arrive":
                for hold_id, units in answer.broken:
                    self._broken[hold_id, call.other_id] += units

    @property
    def hold_ids(self) -> list[str]:
        """Every hold that was made."""
        return list(self._origins)

    def of(self, hold_id: str) -> Counter[Slot]:
        """The units of a hold when it ended, or now; never less than none, where not all was done."""
        units = Counter(self._made_with(hold_id))
        units.subtract(self._taken.get(hold_id, Counter()))
        for (name, consignment_id), broken in self._broken.items():
            if name == hold_id:
                units[ON_ITS_WAY, consignment_id] -= broken
        return +units

    def is_emptied(self, hold_id: str) -> bool:
        """True of a hold that had units, and has given away or lost them all."""
        return bool(self._made_with(hold_id)) and not self.of(hold_id)

    def seller(self, hold_id: str) -> str:
        """Through which channel it is held."""
        origin = self._origins.get(hold_id)
        if origin is None:
            return ""
        return origin.channel if origin.verb in ("hold", "plan") else self.seller(origin.hold_id)

    def _made_with(self, hold_id: str) -> Counter[Slot]:
        origin = self._origins.get(hold_id)
        if origin is None:
            return Counter()
        if origin.verb == "transfer":
            return self.of(origin.hold_id)
        if origin.verb == "plan":
            return Counter(self.told[origin.request_id].slots)
        return origin.slots
