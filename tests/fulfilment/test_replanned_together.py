"""Plans that are changed at once, and want the same units: settled by what it costs, with a bound; nothing is lost."""

from datetime import timedelta

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import StockShort
from solver.fulfilment.batching import jointly
from solver.fulfilment.model import PlanCommand
from solver.fulfilment.replanning.model import ExceptionKind, PlanChange, ReplanCommand, Replanned, ReplanOutcome
from solver.fulfilment.warehousing.consignments import Sending
from solver.network.conditions import CarrierHealth, CarrierState, SourceCondition, SourceStatus
from solver.stock.expected.consignment_model import ArrivedUnits, SentUnits
from solver.stock.holding.commitment_model import CommitmentRow, ShortPick
from solver.stock.layers.channel_model import Channel, Quota
from solver.stock.model import Movement
from solver.storage.once import Request, request_for
from solver.waves.limits import Watch, WaveLimits
from solver.waves.plan import WavePlan
from solver.waves.solve import solve_wave
from solver.waves.solve_orders import Orders, solve_orders
from solver.waves.wave import Wave
from tests.made_world import MONDAY_AT_8, order_of

UNTIL = MONDAY_AT_8 + timedelta(hours=4)


def named(name: str) -> Request:
    return request_for("Test", name, name)


def confirmed(application: Application, order_id: str, teas: int, channel: str = "") -> str:
    """Teas for the east, which the store ships: it has three."""
    order = order_of(("TEA", teas), order_id=order_id, channel=channel)
    plan_id = application.planner.plan(named(order_id), PlanCommand(order=order), seconds_left=30.0).plan_id
    application.confirming.confirm(named(f"confirm {order_id}"), plan_id)
    return plan_id


def adjust(application: Application, site_id: str, units: int) -> None:
    with application.database.write() as tx:
        application.stock.adjust(tx, [Movement(site_id=site_id, sku="TEA", units=units)], "count")


def close(application: Application, source_id: str) -> None:
    closed = SourceStatus(source_id=source_id, state=SourceCondition.CLOSED, expires_at=UNTIL)
    application.reports.report_sources(named(f"close {source_id}"), [closed])


def replan(application: Application, name: str = "replan", **said: object) -> Replanned:
    command = ReplanCommand(**{"change_minor_per_package": 0, **said})  # type: ignore[arg-type]  # fields of the command
    return application.replanner.replan(named(name), command, seconds_left=60.0)


def ways(application: Application, change: PlanChange) -> dict[str, int]:
    plan = application.made_plans.get(change.new_plan_id or change.plan_id).plan
    return {package.source_id: sum(one.units for one in package.contents) for package in plan.packages}


def audited(application: Application) -> None:
    with application.database.read() as reader:
        assert application.journal.audit(reader) == ()
        assert application.stock.audit(reader) == ()


@pytest.fixture
def scarce(application: Application, clock: ManualClock) -> Application:
    """The east warehouse has three teas left, the store as many, each of them promised to one of two orders."""
    adjust(application, "S-EAST", 1)
    confirmed(application, "A", 1)
    clock.advance(timedelta(minutes=1))
    confirmed(application, "B", 3)
    adjust(application, "W-EAST", -7)
    return application


def test_who_saves_most_gets_the_units_that_both_want(scarce: Application) -> None:
    """By turns A, the elder, would have one (9.20) and B three from the far west (14.50); so they cost 1.10 less."""
    close(scarce, "S-EAST")
    replanned = replan(scarce)
    first, second = replanned.changes
    assert (first.order_id, ways(scarce, first), first.after_minor) == ("A", {"W-WEST": 1}, 1200)
    assert (second.order_id, ways(scarce, second), second.after_minor) == ("B", {"W-EAST": 3}, 1060)
    assert replanned.total_minor == 2260
    assert 2110 <= replanned.bound_minor <= 2260
    audited(scarce)


