"""Promises worked out by hand: dates, costs, fees, chances, what is held and what the calendar says."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import DeadlineTooShort
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.fulfilment.planner import Planner
from solver.fulfilment.promising.model import Delivery, DeliveryFee, DeliveryOption, Promise, PromiseCommand
from solver.network.calendar import Calendar
from solver.network.model import Service, SourceKind
from solver.network.schedule import Schedule
from solver.network.transit import TransitTimes
from solver.orders.model import Address, Order, OrderLine
from solver.scenario.model import Scenario
from solver.sourcing.policy import LATEST_ARRIVAL, Level, Policy
from solver.storage.once import Request
from tests.begun import begun
from tests.made_world import AIR, EAST_STORE, EAST_WAREHOUSE, GROUND, MONDAY_AT_8, order_of
from tests.promised_world import RIDE, promised_world

AT_ONCE = timedelta(0)
TWO_TEAS = order_of(("TEA", 2))
_ids = count()


def opened(folder: Path, scenario: Scenario) -> AbstractContextManager[Application]:
    return begun(folder, scenario, ManualClock(MONDAY_AT_8))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Application]:
    with opened(tmp_path / "town", promised_world()) as application:
        yield application


def promise(application: Application, order: Order = TWO_TEAS, **changes: Any) -> Promise:
    command = PromiseCommand(**{"order": order, "valid_for": AT_ONCE, **changes})
    return application.planner.promise(command, seconds_left=300.0)


def plan(application: Application, order: Order, **changes: Any) -> FulfilmentPlan:
    request = Request(method="PlanFulfillment", request_id=f"p{next(_ids)}", body_digest=b"")
    return application.planner.plan(request, PlanCommand(order=order, **changes), seconds_left=300.0)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026, UTC; the 2nd is a Monday."""
    return MONDAY_AT_8.replace(day=day, hour=hour, minute=minute)


def brief(delivery: Delivery | None) -> tuple[datetime, int, tuple[str, ...]]:
    """When, at what cost, and by which sources and services."""
    assert delivery is not None
    ways = tuple(f"{package.source_id} {package.service_id}" for package in delivery.packages)
    return delivery.promised_at, delivery.total_minor, ways


def of_option(promised: Promise, option_id: str) -> tuple[Delivery | None, Delivery | None]:
    [option] = [one for one in promised.options if one.option_id == option_id]
    return option.earliest, option.cheapest


def test_every_option_has_its_earliest_and_its_cheapest_delivery(town: Application) -> None:
    promised = promise(town)
    found = {one.option_id: (brief(one.earliest), brief(one.cheapest)) for one in promised.options}
    ride, air = (at(2, 10), 1570, ("S-EAST ride",)), (at(2, 14), 3140, ("W-EAST air",))
    store, warehouse = (at(2, 18, 30), 870, ("S-EAST ground",)), (at(2, 19), 940, ("W-EAST ground",))
    assert found == {
        "any": (ride, store),
        "kind:store": (ride, store),
        "kind:warehouse": (air, warehouse),
        "service:air": (air, air),
        "service:ground": (store, store),
        "service:ride": (ride, ride),
    }
    assert (promised.earliest_option_id, promised.cheapest_option_id) == ("any", "any")
    assert (promised.currency, promised.valid_until, promised.notes) == ("CNY", MONDAY_AT_8, ())


def test_a_delivery_tells_everything_about_the_plan_behind_it(town: Application) -> None:
    earliest, _ = of_option(promise(town), "any")
    assert earliest is not None
    assert (earliest.arrives_at, earliest.unpromised_units, earliest.proven) == (at(2, 10), 0, True)
    assert (earliest.source_ids, earliest.source_kinds) == (("S-EAST",), (SourceKind.STORE,))
    assert {term: minor for term, minor in earliest.cost_minor.items() if minor} == {"freight": 1500, "handling": 70}
    assert [(line.line_id, line.planned_units, line.unfilled_units) for line in earliest.lines] == [("1", 2, 0)]
    assert (earliest.policy.settings, earliest.policy.levels) == (
        {"arrive_by_promise": 1},
        (Level(measure="unfilled_units"),),
    )


