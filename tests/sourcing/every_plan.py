"""The oracle over problems: every plan for a tiny order, priced and judged by the independent recounts.

Nothing of it passes through a case: the plans are made here, piece by piece and line by line, and what they cost and
break is what terms and rules recount on a finished plan, which shares no code with how they charge and restrict.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import product
from math import ceil

from solver.network.lanes import Lane
from solver.sourcing.dimensions import all_rules, all_terms, term_of_measure
from solver.sourcing.finished import Finished
from solver.sourcing.plan import Engine, LineAnswer, Package, PackedUnits, Plan, Stop
from solver.sourcing.policy import COST, LATEST_ARRIVAL
from solver.sourcing.problem import Line, Problem, Stage
from tests.sourcing.least import Best, Outcome, Values, best_of, tolerances_of
from tests.sourcing.room import volumetric_grams

Piece = tuple[str, str]  # order line, SKU
Filled = tuple[int, ...]  # units of each line that ship


def best_of_every_plan(problem: Problem) -> Best:
    """The least value of each priority over every plan that obeys the policy's rules."""
    return best_of(_Plans(problem).outcomes(), tolerances_of(problem.policy))


class _Plans:
    """Every plan of one problem."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._offers = {offer.key: offer for offer in problem.offers}
        excused = {*problem.policy.off, *problem.policy.soft}
        rules = [rule for rule in all_rules() if rule.name not in excused]
        self._of_packages = [rule for rule in rules if rule.may_be_soft]  # such a rule only closes lanes
        self._of_plans = [rule for rule in rules if not rule.may_be_soft]

    def outcomes(self) -> Iterator[Outcome]:
        """What each plan comes to that obeys."""
        for filled in product(*(range(line.quantity + 1) for line in self._problem.lines)):
            pieces = tuple(
                (line.line_id, part.sku)
                for line, units in zip(self._problem.lines, filled, strict=True)
                for part in line.parts
                for _ in range(units * part.units)
            )
            for packages in self._packed(pieces):
                plan = self._plan(packages, filled)
                finished = Finished.of(self._problem, plan)
                if not any(violation for rule in self._of_plans for violation in rule.broken(finished)):
                    yield Outcome(self._values(plan), plan.unfilled_units)

    def _packed(self, pieces: tuple[Piece, ...]) -> Iterator[tuple[Package, ...]]:
        """Every way to put the pieces into packages, within the stock."""
        if not pieces:
            yield ()
            return
        for contents, rest in _with_the_first(pieces):
            for lane in self._open_lanes:
                package = self._package(lane, contents)
                if package is not None:
                    for others in self._packed(rest):
                        if self._in_stock((package, *others)):
                            yield (package, *others)

    @cached_property
    def _open_lanes(self) -> list[Lane]:
        """The lanes that no rule closes."""
        return [lane for lane in self._problem.lanes if not self._closes(lane)]

    def _closes(self, lane: Lane) -> bool:
        alone = Finished.of(self._problem, self._plan((self._made(lane, ()),), self._nothing))
        return any(violation for rule in self._of_packages for violation in rule.broken(alone))

    @property
    def _nothing(self) -> Filled:
        return (0,) * len(self._problem.lines)

    def _package(self, lane: Lane, contents: tuple[Piece, ...]) -> Package | None:
        """The package, where the lane's tariff has a price for it."""
        package = self._made(lane, contents)
        for band in lane.card.bands:
            if band.up_to_grams is None or package.billable_grams <= band.up_to_grams:
                return None if band.closed else package
        return None

    def _made(self, lane: Lane, contents: tuple[Piece, ...]) -> Package:
        items = self._problem.items
        grams = sum(items[sku].weight_grams for _, sku in contents)
        mm3 = sum(items[sku].volume_mm3 for _, sku in contents)
        return Package(
            source_id=lane.source_id,
            service_id=lane.service_id,
            carrier_id=lane.carrier_id,
            contents=tuple(
                PackedUnits(line_id=line_id, sku=sku, units=units)
                for (line_id, sku), units in sorted(Counter(contents).items())
            ),
            weight_grams=grams,
            volume_mm3=mm3,
            billable_grams=max(grams, volumetric_grams(lane, mm3), lane.min_billable_grams),
            distance_meters=lane.distance_meters,
            arrives_at=lane.arrives_at,
            late_minutes=0,
            crosses_province=lane.crosses_province,
            cost_minor={},
            via_source_id=lane.via_source_id,
            offer_id=lane.offer_id,
            stage=self._offers[lane.source_id, lane.offer_id].stage,
        )

    def _in_stock(self, packages: tuple[Package, ...]) -> bool:
        taken: Counter[tuple[tuple[str, str], str]] = Counter()
        for package in packages:
            for packed in package.contents:
                taken[(package.source_id, package.offer_id), packed.sku] += packed.units
        return all(units <= self._offers[key].available.get(sku, 0) for (key, sku), units in taken.items())

    def _plan(self, packages: tuple[Package, ...], filled: Filled) -> Plan:
        lines = zip(self._problem.lines, filled, strict=True)
        return Plan(
            order_id=self._problem.order_id,
            currency=self._problem.currency,
            packages=packages,
            lines=tuple(_answer(line, units, packages) for line, units in lines),
            cost_minor={},
            total_minor=0,
            bound_minor=0,
            engine=Engine.GREEDY,
            stop=Stop.HEURISTIC,
        )

    def _values(self, plan: Plan) -> Values:
        return tuple(self._value(plan, measure) for measure in self._problem.policy.measures)

    def _value(self, plan: Plan, measure: str) -> int:
        problem = self._problem
        finished = Finished.of(problem, plan)
        if measure == COST:
            return sum(
                term.recount_minor(finished).total for term in all_terms() if term.name not in problem.policy.off
            )
        if measure == LATEST_ARRIVAL:
            placed_at = problem.placed_at or datetime(1970, 1, 1, tzinfo=UTC)
            waits = (one.arrives_at - placed_at for one in plan.packages)
            return -(-max(waits, default=timedelta(0)) // timedelta(minutes=1))
        return term_of_measure()[measure].recount_measure(finished).total


def _answer(line: Line, filled: int, packages: tuple[Package, ...]) -> LineAnswer:
    later: Counter[str] = Counter()
    for package in packages:
        for packed in package.contents:
            if packed.line_id == line.line_id and package.stage in (Stage.BACKORDER, Stage.PRE_SALE):
                later[packed.sku] += packed.units
    waiting = max(ceil(later[part.sku] / part.units) for part in line.parts)
    return LineAnswer(
        line_id=line.line_id,
        sku=line.sku,
        ordered_units=line.quantity,
        planned_units=filled - waiting,
        unfilled_units=line.quantity - filled,
        backordered_units=waiting,
    )


def _with_the_first(pieces: tuple[Piece, ...]) -> list[tuple[tuple[Piece, ...], tuple[Piece, ...]]]:
    """Every package that holds the first piece, with what then remains; each distinct one once."""
    first, others = pieces[0], pieces[1:]
    found = {}
    for mask in range(2 ** len(others)):
        inside = tuple(piece for position, piece in enumerate(others) if mask >> position & 1)
        outside = tuple(piece for position, piece in enumerate(others) if not mask >> position & 1)
        found[(first, *inside)] = outside
    return list(found.items())
