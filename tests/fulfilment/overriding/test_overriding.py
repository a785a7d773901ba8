"""What a person decides is checked, costed, held and booked like any other plan, and says that a person decided it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import InvalidRequest, NotFound, StateConflict
from solver.fulfilment.model import FulfilmentPlan, PlanCommand, PlanState
from solver.fulfilment.overriding.model import OverrideCommand, StatedPackage
from solver.fulfilment.overriding.rules_kept import PHYSICAL
from solver.fulfilment.plan_events.model import PlanAudience, PlanEventKind
from solver.fulfilment.replanning.model import Move
from solver.sourcing.dimensions import all_rules
from solver.sourcing.plan import Engine, PackedUnits
from solver.sourcing.policy import Policy
from solver.stock.holding.commitment_model import CommitmentRow
from solver.storage.once import Request, request_for
from tests.begun import begun
from tests.made_world import MONDAY_AT_8, made_world, order_of

_numbers = count(1)
NEAR_ONLY = Policy(max_distance_meters=50_000)


@pytest.fixture
def application(store_url: str) -> Iterator[Application]:
    with begun(store_url, made_world(), ManualClock(MONDAY_AT_8)) as application:
        yield application


def asked(method: str) -> Request:
    return request_for(method, f"{method} {next(_numbers)}")


def planned(application: Application, units: int = 2, policy: Policy | None = None) -> FulfilmentPlan:
    command = PlanCommand(order=order_of(("TEA", units)), policy=policy)
    return application.planner.plan(asked("PlanFulfillment"), command, seconds_left=10)


def tea(source_id: str, units: int, service_id: str = "ground", **changes: object) -> StatedPackage:
    packed = PackedUnits(line_id="1", sku="TEA", units=units)
    package = StatedPackage(source_id=source_id, service_id=service_id, contents=(packed,))
    return replace(package, **changes)  # type: ignore[arg-type]  # by name


def command_of(plan: FulfilmentPlan, *packages: StatedPackage, **changes: object) -> OverrideCommand:
    command = OverrideCommand(plan_id=plan.plan_id, packages=packages, reason="the store closes early today")
    return replace(command, **changes)  # type: ignore[arg-type]  # by name


def overridden(application: Application, command: OverrideCommand) -> FulfilmentPlan:
    return application.overriding.override(asked("OverridePlan"), command, by="mei", seconds_left=10)


def held(application: Application, site_id: str) -> int:
    with application.database.read() as reader:
        levels = application.stock.levels(reader, skus=["TEA"], site_ids=[site_id])
    return sum(one.held for one in levels)


def test_a_person_ships_from_elsewhere_and_the_plan_says_what_that_costs(application: Application) -> None:
    best = planned(application)
    [before] = best.plan.packages
    [elsewhere] = {"W-EAST", "S-EAST"} - {before.source_id}
    plan = overridden(application, command_of(best, tea(elsewhere, 2)))
    assert (plan.state, plan.plan.engine, plan.plan.source_ids) == (PlanState.HELD, Engine.MANUAL, (elsewhere,))
    assert plan.replaces_plan_id == best.plan_id
    override = plan.override
    assert override is not None
    assert (override.by, override.reason, override.at) == ("mei", "the store closes early today", MONDAY_AT_8)
    assert (override.best_minor, override.rules) == (best.plan.total_minor, ())
    assert override.extra_minor == plan.plan.total_minor - best.plan.total_minor > 0
    assert override.moves == (
        Move(
            line_id="1",
            sku="TEA",
            units=2,
            from_source_id=before.source_id,
            from_service_id=before.service_id,
            to_source_id=elsewhere,
            to_service_id="ground",
        ),
    )
    assert "Decided by mei: the store closes early today." in plan.plan.why
    assert "mei" in plan.plan.why_zh
    assert (held(application, before.source_id), held(application, elsewhere)) == (0, 2)
    assert application.made_plans.get(best.plan_id).state is PlanState.RELEASED
    [event] = application.plan_events.page(PlanAudience(), 0).events
    assert (event.kind, event.plan_id, event.new_plan_id) == (PlanEventKind.OVERRIDDEN, best.plan_id, plan.plan_id)
    assert event.reason == "the store closes early today"


def test_the_override_of_a_confirmed_plan_is_booked_in_its_place(application: Application) -> None:
    best = planned(application)
    application.confirming.confirm(asked("ConfirmPlan"), best.plan_id)
    [before] = best.plan.packages
    [elsewhere] = {"W-EAST", "S-EAST"} - {before.source_id}
    plan = overridden(application, command_of(best, tea(elsewhere, 2)))
    assert plan.state is PlanState.CONFIRMED
    with application.database.read() as reader:
        assert application.ledger.vouchers(reader, plan.plan_id)
        assert application.journal.audit(reader) == ()
    [row] = application.committing.get(plan_id=plan.plan_id).contents
    assert (row.site_id, row.committed_units) == (elsewhere, 2)


def test_a_plan_by_two_packages_and_one_that_leaves_units_out(application: Application) -> None:
    best = planned(application, 3)
    both = overridden(application, command_of(best, tea("S-EAST", 1), tea("W-EAST", 2)))
    assert sorted(both.plan.source_ids) == ["S-EAST", "W-EAST"]
    assert both.plan.unfilled_units == 0
    fewer = overridden(application, command_of(both, tea("W-EAST", 1)))
    assert (fewer.plan.unfilled_units, held(application, "W-EAST"), held(application, "S-EAST")) == (2, 1, 0)


def test_a_rule_of_the_policy_stands_in_the_way_until_it_is_overridden_by_name(application: Application) -> None:
    best = planned(application, policy=NEAR_ONLY)
    far = command_of(best, tea("W-WEST", 2))
    with pytest.raises(StateConflict) as refused:
        overridden(application, far)
    assert refused.value.reason == "RULES_BROKEN"
    assert list(refused.value.metadata) == ["sources_are_near_enough"]
    assert "name sources_are_near_enough in override_rules" in str(refused.value)
    assert application.made_plans.get(best.plan_id).state is PlanState.HELD
    plan = overridden(application, replace(far, override_rules=("sources_are_near_enough",)))
    assert plan.override is not None
    assert plan.override.rules == ("sources_are_near_enough",)
    assert plan.plan.source_ids == ("W-WEST",)
    explanation = application.made_plans.explain(plan.plan_id, seconds_left=10)
    assert "Decided by mei" in explanation.why


def test_a_rule_that_is_named_and_not_broken_is_not_noted(application: Application) -> None:
    best = planned(application)
    command = command_of(best, tea("W-EAST", 2), override_rules=("sources_are_near_enough",))
    plan = overridden(application, command)
    assert plan.override is not None
    assert plan.override.rules == ()


def test_what_is_physically_impossible_nobody_can_override(application: Application) -> None:
    assert {rule.name for rule in all_rules()} >= PHYSICAL
    best = planned(application)
    command = command_of(best, tea("W-EAST", 2), override_rules=("carriers_accept_the_materials", "sources_are_neer"))
    with pytest.raises(InvalidRequest) as refused:
        overridden(application, command)
    first, second = refused.value.violations
    assert (first.field, "nobody can override" in first.remedy) == ("override_rules[0]", True)
    assert "did you mean" in second.remedy


@pytest.mark.parametrize(
    ("packages", "field", "says"),
    [
        ((tea("NOWHERE", 2),), "packages[0]", "nothing leads from it"),
        ((tea("W-EAST", 2, "pigeon"),), "packages[0]", "from W-EAST to the address go"),
        ((tea("W-EAST", 3),), "packages", "at most 2"),
        ((tea("W-EAST", 0),), "packages[0].contents[0].units", "must lie between"),
        ((tea("W-EAST", 1, contents=()),), "packages[0].contents", "send 1 to"),
        ((), "packages", "send 1 to 20"),
        (
            (tea("W-EAST", 1, contents=(PackedUnits(line_id="9", sku="TEA", units=1),)),),
            "packages[0].contents[0].line_id",
            "name one of 1",
        ),
        (
            (tea("W-EAST", 1, contents=(PackedUnits(line_id="1", sku="CUP", units=1),)),),
            "packages[0].contents[0].sku",
            "the line is of TEA",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place_and_changes_nothing(
    application: Application, packages: tuple[StatedPackage, ...], field: str, says: str
) -> None:
    best = planned(application)
    with pytest.raises(InvalidRequest) as refused:
        overridden(application, command_of(best, *packages))
    assert (refused.value.violations[0].field, says in refused.value.violations[0].remedy) == (field, True)
    assert application.made_plans.get(best.plan_id).state is PlanState.HELD
    assert application.overriding.overrides() == []


def test_more_than_is_there_is_refused_with_what_is_there(application: Application) -> None:
    best = planned(application, 200)
    with pytest.raises(InvalidRequest, match=r"W-WEST has 50 available to this order"):
        overridden(application, command_of(best, tea("W-WEST", 60)))


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "x" * 1001])
def test_a_reason_must_be_given(application: Application, reason: str) -> None:
    best = planned(application)
    with pytest.raises(InvalidRequest, match="say why"):
        overridden(application, command_of(best, tea("W-EAST", 2), reason=reason))


def test_to_validate_only_changes_nothing(application: Application) -> None:
    best = planned(application)
    draft = overridden(application, command_of(best, tea("W-EAST", 2), validate_only=True))
    assert (draft.state, draft.plan_id) == (PlanState.DRAFT, "")
    assert draft.override is not None
    assert application.made_plans.get(best.plan_id).state is PlanState.HELD
    assert application.plan_events.page(PlanAudience(), 0).events == ()


def test_a_repeat_returns_the_plan_made_first(application: Application) -> None:
    best = planned(application)
    named, command = asked("OverridePlan"), command_of(best, tea("W-EAST", 2))
    first = application.overriding.override(named, command, by="mei", seconds_left=10)
    assert application.overriding.override(named, command, by="lin", seconds_left=10) == first
    [one] = application.overriding.overrides()
    assert (one.number, one.plan_id, one.order_id, one.replaces_plan_id) == (1, first.plan_id, "O-1", best.plan_id)
    assert one.override == first.override
    assert application.overriding.overrides(after_number=1) == []


def test_what_has_left_stays_and_the_rest_is_the_persons(application: Application) -> None:
    best = planned(application, 3)
    application.confirming.confirm(asked("ConfirmPlan"), best.plan_id)
    site_id = best.plan.packages[0].source_id
    rows = (CommitmentRow(site_id=site_id, sku="TEA", units=1),)
    application.committing.ship(asked("ShipCommitted"), rows, plan_id=best.plan_id)
    plan = overridden(application, command_of(best, tea("W-EAST", 2)))
    assert plan.plan.source_ids == ("W-EAST",)
    assert [line.ordered_units for line in plan.plan.lines] == [2]
    application.committing.ship(asked("ShipCommitted"), plan_id=plan.plan_id)
    with pytest.raises(StateConflict) as refused:
        overridden(application, command_of(plan, tea("W-EAST", 2)))
    assert refused.value.reason == "PLAN_ENDED"


def test_a_plan_that_is_none_or_has_ended_is_not_overridden(application: Application) -> None:
    best = planned(application)
    with pytest.raises(NotFound):
        overridden(application, command_of(best, tea("W-EAST", 2), plan_id="plan-none"))
    application.confirming.release(asked("ReleasePlan"), best.plan_id)
    with pytest.raises(StateConflict) as refused:
        overridden(application, command_of(best, tea("W-EAST", 2)))
    assert refused.value.reason == "PLAN_ENDED"
