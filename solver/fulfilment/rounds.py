"""Plans of orders that come while others are decided: the next round decides and holds all of them in one pass.

Only what is quick takes part: small orders that are decided from a snapshot. Whatever is out of the ordinary leaves its
round, and goes on by itself as if there had been none: a request that was answered before, an order that is not sound
or had a plan before, one that needs all lanes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import prod
from typing import TypeAlias

from solver.errors import InvalidRequest
from solver.fulfilment.asking import Asking
from solver.fulfilment.batching.meeting import Candidate, Meeting, Presence
from solver.fulfilment.decided import decisions_on, planned_briefly_each
from solver.fulfilment.exploding.exploding import Exploding
from solver.fulfilment.gathering import Gathering
from solver.fulfilment.model import PlanCommand, PlanRecord
from solver.fulfilment.plan_keeping import WantedPlan
from solver.fulfilment.question import lines_of, units_of
from solver.fulfilment.questions import Question, Questions
from solver.fulfilment.readiness import Readiness
from solver.fulfilment.records import planned_orders
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.orders.model import Order
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.storage.database import Database
from solver.storage.once import Request
from solver.storage.once_each import OnceEach
from solver.storage.requests import recall_each
from solver.watching.call_notes import CallNotes, notes_of_call

MOST_TOGETHER = 32
MOST_CONTENTS = 1 << 9  # of an order, whose search keeps the others of its round waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A plan that somebody wants before a time of the stopwatch; `plan_id` is what it will have."""

    request: Request
    command: PlanCommand
    plan_id: str
    ends_at: float
    notes: CallNotes | None = field(default_factory=notes_of_call)

    def candidate(self, wanted: WantedPlan) -> Candidate:
        """Who meets others with the plan that it gets alone."""
        return Candidate(
            request=self.request, question=wanted.question, plan=wanted.plan, hold_for=self.command.hold_for
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contending:
    """A plan that is decided and may contend with others: whoever wants it is still `present` at the meeting."""

    wanted: WantedPlan
    present: Presence


Outcome: TypeAlias = PlanRecord | Contending | Exception
"""The plan as it is held, or as it is to meet others, or why it could not be held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A wish that takes part in a round, by its number there; its order wants so many units of each SKU."""

    number: int
    wish: Wish
    order: Order
    policy: Policy
    units: Mapping[str, int]

    def wanted(self, question: Question, plan: Plan, micros: int) -> WantedPlan:
        """What is to be held of it."""
        return WantedPlan(
            plan_id=self.wish.plan_id,
            plan=plan,
            question=question,
            hold_for=self.wish.command.hold_for,
            micros=micros,
        )


class Rounds:
    """Decides and holds plans in rounds. `sound` gives the policy of a command, or raises InvalidRequest."""

    def __init__(
        self,
        *,
        database: Database,
        catalog: CatalogSource,
        network: NetworkSource,
        sound: Callable[[PlanCommand], Policy],
        exploding: Exploding,
        asking: Asking,
        questions: Questions,
        readiness: Readiness,
        meeting: Meeting,
        held_once: OnceEach[WantedPlan, PlanRecord],
        stopwatch: Callable[[], float],
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._network = network
        self._sound = sound
        self._exploding = exploding
        self._asking = asking
        self._questions = questions
        self._readiness = readiness
        self._meeting = meeting
        self._held_once = held_once
        self._stopwatch = stopwatch
        self._gathering = Gathering[Wish, Outcome](self._planned, MOST_TOGETHER)

    def plan(self, wish: Wish) -> Outcome | None:
        """What came of the wish; None where it is to be fulfilled by itself."""
        return self._gathering.run(wish)

    def plan_each(self, wishes: Sequence[Wish]) -> list[Outcome | None]:
        """As `plan` for each of many, whose caller waits once."""
        return self._gathering.run_all(wishes)

    def _planned(self, wishes: Sequence[Wish]) -> Sequence[Outcome | None]:
        """One round: what came of each wish."""
        notes = notes_of_call()
        first_lap = 0 if notes is None else len(notes.laps)
        parts = list(self._parts(wishes))
        found, wanted = self._decided(parts)
        if notes is not None:
            _tell_laps(notes, first_lap, parts)
        made = self._held_once.run_all([(part.wish.request, one) for part, one in wanted])
        found |= {part.number: outcome for (part, _), outcome in zip(wanted, made, strict=True)}
        return [found.get(number) for number in range(len(wishes))]

    def _decided(self, parts: Sequence[_Part]) -> tuple[dict[int, Outcome | None], list[tuple[_Part, WantedPlan]]]:
        """Of the parts that a snapshot decides, those who have to meet others, by their numbers, and what to hold."""
        contending: dict[int, Outcome | None] = {}
        wanted: list[tuple[_Part, WantedPlan]] = []
        present = [self._meeting.attend(part.units) for part in parts]
        try:
            begun = self._stopwatch()
            plans = list(self._plans(parts))
            micros = round((self._stopwatch() - begun) * 1_000_000 / max(1, len(parts)))
            for place, question, plan in plans:
                part, one = parts[place], parts[place].wanted(question, plan, micros)
                if present[place].contends(part.wish.candidate(one)):
                    contending[part.number] = Contending(wanted=one, present=present[place])
                else:
                    wanted.append((part, one))
        except BaseException:
            contending.clear()
            raise
        finally:
            for part, presence in zip(parts, present, strict=True):
                if part.number not in contending:
                    presence.leave()
        return contending, wanted

    def _parts(self, wishes: Sequence[Wish]) -> Iterator[_Part]:
        """Those whose orders are new, sound, small, and ready to be decided quickly."""
        catalog, network = self._catalog.catalog, self._network.network
        asked = {(wish.request.method, wish.request.request_id) for wish in wishes}
        with self._database.read() as reader:
            before = recall_each(reader, asked)
            planned = planned_orders(reader, [wish.command.order.order_id for wish in wishes])
        for number, wish in enumerate(wishes):
            request, order = wish.request, wish.command.order
            if (request.method, request.request_id) in before or order.order_id in planned:
                continue
            with suppress(InvalidRequest):
                policy = self._sound(wish.command)
                order, exploded = self._exploding.exploded(order)
                units = units_of(lines_of(order, catalog))
                is_small = prod(one + 1 for one in units.values()) <= MOST_CONTENTS
                if exploded is None and is_small and self._readiness.is_ready(network, catalog, policy):
                    yield _Part(number=number, wish=wish, order=order, policy=policy, units=units)

    def _plans(self, parts: Sequence[_Part]) -> Iterator[tuple[int, Question, Plan]]:
        """What is decided on each from a snapshot, checked, with its place among the parts."""
        if not parts:
            return
        questions = self._asking.questions([(part.order, part.policy) for part in parts])
        decisions = decisions_on(questions, self._readiness)
        for place, (decision, plan) in enumerate(zip(decisions, planned_briefly_each(decisions), strict=True)):
            if plan is not None:
                self._questions.prepare(decision.question)
                yield place, decision.question, plan


def _tell_laps(notes: CallNotes, first: int, parts: Sequence[_Part]) -> None:
    """What is noted of the call that worked goes for all for which it did."""
    for part in parts:
        theirs = part.wish.notes
        if theirs is not None and theirs is not notes:
            theirs.laps += notes.laps[first:]