def test_the_options_asked_for_are_answered_in_their_sequence(town: Application) -> None:
    options = (
        DeliveryOption(option_id="slow", only_services=("ground",), only_kinds=(SourceKind.WAREHOUSE,)),
        DeliveryOption(option_id="planes", only_carriers=("plane-co",)),
        DeliveryOption(option_id="planes from stores", only_carriers=("plane-co",), only_kinds=(SourceKind.STORE,)),
    )
    slow, planes, none = promise(town, options=options).options
    assert (slow.option_id, brief(slow.earliest)) == ("slow", (at(2, 19), 940, ("W-EAST ground",)))
    assert (planes.option_id, brief(planes.cheapest)) == ("planes", (at(2, 14), 3140, ("W-EAST air",)))
    assert (none.option_id, none.earliest, none.cheapest) == ("planes from stores", None, None)


def test_the_first_options_are_those_that_promise_most_units(town: Application) -> None:
    """Five cups: the store has one, the warehouse four; an option for each alone is behind that for both."""
    options = (
        DeliveryOption(option_id="store", only_kinds=(SourceKind.STORE,)),
        DeliveryOption(option_id="both", only_services=("ground",)),
    )
    promised = promise(town, order_of(("CUP", 5)), options=options)
    assert (promised.earliest_option_id, promised.cheapest_option_id) == ("both", "both")
    store, _ = of_option(promised, "store")
    assert store is not None
    assert (store.unpromised_units, store.promised_at) == (4, at(2, 10))


def test_where_nothing_can_be_promised_no_date_is_given(town: Application) -> None:
    promised = promise(town, order_of(("RARE", 1)))
    assert [(one.option_id, one.earliest, one.cheapest) for one in promised.options] == [("any", None, None)]
    assert (promised.earliest_option_id, promised.cheapest_option_id) == ("", "")


@pytest.mark.parametrize(
    ("price_minor", "fees_minor"),
    [(4999, {"service:ride": 1200, "service:air": 500}), (5000, {"service:ride": 1200, "service:air": 0})],
)
def test_a_fee_is_the_options_own_or_that_of_all_others_and_falls_away_from_its_threshold(
    town: Application, price_minor: int, fees_minor: dict[str, int]
) -> None:
    line = OrderLine(line_id="1", sku="TEA", quantity=2, unit_price_minor=price_minor)
    fees = (
        DeliveryFee(option_id="service:ride", fee_minor=1200),
        DeliveryFee(fee_minor=500, free_from_minor=10_000),
    )
    promised = promise(town, replace(TWO_TEAS, lines=(line,)), fees=fees)
    for option_id, fee_minor in fees_minor.items():
        deliveries = of_option(promised, option_id)
        assert [one.fee_minor for one in deliveries if one] == [fee_minor, fee_minor]


def test_without_fees_delivery_costs_the_customer_nothing(town: Application) -> None:
    assert {one.cheapest.fee_minor for one in promise(town).options if one.cheapest} == {0}


def test_units_that_others_hold_are_not_promised_until_they_are_given_back(town: Application) -> None:
    """Two of the store's three teas are held: one is left there, so that both come from the warehouse."""
    other = plan(town, order_of(("TEA", 2), order_id="other"))
    earliest, cheapest = of_option(promise(town), "any")
    assert brief(earliest) == (at(2, 14), 3140, ("W-EAST air",))
    assert brief(cheapest) == (at(2, 19), 940, ("W-EAST ground",))
    ride, _ = of_option(promise(town), "service:ride")
    assert ride is not None
    assert (ride.promised_at, ride.unpromised_units) == (at(2, 10), 1)

    town.confirming.release(Request(method="ReleasePlan", request_id="back", body_digest=b""), other.plan_id)
    assert brief(of_option(promise(town), "any")[0]) == (at(2, 10), 1570, ("S-EAST ride",))


def test_units_of_a_hold_that_expired_are_promised(town: Application) -> None:
    clock = town.clock
    assert isinstance(clock, ManualClock)
    plan(town, order_of(("TEA", 2), order_id="other"), hold_for=timedelta(minutes=5))
    clock.advance(timedelta(minutes=5))
    assert brief(of_option(promise(town), "any")[0]) == (at(2, 10), 1570, ("S-EAST ride",))


