"""What goes over the wire comes back equal; what is absent takes the default; what is wrong is named."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solver.catalog.combinations.model import Item, Node
from solver.errors import BrokenInvariant, InvalidRequest, Violations
from solver.fulfilment.model import DEFAULT_HOLD, FulfilmentPlan, PlanCommand, PlanState
from solver.gen.xunyuan.ledger.v1 import ledger_pb2
from solver.gen.xunyuan.network.v1 import source_pb2, tariff_pb2
from solver.gen.xunyuan.sourcing.v1 import batch_pb2, order_pb2, plan_pb2, sourcing_pb2
from solver.ledger.books.periods import PeriodChange
from solver.ledger.books.rates import Rate
from solver.ledger.invoicing.reading.model import ReadInvoice
from solver.ledger.model import Leg, TrialBalanceRow, Voucher
from solver.network.model import Band, Hours, Source
from solver.orders.model import Address
from solver.sourcing.plan import Engine, Package, Plan, Stop
from solver.sourcing.policy import DEFAULT_POLICY, Policy
from solver.wire.books import change_from_proto, change_to_proto, rate_to_proto, rates_from_proto
from solver.wire.codec import fill_proto, from_proto, to_proto
from solver.wire.ledger import trial_balance_from_proto, voucher_from_proto, voucher_to_proto
from solver.wire.plans import draft_to_proto, plan_from_proto, plan_to_proto, write_plans
from tests.made_world import EAST_STORE, order_of
from tests.wire.test_twins import TWINS

MICROSECONDS = st.integers(0, 4_000_000_000_000_000)
SMALL = {  # fields that the wire keeps in 32 bits
    "opens_minute", "closes_minute", "weekdays", "max_packages", "max_sources", "time_limit_ms",
    "pick_up_weekdays", "delivery_weekdays", "pick_up_minutes", "money_decimals", "share_permille", "rank", "tier",
    "shop_tier", "exclusive_permille", "least_cover_days", "lead_days", "demand_days",
    "tickets", "buckets", "late", "oldest_days", "aim_days", "open_tickets", "closed_tickets", "closed_within_aim",
    "most_lines", "number", "rate_basis_points", "attempts", "line", "confidence_permille", "tries", "live_permille",
    "canary_permille",
}  # fmt: skip

SAID = {Rate, PeriodChange}  # a decimal, a month: said by functions of their own


def times() -> st.SearchStrategy[datetime]:
    return MICROSECONDS.map(lambda micros: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros))


def values(hint: Any, *, small: bool) -> st.SearchStrategy[Any]:
    """Any value that a field of this type may have."""
    simple: dict[Any, st.SearchStrategy[Any]] = {
        int: st.integers(-(2**31), 2**31 - 1) if small else st.integers(-(2**63), 2**63 - 1),
        str: st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        bool: st.booleans(),
        float: st.floats(allow_nan=False),
        datetime: times(),
        date: st.dates(),
        timedelta: MICROSECONDS.map(lambda micros: timedelta(microseconds=micros)),
    }
    if hint in simple:
        return simple[hint]
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0], small=small), max_size=2).map(tuple)
    if get_origin(hint) is Mapping:
        key, value = get_args(hint)
        return st.dictionaries(values(key, small=False), values(value, small=False), max_size=3)
    if type(None) in get_args(hint):
        [inner] = [one for one in get_args(hint) if one is not type(None)]
        return st.none() | values(inner, small=small)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    if hint is Node:  # nodes nest in nodes; one level is enough
        return st.builds(Node, units=values(int, small=False), item=st.none() | nouns(Item))
    assert is_dataclass(hint)
    return nouns(hint)  # type: ignore[arg-type]  # a class, not an instance


def nouns(noun: type[Any]) -> st.SearchStrategy[Any]:
    """Any instance of a dataclass, sound or not: the wire carries what it is given."""
    hints = get_type_hints(noun)
    return st.builds(
        noun, **{field.name: values(hints[field.name], small=field.name in SMALL) for field in fields(noun)}
    )


def there_and_back(noun: Any, message_type: type[Any]) -> Any:
    violations = Violations()
    sent = message_type.FromString(to_proto(noun, message_type).SerializeToString())
    back = from_proto(sent, type(noun), "", violations)
    assert violations.found == []
    return back


@pytest.mark.parametrize(
    ("noun", "message"), [one for one in TWINS if one[0] not in SAID], ids=lambda one: one.__name__
)
@settings(max_examples=12)
@given(data=st.data())
def test_a_noun_comes_back_equal(noun: type[Any], message: type[Any], data: st.DataObject) -> None:
    sent = data.draw(nouns(noun))
    assert there_and_back(sent, message) == sent


@settings(max_examples=25)
@given(plan=nouns(Plan), state=st.sampled_from(PlanState), at=times(), micros=st.integers(0, 2**40))
def test_a_plan_comes_back_equal_with_its_gap_beside_it(
    plan: Plan, state: PlanState, at: datetime, micros: int
) -> None:
    assume(-(2**63) <= plan.gap_minor < 2**63)
    standing = FulfilmentPlan(
        plan=plan, state=state, plan_id="plan-1", created_at=at, hold_expires_at=at, decision_micros=micros
    )
    message = plan_to_proto(standing)
    answer = batch_pb2.PlanBatchResponse()
    write_plans([standing, standing], answer.plans)
    assert list(answer.plans) == [message, message]
    assert message.gap_minor == plan.total_minor - plan.bound_minor
    assert plan_from_proto(plan_pb2.Plan.FromString(message.SerializeToString())) == standing
    assert plan_from_proto(draft_to_proto(plan)) == FulfilmentPlan(plan=plan, state=PlanState.DRAFT)


@given(voucher=nouns(Voucher), leg=nouns(Leg), row=nouns(TrialBalanceRow))
@settings(max_examples=12)
def test_vouchers_and_balances_come_back_equal(voucher: Voucher, leg: Leg, row: TrialBalanceRow) -> None:
    message = voucher_to_proto(voucher)
    assert voucher_from_proto(message) == voucher
    assert (message.posted_at.ToDatetime(tzinfo=UTC), len(message.legs)) == (voucher.at, len(voucher.legs))
    assert trial_balance_from_proto(to_proto(row, ledger_pb2.AccountBalance)) == row


def test_rates_and_periods_come_back_equal() -> None:
    rate = Rate(currency="USD", base="CNY", on=date(2026, 3, 2), rate=Decimal("7.12340"))
    assert rates_from_proto([rate_to_proto(rate)]) == (rate,)
    change = PeriodChange(
        entity="CN01", period=202603, is_closed=True, reason="month's end", at=datetime(2026, 4, 1, 12, tzinfo=UTC)
    )
    assert change_from_proto(change_to_proto(change)) == change


def test_a_command_comes_back_equal() -> None:
    command = PlanCommand(
        order=order_of(("TEA", 2)), policy=Policy(split_minor=0), hold_for=timedelta(seconds=1.5), validate_only=True
    )
    assert there_and_back(command, sourcing_pb2.PlanFulfillmentRequest) == command


def read(message: Any, noun: type[Any]) -> tuple[Any, dict[str, str]]:
    violations = Violations()
    value = from_proto(message, noun, "it", violations)
    return value, {violation.field: f"{violation.value}: {violation.remedy}" for violation in violations.found}


def test_an_empty_policy_is_the_default_and_explicit_zeros_are_zeros() -> None:
    assert read(order_pb2.Policy(), Policy) == (DEFAULT_POLICY, {})
    every: dict[str, Any] = {field.name: 0 for field in fields(Policy) if field.type is int}
    assert len(every) == 9
    assert read(order_pb2.Policy(**every), Policy) == (Policy(**every), {})


def test_lists_of_words_cross_by_name_also_an_empty_one() -> None:
    policy = Policy(words={"only_kinds": ("store", "dealer"), "blocked_sources": ()}, relax={"b": 2, "a": 1})
    message = to_proto(policy, order_pb2.Policy)
    assert list(message.words["only_kinds"].words) == ["store", "dealer"]
    back, wrong = read(order_pb2.Policy.FromString(message.SerializeToString()), Policy)
    assert (back, wrong) == (policy, {})
    assert (list(back.words), list(back.relax)) == (["blocked_sources", "only_kinds"], ["a", "b"])


def test_absent_messages_take_the_default() -> None:
    request = sourcing_pb2.PlanFulfillmentRequest(order=to_proto(order_of(("TEA", 1)), order_pb2.Order))
    command, wrong = read(request, PlanCommand)
    assert wrong == {}
    assert command == PlanCommand(order=order_of(("TEA", 1)))
    assert (command.policy, command.hold_for) == (None, DEFAULT_HOLD)
    source, _ = read(source_pb2.Source(source_id="s", kind=source_pb2.SOURCE_KIND_STORE), Source)
    assert (source.time_zone, source.hours) == ("UTC", Hours())


def test_an_optional_number_that_is_absent_is_not_zero() -> None:
    assert read(order_pb2.Address(region_id="r"), Address) == (Address(region_id="r"), {})
    assert read(order_pb2.Address(latitude=0.0, longitude=0.0), Address)[0].latitude == 0.0
    assert read(tariff_pb2.Band(), Band)[0] == Band(up_to_grams=None, base_minor=0, step_grams=1000)
    assert read(tariff_pb2.Band(up_to_grams=0, step_grams=0), Band)[0] == Band(
        up_to_grams=0, base_minor=0, step_grams=0
    )


def test_what_has_no_default_must_be_given() -> None:
    assert read(order_pb2.Order(), type(order_of()))[1] == {
        "it.placed_at": "'missing': give a value",
        "it.destination": "'missing': give a value",
    }
    assert read(source_pb2.Source(), Source)[1] == {"it.kind": "'missing': give a value"}


def test_a_field_of_the_noun_that_the_wire_does_not_know_stays_behind() -> None:
    message = to_proto(EAST_STORE, tariff_pb2.Carrier)
    assert message == tariff_pb2.Carrier(name="East Store")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ({"placed_at": datetime(2026, 3, 2)}, "2026-03-02T00:00:00 has no time zone: give it one"),  # noqa: DTZ001
        ({"placed_at": "2026-03-02T00:00:00Z"}, "give a datetime with a time zone, such as datetime.now(UTC)"),
        ({"currency": 7}, "give a text"),
        ({"destination": "Shanghai"}, "give it as Address"),
        ({"lines": 7}, "'int' object is not iterable"),
    ],
)
def test_what_a_message_cannot_hold_is_told_by_its_field_with_what_to_give(spoil: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^the Order is not valid: ") as refused:
        to_proto(replace(order_of(("TEA", 1)), **spoil), order_pb2.Order)
    [violation] = refused.value.violations
    assert [violation.field] == list(spoil)
    assert violation.remedy.startswith(told)


def test_what_a_message_within_cannot_hold_is_told_by_its_own_field() -> None:
    order = order_of(("TEA", 1), ("GIFT", 2))
    spoilt = replace(order, lines=(order.lines[0], replace(order.lines[1], quantity=2**63)))
    with pytest.raises(InvalidRequest, match=r"^the Order is not valid: ") as refused:
        to_proto(spoilt, order_pb2.Order)
    [violation] = refused.value.violations
    assert violation.field == "lines[1].quantity"
    assert violation.remedy == "give a whole number of at most 64 bits"


@pytest.mark.parametrize("no_number", [True, False])
def test_true_and_false_are_sent_as_no_number(no_number: bool) -> None:
    """Protobuf would take them for 1 and 0."""
    order = order_of(("TEA", 1))
    spoilt = {
        "lines[0].tax_minor": replace(order, lines=(replace(order.lines[0], tax_minor=True),)),
        "destination.latitude": replace(order, destination=replace(order.destination, latitude=no_number)),
    }
    for field, one in spoilt.items():
        with pytest.raises(InvalidRequest) as refused:
            to_proto(one, order_pb2.Order)
        assert [found.field for found in refused.value.violations] == [field]


def test_what_is_written_into_a_message_joins_what_stands_there() -> None:
    order = order_of(("TEA", 1))
    message = to_proto(order, order_pb2.Order)
    fill_proto(replace(order, order_id="other", lines=order_of(("GIFT", 2)).lines), message, frozenset({"channel"}))
    assert message.order_id == "other"
    assert [(line.sku, line.quantity) for line in message.lines] == [("TEA", 1), ("GIFT", 2)]


def test_a_noun_that_says_nothing_stands_all_the_same_where_it_may_be_left_out() -> None:
    response = sourcing_pb2.PlanFulfillmentRequest()
    fill_proto(Policy(distance_minor_per_km=0), response.policy, frozenset(one.name for one in fields(Policy)))
    assert response.HasField("policy")
    assert response.policy == type(response.policy)()


def test_a_plan_of_a_later_release_is_told_as_such() -> None:
    message = draft_to_proto(
        Plan(
            order_id="o", currency="CNY", packages=(), lines=(), cost_minor={}, total_minor=0, bound_minor=0,
            engine=Engine.MIP, stop=Stop.OPTIMAL,
        )
    )  # fmt: skip
    for field, number in (("state", 99), ("state", 0), ("engine", 99)):
        later = plan_pb2.Plan()
        later.CopyFrom(message)
        setattr(later, field, number)
        with pytest.raises(BrokenInvariant, match="cannot be read"):
            plan_from_proto(later)


def test_no_default_but_zero_stands_behind_a_field_that_cannot_be_absent() -> None:
    """A field without presence means what it says, so that another default there could never be asked for."""
    hidden = {
        (noun, field.name)
        for noun, message in TWINS
        for field in fields(noun)
        for wire in [message.DESCRIPTOR.fields_by_name[field.name]]
        if field.default is not MISSING and not (wire.is_repeated or wire.has_presence or wire.enum_type is not None)
        if field.default != wire.default_value
    }
    read = {(ReadInvoice, "currency")}  # only ever told, never asked
    assert hidden - read == {(Hours, "closes_minute")}, "hours are given whole or not at all"


def test_maps_are_read_in_alphabetical_order_whatever_the_messages() -> None:
    message = plan_pb2.Package(cost_minor={"lateness": 4, "carbon": 3, "handling": 2, "freight": 1})
    message.arrives_at.FromDatetime(datetime(2026, 3, 2, tzinfo=UTC))
    package = from_proto(message, Package, "", Violations())
    assert package is not None
    assert list(package.cost_minor.items()) == [("carbon", 3), ("freight", 1), ("handling", 2), ("lateness", 4)]
