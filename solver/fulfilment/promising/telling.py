"""Decisions told as deliveries: each different plan is priced and judged once, for all options that deliver it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from solver.fulfilment.promising.asked_options import AskedOptions
from solver.fulfilment.promising.model import Delivery, OptionPromise, PromiseCommand
from solver.fulfilment.promising.promise import fee_minor
from solver.network.chance import lane_permille
from solver.network.transit import joint_permille
from solver.sourcing.check import check
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.promising.answer import Answer
from solver.sourcing.promising.deliveries import Dated, Deliveries
from solver.sourcing.promising.pricing import Pricing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Telling:
    """Tells deliveries on a problem that has every source of theirs."""

    def __init__(self, asked: AskedOptions, command: PromiseCommand, problem: Problem, pricing: Pricing) -> None:
        self._asked, self._command, self._problem, self._pricing = asked, command, problem, pricing
        self._value_minor = problem.value_minor
        self._plans: dict[Answer, Plan] = {}
        self._told: dict[Dated, Delivery] = {}

    def options(self, deliveries: Mapping[int, Deliveries]) -> tuple[OptionPromise, ...]:
        """What each of these options delivers, by its number. Raises BrokenInvariant where the judge finds fault."""
        self._judge(deliveries)
        return tuple(self._option(number, one) for number, one in deliveries.items())

    def _judge(self, deliveries: Mapping[int, Deliveries]) -> None:
        """Every rule and every cent of every plan, under the policies of all options that deliver it.

        What holds under what these allow together holds under each of them, and what is there by the first of their
        dates is there by each.
        """
        kept: dict[Answer, tuple[set[int], int]] = {}
        for number, of_option in deliveries.items():
            for one in of_option:
                if one is not None:
                    numbers, by_micros = kept.get(one.answer, (set(), one.by_micros))
                    kept[one.answer] = {*numbers, number}, min(by_micros, one.by_micros)
        for answer, (numbers, by_micros) in kept.items():
            plan = self._plans[answer] = self._pricing.plan(answer)
            lanes = {lane.lane_id: lane for lane in map(self._pricing.lane, plan.packages)}
            policy = self._asked.joint(frozenset(numbers))
            promised = replace(
                self._problem, policy=policy, promised_at=_moment(by_micros), lanes=tuple(lanes.values())
            )
            check(promised, plan)

    def _option(self, number: int, deliveries: Deliveries) -> OptionPromise:
        earliest, cheapest = deliveries
        return OptionPromise(
            option_id=self._asked.options[number].option_id,
            earliest=self._delivery(number, earliest, self._asked.soonest[number]),
            cheapest=self._delivery(number, cheapest, self._asked.preferred[number]),
        )

    def _delivery(self, number: int, dated: Dated | None, policy: Policy | None) -> Delivery | None:
        if dated is None or policy is None:
            return None
        told = self._told.get(dated)
        if told is None:
            told = self._told[dated] = self._made(dated, policy)
        fee = fee_minor(self._asked.options[number].option_id, self._command.fees, self._value_minor)
        if told.policy is policy and told.fee_minor == fee:
            return told
        return replace(told, policy=policy, fee_minor=fee)

    def _made(self, dated: Dated, policy: Policy) -> Delivery:
        plan, promised_at = self._plans[dated.answer], _moment(dated.by_micros)
        lanes = [self._pricing.lane(package) for package in plan.packages]
        placed_at = self._command.valid_until
        return Delivery(
            promised_at=promised_at,
            arrives_at=max(lane.arrives_at for lane in lanes),
            on_time_permille=joint_permille(
                lane_permille(lane, placed_at=placed_at, deadline=promised_at) for lane in lanes
            ),
            fee_minor=0,
            total_minor=plan.total_minor,
            cost_minor=plan.cost_minor,
            source_ids=plan.source_ids,
            source_kinds=tuple(dict.fromkeys(self._pricing.kind(package) for package in plan.packages)),
            packages=plan.packages,
            lines=plan.lines,
            unpromised_units=plan.unfilled_units,
            proven=True,
            policy=policy,
        )


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