@pytest.mark.parametrize(
    ("valid_for", "promised_at"), [(AT_ONCE, at(2, 14)), (timedelta(minutes=1), at(3, 6))]
)  # air after 60 minutes of work: from 8:00, or once the cut-off at 8:00 has passed, from Tuesday at 0:00
def test_a_promise_that_is_still_good_after_the_cut_off_counts_from_the_next_day(
    tmp_path: Path, valid_for: timedelta, promised_at: datetime
) -> None:
    warehouse = replace(EAST_WAREHOUSE, cut_off_minute=8 * 60)
    with opened(tmp_path / "cut", promised_world(sources=(warehouse, EAST_STORE))) as application:
        earliest, _ = of_option(promise(application, valid_for=valid_for), "kind:warehouse")
    assert earliest is not None
    assert earliest.promised_at == promised_at


def test_holidays_of_source_and_carrier_move_the_promise(tmp_path: Path) -> None:
    """The warehouse rests until Wednesday; the carrier does not deliver on Wednesday."""
    calendars = (
        Calendar(calendar_id="rest", closed_days=(date(2026, 3, 2), date(2026, 3, 3))),
        Calendar(calendar_id="festival", closed_days=(date(2026, 3, 4),)),
    )
    world = promised_world(
        calendars=calendars,
        sources=(replace(EAST_WAREHOUSE, calendar_id="rest"), EAST_STORE),
        services=(replace(GROUND, schedule=Schedule(calendar_id="festival")), AIR, RIDE),
    )
    with opened(tmp_path / "rest", world) as application:
        promised = promise(application)
    air, _ = of_option(promised, "service:air")
    assert brief(air)[0] == at(4, 1) + timedelta(hours=5)  # begun on Wednesday at 0:00
    warehouse = DeliveryOption(option_id="w", only_kinds=(SourceKind.WAREHOUSE,), only_services=("ground",))
    with opened(tmp_path / "rest", world) as application:
        [slow] = promise(application, options=(warehouse,)).options
    assert brief(slow.earliest)[0] == at(5, 10)  # picked up on Thursday at the opening, 0:00, then 10 hours


TIMES = TransitTimes(quantiles_minutes=(300, 600, 900), sample_count=50)


def counted(service: Service) -> Service:
    """The service with parcels counted in its nearest zone: half of them take at most 600 minutes."""
    return replace(service, rates=(replace(service.rates[0], transit_times=TIMES), *service.rates[1:]))


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[Application]:
    with opened(tmp_path / "counting", promised_world(services=(counted(GROUND), AIR, RIDE))) as application:
        yield application


def test_the_chance_is_that_of_the_parcels_counted_and_absent_where_nobody_counted(counting: Application) -> None:
    earliest, cheapest = of_option(promise(counting), "any")
    assert cheapest is not None
    assert earliest is not None
    assert (cheapest.promised_at, cheapest.on_time_permille) == (at(2, 18, 30), 500)
    assert (earliest.promised_at, earliest.on_time_permille) == (at(2, 10), None)


def test_the_chance_of_two_packages_is_that_of_both(counting: Application) -> None:
    """Five cups by ground until 19:00: the warehouse's have 600 minutes (500), the store's 630 (550)."""
    [slow] = promise(
        counting, order_of(("CUP", 5)), options=(DeliveryOption(option_id="slow", only_services=("ground",)),)
    ).options
    assert slow.earliest is not None
    assert len(slow.earliest.packages) == 2
    assert (slow.earliest.promised_at, slow.earliest.on_time_permille) == (at(2, 19), 275)


def test_a_chance_that_is_not_known_makes_that_of_all_packages_unknown(counting: Application) -> None:
    """The warehouse's four cups fly, uncounted; the store's fifth is the courier's or, cheaper, by ground in time."""
    option = DeliveryOption(option_id="fast", only_services=("air", "ride"))
    [fast] = promise(counting, order_of(("CUP", 5)), options=(option,)).options
    assert fast.earliest is not None
    assert (fast.earliest.promised_at, fast.earliest.on_time_permille) == (at(2, 14), None)
    assert fast.earliest.source_kinds == (SourceKind.STORE, SourceKind.WAREHOUSE)


