"""How calls are carried out by an application in this process."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from solver.app import Application
from solver.errors import LostRace, TooBusy, XunyuanError
from solver.fulfilment.hold_model import HoldWish
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.fulfilment.warehousing.consignments import Sending
from solver.orders.model import Order
from solver.sourcing.policy import DEFAULT_POLICY
from solver.stock.expected.consignment_model import ArrivedUnits, Consignment, SentUnits
from solver.stock.holding.commitment_model import CommitmentRow, ShortPick
from solver.stock.model import Claim, Movement
from solver.storage.errors import StorageFailed
from tests.faults.simulation.calls import OF_A_PLAN, Answer, Call, Row
from tests.made_world import MONDAY_AT_8, order_of

AGAIN = (StorageFailed, TooBusy, LostRace)  # answers that say: repeat it
COMES_TO = ("W-WEST", "POT")  # what consignments bring, and where to
EXPECTED_AT = MONDAY_AT_8 + timedelta(days=2)
PLANNING_SECONDS = 60.0
# A plan that waits for consignments does not say for which.
POLICY = replace(DEFAULT_POLICY, settings={**DEFAULT_POLICY.settings, "allow_in_transit": 0})


def carry_out(application: Application, call: Call) -> Answer | None:
    """Ask the application. None: it says that the call is to be repeated."""
    try:
        told = VERBS[call.verb](application, call)
    except AGAIN:
        return None
    except XunyuanError as error:
        return Answer(call=call, refused=error.reason)
    answer = Answer(call=call)
    if isinstance(told, FulfilmentPlan):
        packed = [(one.source_id, units.sku, units.units) for one in told.plan.packages for units in one.contents]
        return replace(answer, hold_id=OF_A_PLAN + told.plan_id, rows=tuple(packed))
    if isinstance(told, Consignment):
        names = [(one.hold_id or OF_A_PLAN + one.plan_id, one.units) for one in told.broken]
        return replace(answer, broken=tuple(names))
    return answer


def claims_of(call: Call) -> tuple[Claim, ...]:
    """What a hold or a split asks for."""
    site_id, sku = COMES_TO
    return (
        *(Claim(site_id=site, sku=of, units=units) for site, of, units in call.rows),
        *(Claim(site_id=site_id, sku=sku, units=units, consignment_id=name) for name, units in call.coming),
    )


def _hold(application: Application, call: Call) -> Any:
    wish = HoldWish(
        hold_id=call.hold_id, claims=claims_of(call), hold_for=timedelta(minutes=call.minutes), channel=call.channel
    )
    return application.holding.hold(call.request, wish)


def _plan(application: Application, call: Call) -> Any:
    command = PlanCommand(order=order_asked(call), policy=POLICY, hold_for=timedelta(minutes=call.minutes))
    return application.planner.plan(call.request, command, seconds_left=PLANNING_SECONDS)


def order_asked(call: Call) -> Order:
    """What a plan is for."""
    return order_of(*((sku, units) for _, sku, units in call.rows), order_id=call.other_id, channel=call.channel)


def _confirm(application: Application, call: Call) -> Any:
    if call.hold_id.startswith(OF_A_PLAN):
        return application.confirming.confirm(call.request, call.hold_id.removeprefix(OF_A_PLAN))[1]
    return application.holding.confirm(call.request, call.hold_id)


def _release(application: Application, call: Call) -> Any:
    if call.hold_id.startswith(OF_A_PLAN):
        application.confirming.release(call.request, call.hold_id.removeprefix(OF_A_PLAN))
        return None
    return application.holding.release(call.request, call.hold_id)


def _whose(call: Call) -> dict[str, str]:
    plan_id = call.hold_id.removeprefix(OF_A_PLAN)
    return {"hold_id": call.hold_id} if plan_id == call.hold_id else {"plan_id": plan_id}


def _ship(application: Application, call: Call) -> Any:
    rows = [CommitmentRow(site_id=site_id, sku=sku, units=units) for site_id, sku, units in call.rows]
    return application.committing.ship(call.request, rows, **_whose(call))


def _short(application: Application, call: Call) -> Any:
    picks = [
        ShortPick(site_id=site_id, sku=sku, missing_units=units, picked_units=0) for site_id, sku, units in call.rows
    ]
    return application.committing.report_short(call.request, picks, **_whose(call))


def _advise(application: Application, call: Call) -> Any:
    site_id, sku = COMES_TO
    ((_, units),) = call.coming
    lines = (SentUnits(sku=sku, units=units),)
    sending = Sending(consignment_id=call.other_id, site_id=site_id, lines=lines, expected_at=EXPECTED_AT)
    return application.warehouse.consigning.advise(call.request, sending)


def _arrive(application: Application, call: Call) -> Any:
    ((_, units),) = call.coming
    arrived = [ArrivedUnits(sku=COMES_TO[1], units=units)] if units else []
    return application.warehouse.consigning.receive(call.request, call.other_id, arrived, more_to_come=False)


def _movements(rows: Sequence[Row], sign: int) -> list[Movement]:
    return [Movement(site_id=site_id, sku=sku, units=sign * units) for site_id, sku, units in rows]


VERBS: dict[str, Callable[[Application, Call], Any]] = {
    "receive": lambda app, call: app.stockroom.receive(call.request, _movements(call.rows, 1), "po"),
    "lose": lambda app, call: app.stockroom.adjust(call.request, _movements(call.rows, -1), "count"),
    "hold": _hold,
    "extend": lambda app, call: app.holding.extend(call.request, call.hold_id, timedelta(minutes=call.minutes)),
    "split": lambda app, call: app.holding.split(call.request, call.hold_id, call.other_id, claims_of(call)),
    "transfer": lambda app, call: app.holding.transfer(call.request, call.hold_id, call.other_id),
    "plan": _plan,
    "confirm": _confirm,
    "release": _release,
    "ship": _ship,
    "short": _short,
    "cancel": lambda app, call: app.committing.cancel(call.request, (), **_whose(call)),
    "advise": _advise,
    "arrive": _arrive,
}
