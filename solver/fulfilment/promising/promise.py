"""A promise before purchase: the earliest and the cheapest delivery of each option, from the model that plans orders.

Nothing is held. A delivery is the plan of an order that comes at the promise's last moment; one that comes before has
every way to the door no later, and so keeps the date with the same stock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from solver.errors import DeadlineTooShort
from solver.fulfilment.promising.model import (
    ANYTHING,
    Delivery,
    DeliveryFee,
    DeliveryOption,
    OptionPromise,
    Promise,
    PromiseCommand,
)
from solver.fulfilment.promising.policy import hasty, keeping, narrowed, promisable_at
from solver.network.chance import lane_permille
from solver.network.doubts import Remark
from solver.network.lanes import Lane
from solver.network.transit import joint_permille
from solver.sourcing.check import check
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem
from solver.sourcing.promising.first_time import first_time
from solver.sourcing.solve import decide


def promise(problem: Problem, command: PromiseCommand, *, seconds_left: Callable[[], float]) -> Promise:
    """What can be promised for the command's basket; `problem` is the basket's if it is ordered at `valid_until`.

    Raises DeadlineTooShort when `seconds_left()` runs out.
    """
    basket = _Basket(problem=problem, command=command, seconds_left=seconds_left)
    options = tuple(basket.promise(option) for option in command.options or options_of(problem))
    return promise_of(command, options, tuple(zip(problem.notes, problem.notes_zh, strict=True)))


def promise_of(command: PromiseCommand, options: tuple[OptionPromise, ...], remarks: Sequence[Remark]) -> Promise:
    """What is promised by option, put together, with what is to be said of the door."""
    return Promise(
        currency=command.order.currency,
        valid_until=command.valid_until,
        options=options,
        earliest_option_id=_first(options, lambda option: option.earliest, _by_date),
        cheapest_option_id=_first(options, lambda option: option.cheapest, _by_cost),
        notes=tuple(english for english, _ in remarks),
        notes_zh=tuple(chinese for _, chinese in remarks),
    )


def left_to_promise(seconds_left: Callable[[], float]) -> float:
    """How long it may still take. Raises DeadlineTooShort where that is no time."""
    left = seconds_left()
    if left <= 0:
        raise DeadlineTooShort("the deadline passed before every option was promised")
    return left


def options_of(problem: Problem) -> tuple[DeliveryOption, ...]:
    """Anything; then each kind of source and each service that leads to the door."""
    kind_of = {offer.key: offer.kind for offer in problem.offers}
    kinds = sorted({kind_of[lane.source_id, lane.offer_id] for lane in problem.lanes})
    services = sorted({lane.service_id for lane in problem.lanes})
    return (
        DeliveryOption(option_id=ANYTHING),
        *(DeliveryOption(option_id=f"kind:{kind}", only_kinds=(kind,)) for kind in kinds),
        *(DeliveryOption(option_id=f"service:{service}", only_services=(service,)) for service in services),
    )


def fee_minor(option_id: str, fees: Sequence[DeliveryFee], goods_minor: int) -> int:
    """What a customer pays for the option with goods of this value; nothing where no fee is stated."""
    if not fees:
        return 0
    of = {fee.option_id: fee for fee in fees}
    fee = of.get(option_id) or of.get("") or DeliveryFee()
    is_free = fee.free_from_minor is not None and goods_minor >= fee.free_from_minor
    return 0 if is_free else fee.fee_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class _Basket:
    """One basket, and what can be promised for it."""

    problem: Problem
    command: PromiseCommand
    seconds_left: Callable[[], float]

    def promise(self, option: DeliveryOption) -> OptionPromise:
        policy = narrowed(self.problem.policy, option)
        lanes = self._lanes_of(option)
        if policy is None or not lanes:
            return OptionPromise(option_id=option.option_id)
        return OptionPromise(
            option_id=option.option_id,
            earliest=self._earliest(option, hasty(policy), lanes),
            cheapest=self._cheapest(option, policy, lanes),
        )

    def _lanes_of(self, option: DeliveryOption) -> tuple[Lane, ...]:
        """The lanes that the option leaves; the policy says the same, but fewer lanes are sooner decided."""
        kind_of = {offer.key: offer.kind for offer in self.problem.offers}
        return tuple(
            lane
            for lane in self.problem.lanes
            if (not option.only_kinds or kind_of[lane.source_id, lane.offer_id] in option.only_kinds)
            and (not option.only_services or lane.service_id in option.only_services)
            and (not option.only_carriers or lane.carrier_id in option.only_carriers)
        )

    def _cheapest(self, option: DeliveryOption, policy: Policy, lanes: tuple[Lane, ...]) -> Delivery | None:
        """The policy's own plan, promised for when it can be promised."""
        plan = self._decide(replace(self.problem, policy=policy, lanes=lanes))
        promised_at = self._promisable_at(plan, policy)
        if promised_at is None:
            return None
        return self._delivery(option, policy, promised_at, proven=plan.is_proven)

    def _earliest(self, option: DeliveryOption, policy: Policy, lanes: tuple[Lane, ...]) -> Delivery | None:
        """The least of the lanes' times by which as many units can be promised as by any."""
        dated = [(promisable_at(lane, policy), lane) for lane in lanes]
        filling = replace(policy, levels=policy.levels[:1])
        plans: list[Plan] = []

        def decide_until(by: datetime | None) -> Plan:
            some = tuple(lane for at, lane in dated if by is None or at <= by)
            keys = {(lane.source_id, lane.offer_id) for lane in some}
            offers = tuple(offer for offer in self.problem.offers if offer.key in keys)
            plans.append(self._decide(replace(self.problem, policy=filling, offers=offers, lanes=some)))
            return plans[-1]

        best = decide_until(None)
        sure_at = self._promisable_at(best, policy)
        if sure_at is None:
            return None
        earlier = sorted({at for at, _ in dated if at < sure_at})
        fewest = best.unfilled_units
        promised_at = first_time(earlier, lambda by: decide_until(by).unfilled_units <= fewest) or sure_at
        return self._delivery(option, policy, promised_at, proven=all(plan.is_proven for plan in plans))

    def _promisable_at(self, plan: Plan, policy: Policy) -> datetime | None:
        """When all of a plan's packages can be promised; None where there are none."""
        lane_of = {lane.lane_id: lane for lane in self.problem.lanes}
        return max((promisable_at(lane_of[package.lane_id], policy) for package in plan.packages), default=None)

    def _delivery(
        self, option: DeliveryOption, policy: Policy, promised_at: datetime, *, proven: bool
    ) -> Delivery | None:
        """The plan that an order with this promise gets; None where it ships nothing."""
        kept = keeping(policy, self.command.valid_for)
        problem = replace(self.problem, policy=kept, promised_at=promised_at)
        plan = self._decide(problem)
        lane_of = {lane.lane_id: lane for lane in problem.lanes}
        ways = [lane_of[package.lane_id] for package in plan.packages]
        check(replace(problem, lanes=tuple({lane.lane_id: lane for lane in ways}.values())), plan)
        if not plan.packages:
            return None
        kind_of = {offer.key: offer.kind for offer in problem.offers}
        placed_at = self.command.valid_until
        return Delivery(
            promised_at=promised_at,
            arrives_at=max(lane.arrives_at for lane in ways),
            on_time_permille=joint_permille(
                lane_permille(lane, placed_at=placed_at, deadline=promised_at) for lane in ways
            ),
            fee_minor=fee_minor(option.option_id, self.command.fees, problem.value_minor),
            total_minor=plan.total_minor,
            cost_minor=plan.cost_minor,
            source_ids=plan.source_ids,
            source_kinds=tuple(dict.fromkeys(kind_of[lane.source_id, lane.offer_id] for lane in ways)),
            packages=plan.packages,
            lines=plan.lines,
            unpromised_units=plan.unfilled_units,
            proven=proven and plan.is_proven,
            policy=kept,
            relaxed_rules=plan.relaxed_rules,
        )

    def _decide(self, problem: Problem) -> Plan:
        left = left_to_promise(self.seconds_left)
        return decide(problem, engine=Engine.EXACT, time_limit_seconds=min(problem.policy.time_limit_ms / 1000, left))


def _by_date(delivery: Delivery) -> tuple[Any, ...]:
    return (delivery.unpromised_units, delivery.promised_at, delivery.total_minor)


def _by_cost(delivery: Delivery) -> tuple[Any, ...]:
    return (delivery.unpromised_units, delivery.total_minor, delivery.promised_at)


def _first(
    options: Sequence[OptionPromise],
    delivery_of: Callable[[OptionPromise], Delivery | None],
    rank: Callable[[Delivery], tuple[Any, ...]],
) -> str:
    """The option whose delivery ranks first, the first named among equals; empty where there is none."""
    ranked = [
        (rank(delivery), position) for position, option in enumerate(options) if (delivery := delivery_of(option))
    ]
    return options[min(ranked)[1]].option_id if ranked else ""