def test_where_the_policy_asks_for_a_chance_the_promise_is_as_late_as_it_takes(counting: Application) -> None:
    """Eight of ten parcels take at most 780 minutes: from 8:30 that is 21:30."""
    likely = Policy(settings={"min_on_time_permille": 800})
    [slow] = promise(
        counting, policy=likely, options=(DeliveryOption(option_id="slow", only_services=("ground",)),)
    ).options
    for delivery in (slow.earliest, slow.cheapest):
        assert delivery is not None
        assert (delivery.promised_at, delivery.arrives_at, delivery.on_time_permille) == (
            at(2, 21, 30), at(2, 18, 30), 800,
        )  # fmt: skip


@pytest.mark.parametrize(("minutes", "possible"), [(120, True), (119, False)])
def test_a_limit_from_the_order_to_the_door_counts_from_the_last_moment_to_order_at(
    town: Application, minutes: int, possible: bool
) -> None:
    """The store opens at 2:00. Ordered at 2:05 the courier is there within 120 minutes; ordered at 1:50, within 130."""
    early = replace(TWO_TEAS, placed_at=at(2, 1, 50))
    policy = Policy(settings={"max_minutes_to_door": minutes})
    option = DeliveryOption(option_id="ride", only_services=("ride",))
    [ride] = promise(town, early, policy=policy, options=(option,), valid_for=timedelta(minutes=15)).options
    assert (ride.earliest is not None) == possible
    if ride.earliest is not None:
        assert ride.earliest.promised_at == at(2, 4, 5)
        kept = plan(town, replace(early, promised_at=at(2, 4, 5)), policy=ride.earliest.policy).plan
        assert [package.arrives_at for package in kept.packages] == [at(2, 4)]


def test_a_policy_that_has_the_arrival_among_its_priorities_promises_its_own_plan(town: Application) -> None:
    """Up to nine hours may be given away for money: ground from the store at 18:30 is 8.5 hours after the courier."""
    levels = (Level(measure="unfilled_units"), Level(measure=LATEST_ARRIVAL, tolerance=9 * 60))
    earliest, cheapest = of_option(promise(town, policy=Policy(levels=levels)), "any")
    assert brief(earliest) == (at(2, 10), 1570, ("S-EAST ride",))
    assert brief(cheapest) == (at(2, 18, 30), 870, ("S-EAST ground",))


def test_the_earliest_delivery_ships_also_what_the_policy_would_rather_leave(town: Application) -> None:
    frugal = Policy(unfilled_minor_per_unit=100)
    earliest, cheapest = of_option(promise(town, policy=frugal), "any")
    assert brief(earliest) == (at(2, 10), 1570, ("S-EAST ride",))
    assert cheapest is None


def test_a_policy_that_forbids_an_option_promises_nothing_by_it(town: Application) -> None:
    strict = Policy(words={"blocked_services": ("air",)})
    assert of_option(promise(town, policy=strict), "service:air") == (None, None)
    soft = replace(strict, soft={"services_are_allowed": 100})
    assert brief(of_option(promise(town, policy=soft), "service:air")[0]) == (at(2, 14), 3140, ("W-EAST air",))


def test_an_assumed_coordinate_is_told(town: Application) -> None:
    order = replace(TWO_TEAS, destination=Address(region_id="EAST-CITY"))
    told = promise(town, order)
    assert told.notes == ("the address has no coordinates: the centre of EAST-CITY (East City) stands in",)
    assert told.notes_zh == ("地址没有坐标，以 EAST-CITY (East City) 的中心点代替",)


@pytest.mark.parametrize("seconds_left", [-1.0, 0.0])
def test_without_time_there_is_no_promise(town: Application, seconds_left: float) -> None:
    with pytest.raises(DeadlineTooShort):
        town.planner.promise(PromiseCommand(order=TWO_TEAS), seconds_left=seconds_left)


def test_a_promise_that_is_not_ready_by_the_deadline_is_given_up(town: Application) -> None:
    """Every look at the watch takes a second: the first sets the end, each decision looks once before it begins."""
    readings = count()
    parts = ("database", "clock", "catalog", "network", "policies", "stock")
    planner = Planner(**{name: getattr(town, name) for name in parts}, stopwatch=lambda: float(next(readings)))
    with pytest.raises(DeadlineTooShort):
        planner.promise(PromiseCommand(order=TWO_TEAS), seconds_left=4.0)
    assert next(readings) == 5
