"""What comes back of the packages of a run: drawn alike under every policy, from the seed and the units themselves."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from random import Random

from solver.catalog.catalog import Catalog
from solver.network.distance import haversine_meters
from solver.network.lanes import lane_by
from solver.network.network import Network
from solver.network.network import Place as Door
from solver.orders.model import Order
from solver.replay.outcome import ReturnedParcel, RunPackage
from solver.replay.refunds import Refunds
from solver.scenario.drawing import Weighted
from solver.scenario.model import Scenario
from solver.scenario.returns_model import GradeWeights, ReturnRule
from solver.stock.physical.return_model import Grade

Place = tuple[str, str]  # source and SKU
_WHOLE = 1_000
_GRADES = tuple(Grade(one.name) for one in fields(GradeWeights))


@dataclass(frozen=True, slots=True, kw_only=True)
class OnItsWay:
    """A parcel that is to come back: number `number` of those of its order, counted from 0."""

    order_id: str
    number: int
    parcel: ReturnedParcel

    @property
    def return_id(self) -> str:
        """As the books know it."""
        return f"{self.order_id}#back-{self.number + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """That a unit comes back by the rule of this number, in this state; `wanted`: for a unit of that SKU, or none."""

    rule: int
    grade: Grade
    wanted: str = ""


@dataclass(slots=True, kw_only=True)
class _Back:
    """What of a package comes back by one rule; `wanted` is what for, and `wanted_minor` what was paid for those."""

    refunds: Refunds
    grades: dict[Grade, Counter[str]] = field(default_factory=dict)
    wanted: Counter[str] = field(default_factory=Counter)
    wanted_minor: Counter[str] = field(default_factory=Counter)
    others_minor: int = 0

    def add(self, sku: str, unit: int, fate: Fate) -> None:
        paid_minor = self.refunds.of(sku, unit)
        self.grades.setdefault(fate.grade, Counter())[sku] += 1
        if fate.wanted:
            self.wanted[fate.wanted] += 1
            self.wanted_minor[fate.wanted] += paid_minor
        else:
            self.others_minor += paid_minor


class ComingBack:
    """A scenario's returns: which units of a package come back, and how.

    Whether the n-th unit of a SKU that an order gets comes back, by which rule, in which state and whether for another
    one follows from the seed, the order, the SKU and n alone; after how many days from seed, order and rule.
    """

    def __init__(self, scenario: Scenario, network: Network, catalog: Catalog, seed: int) -> None:
        self._rules, self._network, self._catalog, self._seed = scenario.returns, network, catalog, seed
        self._materials = {row.sku: row for row in scenario.materials}
        self._days = [Weighted(rule.days) for rule in self._rules]
        self._grades = [Weighted({one: getattr(rule.grades, one.value) for one in _GRADES}) for rule in self._rules]
        self._befalling: dict[tuple[str, str, str], list[tuple[int, int]]] = {}  # until which permille which rule does
        self._nearest: dict[tuple[int, Door], str] = {}

    def __bool__(self) -> bool:
        return bool(self._rules)

    def places(self, orders: Iterable[Order], skus: Iterable[str]) -> Iterator[Place]:
        """Where units of these SKUs may come back to, beside the sources that ship them."""
        doors = {(order.channel, self._network.place(order.destination)) for order in orders} if self._rules else set()
        stocked = [self._materials[sku] for sku in sorted(set(skus))]
        for number, rule in enumerate(self._rules):
            of_rule = {door for channel, door in doors if rule.is_from(channel, door.region_ids)}
            to = {self.place_of(number, door, "") for door in of_rule} - {""}
            for source_id in sorted(to):
                yield from ((source_id, one.sku) for one in stocked if rule.is_for(one))

    def fate(self, order: Order, sku: str, unit: int) -> Fate | None:
        """What becomes of the unit of this number, from 0, of a SKU that the order gets; None: it is kept."""
        random = Random(f"{self._seed}/{order.order_id}/{sku}/{unit}/back")  # noqa: S311 - no secret
        number = self._rule_of(order, sku, random.random())
        if number is None:
            return None
        grade, rule = self._grades[number].draw(random), self._rules[number]
        is_exchanged = random.random() * _WHOLE < rule.exchanged_permille
        return Fate(rule=number, grade=grade, wanted=rule.exchanged_for.get(sku, sku) if is_exchanged else "")

    def place_of(self, number: int, door: Door, shipped_from: str) -> str:
        """Where units come back to by the rule of this number."""
        rule = self._rules[number]
        return rule.source_id or (self._nearest_to(number, door) if rule.kinds else shipped_from)

    def parcels_of(self, order: Order, package: RunPackage, had: Mapping[str, int]) -> Iterator[ReturnedParcel]:
        """What comes back of a package that has left, by rule; `had` are the units of the order that left before it."""
        refunds: Refunds | None = None
        back: dict[int, _Back] = {}
        for sku, units in package.units.items():
            for unit in range(had.get(sku, 0), had.get(sku, 0) + units):
                fate = self.fate(order, sku, unit)
                if fate is None:
                    continue
                refunds = refunds or Refunds(order, self._catalog)
                back.setdefault(fate.rule, _Back(refunds=refunds)).add(sku, unit, fate)
        for number, by_rule in sorted(back.items()):
            yield self._parcel(number, order, package, by_rule)

    def _rule_of(self, order: Order, sku: str, chance: float) -> int | None:
        key = sku, order.channel, order.destination.region_id
        if key not in self._befalling:
            until, of = 0, []
            region_ids = self._network.branches[order.destination.region_id]
            for number, rule in enumerate(self._rules):
                if rule.is_for(self._materials[sku]) and rule.is_from(order.channel, region_ids):
                    until += rule.permille
                    of.append((until, number))
            self._befalling[key] = of
        return next((number for until, number in self._befalling[key] if chance * _WHOLE < until), None)

    def _parcel(self, number: int, order: Order, package: RunPackage, back: _Back) -> ReturnedParcel:
        rule, door = self._rules[number], self._network.place(order.destination)
        random = Random(f"{self._seed}/{order.order_id}/{number}/days")  # noqa: S311 - no secret
        days = self._days[number].draw(random)
        source_id = self.place_of(number, door, package.source_id)
        units = sum(back.grades.values(), Counter[str]())
        returned_at = package.arrives_at + timedelta(days=days)
        cost_minor = self._carriage_minor(rule, source_id, door, returned_at, units)
        return ReturnedParcel(
            source_id=source_id,
            returned_at=returned_at,
            grades={grade: dict(sorted(back.grades[grade].items())) for grade in _GRADES if grade in back.grades},
            cost_minor=cost_minor + rule.unit_minor * units.total(),
            wanted=dict(sorted(back.wanted.items())),
            wanted_minor=dict(sorted(back.wanted_minor.items())),
            refund_minor=back.others_minor if back.refunds.are_known else None,
            days=days,
        )

    def _nearest_to(self, number: int, door: Door) -> str:
        """The source of the rule's kinds that is nearest to a door; of several the first by id."""
        if (number, door) not in self._nearest:
            kinds = self._rules[number].kinds
            self._nearest[number, door] = min(
                (
                    haversine_meters(door.latitude, door.longitude, source.latitude, source.longitude),
                    source.source_id,
                )
                for source in self._network.sources.values()
                if source.is_active and source.kind in kinds
            )[1]
        return self._nearest[number, door]

    def _carriage_minor(
        self, rule: ReturnRule, source_id: str, door: Door, moment: datetime, units: Mapping[str, int]
    ) -> int:
        """What the way back costs: as much as the way there, where the rule's service has a price for it."""
        if not rule.service_id:
            return rule.parcel_minor
        try:
            lane = lane_by(self._network, door, moment, source_id, rule.service_id)
        except KeyError:
            return rule.parcel_minor
        weight_grams = sum(self._materials[sku].weight_grams * count for sku, count in units.items())
        volume_mm3 = sum(self._materials[sku].volume_mm3 * count for sku, count in units.items())
        freight = lane.freight_minor(weight_grams, volume_mm3)
        surcharge = lane.surcharge_minor(weight_grams, volume_mm3)
        return rule.parcel_minor if freight is None or surcharge is None else freight + surcharge
