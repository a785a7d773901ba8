"""What becomes of standing plans: all that compete decided together, or each on what those before it leave."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from solver.clock import Clock
from solver.errors import DeadlineTooShort
from solver.fulfilment.asking import Asking
from solver.fulfilment.batching.jointly import Jointly
from solver.fulfilment.batching.rooms import Rooms
from solver.fulfilment.question import lines_of, skus_of
from solver.fulfilment.questions import Question
from solver.fulfilment.readiness import Readiness
from solver.fulfilment.replanning.model import ReplanCommand
from solver.fulfilment.replanning.moves import moves_between
from solver.fulfilment.replanning.remains import order_of_rest
from solver.fulfilment.replanning.standing import Standing
from solver.fulfilment.replanning.taken import Taken, own_of, taken_there
from solver.fulfilment.replanning.waits import wait_minutes
from solver.fulfilment.sources import CatalogSource
from solver.orders.model import Order
from solver.sourcing.check import check
from solver.sourcing.explanation import chinese, english
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.solve import decide, solve
from solver.sourcing.terms.change import PRICE, TERM
from solver.stock.rows import Place

_COMMIT_SECONDS = 0.1
_AFTER_SECONDS, _AFTER_PART = 0.01, 0.3  # kept back of a wave's time for each plan, to check and write it; at most
_MOST_ROUNDS = 6  # of plans that turn out to be stuck and keep their stock; then each is decided by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What was decided for a plan, from what; `changes` says whether that takes its place."""

    question: Question
    plan: Plan
    changes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """By plan id; None: the plan is stuck. What the others come to, with the price of change, and cost at least."""

    of: Mapping[str, Fate | None]
    total_minor: int
    bound_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A plan's question on a certain stock, and the best plan for it alone."""

    there: Mapping[Place, int]
    question: Question
    plan: Plan


class _Torn(Exception):
    """What was decided together cannot stand together with what stays."""


