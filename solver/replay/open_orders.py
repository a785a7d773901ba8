"""Orders whose packages have not all left: what has become of them so far."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from solver.orders.model import Order, OrderLine
from solver.replay.outcome import Outcome, ReturnedParcel, RunPackage
from solver.replay.refunds import for_what_is_missing
from solver.sourcing.snapshot.decision import Decision
from solver.sourcing.snapshot.itemised import Itemised, ItemisedPackage


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPackage:
    """A package that has not left yet: part of the hold `name`."""

    name: str
    package: RunPackage


@dataclass(slots=True, kw_only=True)
class OpenOrder:
    """An order by its id, and what has become of it so far; `parts` are the holds that it had."""

    order_id: str
    lost_minor: int
    bound_minor: int
    fallback: str
    decided_at: datetime | None
    cost: dict[str, int]
    unfilled_units: int
    gone: list[RunPackage] = field(default_factory=list)
    open: list[OpenPackage] = field(default_factory=list)
    parts: int = 1
    had: dict[str, int] = field(default_factory=dict)  # units that left, by SKU
    returned: list[ReturnedParcel] = field(default_factory=list)
    exchanges_ahead: int = 0  # parcels that are still to come back, for which something is sent

    @classmethod
    def of(cls, order: Order, decision: Decision, told: Itemised, decided_at: datetime | None) -> "OpenOrder":
        """As it was decided; none of its packages is open yet."""
        return cls(
            order_id=order.order_id,
            lost_minor=_lost_minor(order, decision),
            bound_minor=decision.bound_minor,
            fallback=decision.fallback,
            decided_at=decided_at,
            cost=dict(told.cost_minor),
            unfilled_units=sum(decision.unfilled),
        )

    def hand_over_by(self, moment: datetime) -> list[RunPackage]:
        """What is due leaves."""
        due = [one for one in self.open if one.package.hand_over_at <= moment]
        for one in due:
            self.open.remove(one)
            self.gone.append(one.package)
        return [one.package for one in due]

    def come_back(self, package: RunPackage, parcels: Iterable[ReturnedParcel]) -> list[tuple[int, ReturnedParcel]]:
        """Of a package that left these parcels will come back; each with its number among those of the order."""
        for sku, units in package.units.items():
            self.had[sku] = self.had.get(sku, 0) + units
        numbered = list(enumerate(parcels, start=len(self.returned)))
        self.returned += [parcel for _, parcel in numbered]
        self.exchanges_ahead += sum(bool(parcel.wanted) for _, parcel in numbered)
        return numbered

    def exchange(self, number: int, packages: Sequence[RunPackage], cost_minor: int) -> None:
        """For a parcel that came back these packages leave."""
        parcel, sent = self.returned[number], Counter[str]()
        for package in packages:
            sent.update(package.units)
        missing_minor = for_what_is_missing(parcel.wanted, parcel.wanted_minor, sent)
        self.returned[number] = replace(
            parcel,
            exchange=tuple(packages),
            exchange_minor=cost_minor,
            refund_minor=None if parcel.refund_minor is None else parcel.refund_minor + missing_minor,
        )
        self.exchanges_ahead -= 1

    def is_due(self, moment: datetime) -> bool:
        """Whether everything has left by then."""
        return all(one.package.hand_over_at <= moment for one in self.open)

    @property
    def is_closed(self) -> bool:
        """Whether everything has left, also what is sent for units that come back."""
        return not self.open and not self.exchanges_ahead

    def take_out(self, one: OpenPackage, as_it_is_now: RunPackage) -> None:
        """It does not leave, and nobody is owed for it."""
        self.open.remove(one)
        self.gone.append(as_it_is_now)
        for term, minor in one.package.cost_minor.items():
            self.cost[term] -= minor

    def add_cost(self, told: Itemised) -> None:
        """What was decided anew comes to this."""
        for term, minor in told.cost_minor.items():
            self.cost[term] = self.cost.get(term, 0) + minor

    def outcome(self, order: Order) -> Outcome:
        """The order at the end: what is open leaves."""
        return Outcome(
            order_id=order.order_id,
            placed_at=order.placed_at,
            promised_at=order.promised_at,
            region_id=order.destination.region_id,
            ordered_units=sum(line.quantity for line in order.lines),
            unfilled_units=self.unfilled_units,
            lost_minor=self.lost_minor,
            packages=(*self.gone, *(one.package for one in self.open)),
            cost_minor=self.cost,
            bound_minor=self.bound_minor,
            fallback=self.fallback,
            decided_at=self.decided_at,
            returned=tuple(self.returned),
        )


def order_for(order: Order, units: Mapping[str, int], moment: datetime) -> Order:
    """An order of the same customer for these units by SKU, placed now; the promise stays."""
    lines = tuple(
        OrderLine(line_id=str(number), sku=sku, quantity=count)
        for number, (sku, count) in enumerate(sorted(units.items()), start=1)
    )
    return replace(order, lines=lines, placed_at=moment)


def units_of(packages: Iterable[ItemisedPackage]) -> dict[tuple[str, str], int]:
    """What the packages take, by source and SKU."""
    units: dict[tuple[str, str], int] = {}
    for package in packages:
        for sku, number in package.units.items():
            place = package.source_id, sku
            units[place] = units.get(place, 0) + number
    return units


def _lost_minor(order: Order, decision: Decision) -> int:
    return sum(line.unit_price_minor * units for line, units in zip(order.lines, decision.unfilled, strict=True))
