"""A buyer's choices, looked up by slot; what does not fit is told with the path to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from solver.catalog.combinations.basket import Chosen
from solver.catalog.combinations.flat import FlatChoice, FlatTradeIn
from solver.errors import Violations
from solver.validation import unknown

MOST_CHOSEN = 100


@dataclass(slots=True)
class Wishes:
    """The choices at `path`. Slots that nobody asked for are told by `refuse_unused`."""

    chosen: Sequence[Chosen]
    path: str
    violations: Violations
    slots: set[str] = field(default_factory=set)

    def of(self, slot: str, options: Sequence[str], *, least: int, most: int) -> dict[str, int]:
        """Units by option, within the limits; nothing, with every cause recorded, where they are not kept."""
        self.slots.add(slot)
        units: dict[str, int] = {}
        before = len(self.violations.found)
        for at, one in enumerate(self.chosen):
            if one.slot != slot:
                continue
            path = f"{self.path}[{at}]"
            if one.option not in options:
                remedy = unknown(one.option, options, "option", f"give one of {', '.join(options)}")
                self.violations.add(f"{path}.option", one.option, remedy)
            elif one.option in units:
                self.violations.add(f"{path}.option", one.option, "stands twice; choose it once, with its units")
            elif self.violations.require(one.units >= 1, f"{path}.units", one.units, "choose at least 1 unit"):
                units[one.option] = one.units
        total = sum(units.values())
        if len(self.violations.found) == before and not least <= total <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}"
            self.violations.add(f"{self.path}.{slot}", f"{total} chosen", f"choose {wanted} of {', '.join(options)}")
        return units if len(self.violations.found) == before else {}

    def of_choice(self, choice: FlatChoice) -> dict[str, int]:
        """Units by option of a choice, within the limits of each option and of those that exclude each other."""
        units = self.of(choice.slot, tuple(choice.options), least=choice.least, most=choice.most)
        for code, count in units.items():
            most = choice.options[code].most
            path = f"{self.path}.{choice.slot}.{code}"
            self.violations.require(count <= most, path, count, f"choose at most {most} of it")
        for exclusion in choice.exclusions:
            together = sorted(exclusion & units.keys())
            if len(together) > 1:
                self.violations.add(f"{self.path}.{choice.slot}", together, "these exclude each other; choose one")
        return units

    def of_trade_in(self, trade_in: FlatTradeIn) -> dict[str, int]:
        """What is handed in: one of the accepted, or nothing where it need not be."""
        return self.of(trade_in.slot, tuple(trade_in.accepts), least=int(trade_in.required), most=1)

    def refuse_unused(self) -> None:
        """Record the choices whose slot does not exist, or is not reached."""
        for at, one in enumerate(self.chosen):
            if one.slot not in self.slots:
                otherwise = "the order does not reach it, or it is not there; leave the choice out"
                remedy = unknown(one.slot, sorted(self.slots), "slot here", otherwise)
                self.violations.add(f"{self.path}[{at}].slot", one.slot, remedy)