@dataclass(slots=True, kw_only=True)
class Deciding:
    """Decides the plans of one request, at one moment."""

    command: ReplanCommand
    clock: Clock
    catalog: CatalogSource
    asking: Asking
    readiness: Readiness
    rooms: Rooms
    ends_at: float
    stopwatch: Callable[[], float] = time.perf_counter
    shortfalls: dict[str, Plan] = field(
        default_factory=dict
    )  # by plan id, of plans that are stuck: the best that fails
    _looks: dict[str, _Look] = field(default_factory=dict)

    def together(self, standing: Sequence[Standing]) -> Fates:
        """All of these, each with a view of what is free and of what all of them have: that may change hands.

        What a plan awaits is its own: such plans are decided one by one, on what the others leave. A plan that could
        only ship less than it has open is stuck: it keeps its stock, and the others are decided without that. Raises
        DeadlineTooShort.
        """
        live, stuck = list(standing), dict[str, Fate | None]()
        for _ in range(_MOST_ROUNDS):
            found, lacking = self._round(live)
            if found is not None:
                return replace(found, of={**found.of, **stuck})
            if not lacking:
                break
            stuck |= dict.fromkeys((one.plan_id for one in lacking), None)
            live = [one for one in live if one.plan_id not in stuck]
        return self.one_by_one(standing)

    def look(self, one: Standing) -> tuple[Question, Plan]:
        """A plan's question on what is free and on what it has itself, and the best plan for it alone."""
        question = self._question(one, one.owned.there)
        return question, self._alone(question)

    def one_by_one(self, standing: Sequence[Standing], *, cautious: bool = False) -> Fates:
        """The oldest first, each on what is free, on its own, and on what those before it gave back.

        `cautious`: what others give back is offered to nobody. The bound is 0.
        """
        of = self._in_turn(standing, Taken(gives_back=not cautious))
        return Fates(of=of, total_minor=_total(of), bound_minor=0)

    def _round(self, live: Sequence[Standing]) -> tuple[Fates | None, list[Standing]]:
        """The fates of these, or None where they do not stand together; and those that would ship too little."""
        everything = own_of(live)
        alone = [self._look(one, everything) for one in live]
        lacking = [one for one, look in zip(live, alone, strict=True) if self._fills_less(one, look.plan)]
        if lacking:
            return None, lacking
        floor = sum(look.plan.bound_minor for look in alone)
        apart, close = [one for one in live if one.awaits], [one for one in live if not one.awaits]
        try:
            of, bound, lacking = self._close(close)
        except _Torn:
            return None, []
        if lacking:
            return None, lacking
        taken = Taken()
        for one in close:
            fate = of[one.plan_id]
            if fate is not None and fate.changes:
                taken.add(one, fate.plan)
        of |= self._in_turn(apart, taken)
        return Fates(of=of, total_minor=_total(of), bound_minor=floor if apart else bound), []

    def _close(self, close: Sequence[Standing]) -> tuple[dict[str, Fate | None], int, list[Standing]]:
        """The fates of those that await nothing, what they cost at least, and who would ship too little."""
        if not close:
            return {}, 0, []
        there = own_of(close)
        looks = [self._look(one, there) for one in close]
        jointly = Jointly(readiness=self.readiness, rooms=self.rooms)
        questions = [look.question for look in looks]

        def left() -> float:
            seconds = self._seconds_left()
            return seconds - min(_AFTER_SECONDS * len(close), _AFTER_PART * max(0.0, seconds))

        wave = jointly.decide(questions, seconds_left=left, alone=[look.plan for look in looks])
        lacking = [one for one, plan in zip(close, wave.plans, strict=True) if self._fills_less(one, plan)]
        fates = [self._fate(*of) for of in zip(close, questions, wave.plans, strict=True)]
        if not lacking and not _stand_together(close, fates):
            raise _Torn
        of: dict[str, Fate | None] = {one.plan_id: fate for one, fate in zip(close, fates, strict=True)}
        return of, wave.bound_minor, lacking

    def _in_turn(self, standing: Sequence[Standing], taken: Taken) -> dict[str, Fate | None]:
        of: dict[str, Fate | None] = {}
        for one in standing:
            question = taken.without_later(self._question(one, taken.view_of(one)))
            plan = self._alone(question)
            fate = None if self._fills_less(one, plan) else self._fate(one, question, plan)
            if fate is not None and fate.changes:
                taken.add(one, plan)
            of[one.plan_id] = fate
        return of

    def _look(self, one: Standing, everything: Mapping[Place, int]) -> _Look:
        """The plan alone when it has all this; known already where nothing of that changed for it."""
        skus = set(skus_of(lines_of(self._order(one), self.catalog.catalog)))
        there = {place: units for place, units in everything.items() if place[1] in skus}
        known = self._looks.get(one.plan_id)
        if known is None or known.there != there:
            question = self._question(one, there)
            known = self._looks[one.plan_id] = _Look(there=there, question=question, plan=self._alone(question))
        return known

    def _order(self, one: Standing) -> Order:
        """The rest of the order, asked now."""
        before = one.order
        order = order_of_rest(before, lines_of(before, self.catalog.catalog), one.remains)
        now = max(self.clock.now(), before.placed_at)
        return replace(order, placed_at=now, destination=self.command.destination or order.destination)

    def _question(self, one: Standing, there: Mapping[Place, int]) -> Question:
        policy = _with_change(one.policy, self.command.change_minor_per_package)
        question = self.asking.question(self._order(one), policy, there, one.owned.awaited)
        lanes = sorted({(package.source_id, package.service_id) for package in one.remains.open})
        return replace(question, standing=tuple(lanes))

    def _alone(self, question: Question) -> Plan:
        """Checked. Why is told in a sentence; the reasons, where something stays unfilled."""
        seconds = min(self._seconds_left(), question.policy.time_limit_ms / 1000)
        if seconds <= 0:
            raise DeadlineTooShort("the deadline came before every plan was looked at; name fewer plans")
        problem = question.problem()
        plan = decide(problem, engine=Engine.EXACT, time_limit_seconds=seconds)
        if plan.unfilled_units:
            plan = solve(problem, time_limit_seconds=seconds)
        else:
            plan = replace(plan, why=english.why(plan), why_zh=chinese.why(plan))
        check(problem, plan)
        return plan

    def _fills_less(self, one: Standing, plan: Plan) -> bool:
        """Whether the plan leaves out more than was lost, which is noted; what is open must go on."""
        shipped = sum(packed.units for package in plan.packages for packed in package.contents)
        is_open = sum(packed.units for package in one.remains.open for packed in package.contents)
        fills_less = shipped < is_open or not plan.packages
        if fills_less:
            self.shortfalls[one.plan_id] = plan
        return fills_less

    def _seconds_left(self) -> float:
        return self.ends_at - self.stopwatch() - _COMMIT_SECONDS

    def _fate(self, one: Standing, question: Question, plan: Plan) -> Fate:
        moves = moves_between(one.remains.open, plan.packages)
        waits = wait_minutes(plan.packages, question.order.placed_at)
        changes = bool(moves) or waits < one.owned.wait_minutes or self.command.destination is not None
        return Fate(question=question, plan=plan, changes=changes)


def _with_change(policy: Policy, price_minor: int | None) -> Policy:
    if price_minor is None:
        return policy
    off = tuple(name for name in policy.off if name != TERM.name)
    return replace(policy, settings={**policy.settings, PRICE.name: price_minor}, off=off)


def _stand_together(close: Sequence[Standing], fates: Sequence[Fate]) -> bool:
    """Whether what changes leaves those that stay what they have; they were decided as if they took it anew."""
    taken: Counter[Place] = Counter()
    for one, fate in zip(close, fates, strict=True):
        taken.update(taken_there(fate.plan) if fate.changes else one.owned.there)
    return all(
        taken[site_id, sku] <= fate.question.available.get(sku, {}).get(site_id, 0)
        for fate in fates
        if fate.changes
        for site_id, sku in taken_there(fate.plan)
    )


def _total(of: Mapping[str, Fate | None]) -> int:
    return sum(fate.plan.total_minor for fate in of.values() if fate is not None)
