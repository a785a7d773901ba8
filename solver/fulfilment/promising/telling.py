"""Decisions told as deliveries: each different plan is priced and judged once, for all options that deliver it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from solver.frozen import changed
from solver.fulfilment.promising.asked_options import AskedOptions
from solver.fulfilment.promising.model import Delivery, OptionPromise, PromiseCommand
from solver.fulfilment.promising.promise import fee_minor
from solver.network.chance import lane_permille
from solver.network.lanes import Lane
from solver.network.transit import joint_permille
from solver.sourcing.check import refusals
from solver.sourcing.plan import Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.promising.answer import Answer
from solver.sourcing.promising.deliveries import Dated, Deliveries
from solver.sourcing.promising.pricing import Pricing
from solver.sourcing.straight import Straight

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True, kw_only=True, eq=False)
class _Planned:
    """A decision's plan with its lanes, which options deliver it, one bit for each, and the first of their dates."""

    plan: Plan
    lanes: tuple[Lane, ...]  # of its packages
    options: int
    by_micros: int


class Telling:
    """Tells deliveries of an order with every lane of theirs; `problem` makes its Problem, which is seldom needed."""

    def __init__(
        self,
        asked: AskedOptions,
        command: PromiseCommand,
        straight: Straight,
        problem: Callable[[], Problem],
        pricing: Pricing,
    ) -> None:
        self._asked, self._command, self._pricing = asked, command, pricing
        self._straight, self._problem = straight, problem
        self._value_minor = sum([line.quantity * line.unit_price_minor for line in straight.lines])
        self._placed_at = command.valid_until
        self._planned: dict[Answer, _Planned] = {}
        self._alike: dict[Dated, dict[str, Any]] = {}  # what a delivery is made of beside its fee and its policy

    def options(self, deliveries: Mapping[int, Deliveries]) -> tuple[OptionPromise, ...]:
        """What each of these options delivers, by its number. Raises BrokenInvariant where the judge finds fault."""
        self._plan(deliveries)
        self._judge()
        return tuple([self._option(number, one) for number, one in deliveries.items()])

    def _plan(self, deliveries: Mapping[int, Deliveries]) -> None:
        planned, pricing = self._planned, self._pricing
        for number, of_option in deliveries.items():
            for one in of_option:
                if one is None:
                    continue
                known = planned.get(one.answer)
                if known is None:
                    plan = pricing.plan(one.answer)
                    lanes = tuple(map(pricing.lane, plan.packages))
                    planned[one.answer] = _Planned(plan=plan, lanes=lanes, options=1 << number, by_micros=one.by_micros)
                else:
                    known.options |= 1 << number
                    known.by_micros = min(known.by_micros, one.by_micros)

    def _judge(self) -> None:
        """Every rule and every cent of every plan, under the policies of all options that deliver it.

        What holds under what these allow together holds under each of them, and what is there by the first of their
        dates is there by each.
        """
        unsure = [one for one in self._planned.values() if not self._is_sound(one)]
        if not unsure:
            return
        problem, joint = self._problem(), self._asked.joint
        promised = [
            (changed(problem, policy=joint(one.options), promised_at=_moment(one.by_micros)), one.plan)
            for one in unsure
        ]
        for refusal in refusals(promised):
            if refusal is not None:
                raise refusal

    def _is_sound(self, planned: _Planned) -> bool:
        """By the judge's short way; False also where he is to look himself."""
        if self._pricing.values_stock:
            return False
        straight, by = self._straight, _moment(planned.by_micros)
        promised = changed(straight, order=changed(straight.order, promised_at=by))
        return self._asked.judge(planned.options).is_sound(promised, planned.plan)

    def _option(self, number: int, deliveries: Deliveries) -> OptionPromise:
        earliest, cheapest = deliveries
        asked = self._asked
        option_id = asked.options[number].option_id
        fee = fee_minor(option_id, self._command.fees, self._value_minor)
        return OptionPromise(
            option_id=option_id,
            earliest=self._delivery(earliest, fee, asked.soonest[number]),
            cheapest=self._delivery(cheapest, fee, asked.preferred[number]),
        )

    def _delivery(self, dated: Dated | None, fee: int, policy: Policy | None) -> Delivery | None:
        if dated is None or policy is None:
            return None
        alike = self._alike.get(dated)
        if alike is None:
            alike = self._alike[dated] = self._told(dated)
        return Delivery(fee_minor=fee, policy=policy, **alike)

    def _told(self, dated: Dated) -> dict[str, Any]:
        planned, promised_at = self._planned[dated.answer], _moment(dated.by_micros)
        plan, lanes, sources = planned.plan, planned.lanes, self._asked.sources
        return {
            "promised_at": promised_at,
            "arrives_at": max([lane.arrives_at for lane in lanes]),
            "on_time_permille": joint_permille(
                [lane_permille(lane, placed_at=self._placed_at, deadline=promised_at) for lane in lanes]
            ),
            "total_minor": plan.total_minor,
            "cost_minor": plan.cost_minor,
            "source_ids": plan.source_ids,
            "source_kinds": tuple(dict.fromkeys([sources[one.source_id].kind for one in plan.packages])),
            "packages": plan.packages,
            "lines": plan.lines,
            "unpromised_units": plan.unfilled_units,
            "proven": True,
        }


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