def test_a_wave_leaves_time_to_check_and_write_its_plans(scarce: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 60 s, 0.1 are for the commit, and a hundredth is for each of the two plans."""
    given: list[float | None] = []

    def noted(orders: Orders, *, limits: WaveLimits, watch: Watch) -> tuple[Wave, WavePlan]:
        given.append(limits.time_limit_seconds)
        return solve_orders(orders, limits=limits, watch=watch)

    def noted_wave(wave: Wave, *, limits: WaveLimits, watch: Watch) -> WavePlan:
        given.append(limits.time_limit_seconds)
        return solve_wave(wave, limits=limits, watch=watch)

    monkeypatch.setattr(jointly, "solve_orders", noted)
    monkeypatch.setattr(jointly, "solve_wave", noted_wave)
    monkeypatch.setattr(scarce.replanner, "_stopwatch", lambda: 0.0)
    close(scarce, "S-EAST")
    replan(scarce)
    assert given == [pytest.approx(59.88)]


def test_plans_that_want_nothing_of_each_others_are_proven(application: Application) -> None:
    plan_ids = confirmed(application, "A", 1), confirmed(application, "B", 2)
    close(application, "S-EAST")
    replanned = replan(application, plan_ids=plan_ids)
    assert [ways(application, one) for one in replanned.changes] == [{"W-EAST": 1}, {"W-EAST": 2}]
    assert replanned.bound_minor == replanned.total_minor == 920 + 940


def test_what_one_plan_gives_up_another_takes_in_the_same_change(application: Application) -> None:
    """The warehouse is to send by air alone what it has; the elder plan has its only tea and may go by the store."""
    adjust(application, "S-EAST", -3)
    adjust(application, "W-EAST", -9)
    elder = confirmed(application, "A", 1)
    adjust(application, "S-EAST", 1)
    younger = confirmed(application, "B", 1)
    down = CarrierHealth(service_id="ground", state=CarrierState.CONGESTED, extra_transit_minutes=60, expires_at=UNTIL)
    application.reports.report_carriers(named("congested"), [down])
    before = [ways(application, PlanChange(order_id="", plan_id=one, outcome=ReplanOutcome.STAYED))
              for one in (elder, younger)]  # fmt: skip
    assert before == [{"W-EAST": 1}, {"S-EAST": 1}]
    replanned = replan(application)
    assert sorted(next(iter(ways(application, one))) for one in replanned.changes) == ["S-EAST", "W-EAST"]
    assert replanned.bound_minor == replanned.total_minor
    audited(application)


def test_a_plan_that_cannot_go_keeps_its_units_and_nobody_else_gets_them(scarce: Application) -> None:
    close(scarce, "S-EAST")
    close(scarce, "W-WEST")
    replanned = replan(scarce)
    assert sorted(one.outcome for one in replanned.changes) == [ReplanOutcome.CHANGED, ReplanOutcome.STUCK]
    (changed,) = (one for one in replanned.changes if one.outcome is ReplanOutcome.CHANGED)
    assert set(ways(scarce, changed)) == {"W-EAST"}
    audited(scarce)


def test_units_that_belong_to_one_channel_do_not_pass_to_another(application: Application) -> None:
    """Whatever is decided together can be held: else each is decided by itself, on nothing that others give back."""
    adjust(application, "S-EAST", 9)
    application.channels.set_channels(named("c"), [Channel(channel_id="TMALL"), Channel(channel_id="JD")])
    quotas = [Quota(channel_id=one, sku="TEA", exclusive_units=units) for one, units in (("TMALL", 40), ("JD", 20))]
    application.channels.set_quotas(named("q"), quotas)
    plan_ids = [confirmed(application, f"{channel}-{number}", 2, channel)
                for number in range(3) for channel in ("TMALL", "JD")]  # fmt: skip
    close(application, "S-EAST")
    replanned = replan(application, plan_ids=tuple(plan_ids))
    assert {one.outcome for one in replanned.changes} <= {ReplanOutcome.CHANGED, ReplanOutcome.STAYED}
    audited(application)


def test_where_they_cannot_be_held_together_they_are_decided_by_turns_and_nothing_is_proven(
    scarce: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(scarce, "S-EAST")
    take, refused = scarce.stock.hold, 2

    def hold(*given: object) -> object:
        nonlocal refused
        if refused:
            refused -= 1
            raise StockShort("somebody else came")
        return take(*given)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(scarce.stock, "hold", hold)
    replanned = replan(scarce)
    assert (replanned.total_minor, replanned.bound_minor) == (2370, 0)
    assert [ways(scarce, one) for one in replanned.changes] == [{"W-EAST": 1}, {"W-WEST": 3}]
    audited(scarce)


def test_units_that_were_lost_stand_in_the_queue_until_they_are_planned_anew(application: Application) -> None:
    plan_id = confirmed(application, "A", 3)
    assert application.replanner.exceptions() == []
    short = ShortPick(site_id="S-EAST", sku="TEA", missing_units=2)
    application.committing.report_short(named("short"), [short], plan_id=plan_id)
    (waiting,) = application.replanner.exceptions()
    assert (waiting.plan_id, waiting.order_id, waiting.kind) == (plan_id, "A", ExceptionKind.UNITS_LOST)
    assert waiting.subject_id == "TEA"
    assert waiting.why == "2 of TEA were short, refused or never came: plan the order anew, or tell its customer"
    assert waiting.why_zh == "TEA 2 件缺货、被拒或未到：请改派，或通知客户"
    (change,) = replan(application).changes
    assert (change.plan_id, change.outcome) == (plan_id, ReplanOutcome.CHANGED)
    assert application.replanner.exceptions() == []
    audited(application)


def test_so_do_plans_that_a_site_refused_wholly_and_consignments_that_did_not_come(application: Application) -> None:
    refused = confirmed(application, "A", 1)
    application.committing.reject(named("no"), plan_id=refused)
    coming = Sending(
        consignment_id="C-1",
        site_id="W-EAST",
        lines=(SentUnits(sku="RARE", units=4),),
        expected_at=MONDAY_AT_8 + timedelta(hours=2),
    )
    application.warehouse.consigning.advise(named("advise"), coming)
    order = order_of(("RARE", 3), order_id="B")
    awaiting = application.planner.plan(named("B"), PlanCommand(order=order), seconds_left=30.0).plan_id
    arrived = [ArrivedUnits(sku="RARE", units=1)]
    application.warehouse.consigning.receive(named("come"), "C-1", arrived, more_to_come=False)
    lacking = {(one.plan_id, one.subject_id, one.kind) for one in application.replanner.exceptions()}
    assert lacking == {(refused, "TEA", ExceptionKind.UNITS_LOST), (awaiting, "RARE", ExceptionKind.UNITS_LOST)}
    application.confirming.release(named("release"), awaiting)
    assert [one.plan_id for one in application.replanner.exceptions()] == [refused]


def test_who_cancels_the_rest_wants_what_was_lost_no_more(application: Application) -> None:
    plan_id = confirmed(application, "A", 3)
    short = ShortPick(site_id="S-EAST", sku="TEA", missing_units=1, picked_units=0)
    application.committing.report_short(named("short"), [short], plan_id=plan_id)
    application.committing.cancel(named("one"), [CommitmentRow(site_id="S-EAST", sku="TEA", units=1)], plan_id=plan_id)
    assert [one.kind for one in application.replanner.exceptions()] == [ExceptionKind.UNITS_LOST]
    application.committing.cancel(named("all"), plan_id=plan_id)
    assert application.replanner.exceptions() == []
    assert replan(application).changes == ()
