"""ConfirmPlan and ReleasePlan: stock, vouchers, and the states that forbid them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from solver.clock import ManualClock
from solver.gen.xunyuan.ledger.v1 import ledger_pb2
from solver.gen.xunyuan.sourcing.v1 import plan_pb2, sourcing_pb2
from solver.scenario.load import load
from tests.made_world import made_world, order_of
from tests.running import SECONDS, Running, fresh_id, plan_request, refusal


def held(service: Running, order_id: str = "O-1") -> str:
    """Two teas from the store: freight 800, handling 50 + 2 x 10."""
    return service.plan(plan_request(order_of(("TEA", 2), order_id=order_id))).plan_id


def vouchers(service: Running, plan_id: str) -> list[ledger_pb2.Voucher]:
    answer = service.ledger.ListVouchers(ledger_pb2.ListVouchersRequest(plan_id=plan_id), timeout=SECONDS)
    return list(answer.vouchers)


def trial_balance(service: Running) -> dict[str, tuple[int, int, int]]:
    answer = service.ledger.GetTrialBalance(ledger_pb2.GetTrialBalanceRequest(currency="CNY"), timeout=SECONDS)
    return {row.account: (row.debit_minor, row.credit_minor, row.balance_minor) for row in answer.balances}


def test_confirming_commits_the_stock_and_posts_what_is_owed_to_the_cent(service: Running) -> None:
    plan_id = held(service)
    answer = service.confirm(plan_id)
    assert answer.plan.state == plan_pb2.PLAN_STATE_CONFIRMED
    assert service.levels("TEA")["S-EAST", "TEA"] == (1, 0, 2)

    [voucher] = vouchers(service, plan_id)
    assert (voucher.voucher_id, voucher.kind, voucher.subject) == (answer.voucher_id, "plan_confirmed", plan_id)
    assert voucher.currency == "CNY"
    assert [(leg.debit_account, leg.credit_account, leg.amount_minor) for leg in voucher.legs] == [
        ("freight_expense", "payable_carrier/truck-co", 800),
        ("handling_expense", "payable_source/S-EAST", 70),
    ]
    assert trial_balance(service) == {
        "freight_expense": (800, 0, 800),
        "handling_expense": (70, 0, 70),
        "payable_carrier/truck-co": (0, 800, -800),
        "payable_source/S-EAST": (0, 70, -70),
    }
    assert service.discrepancies() == []


def test_a_plan_of_two_packages_owes_each_source_its_own_handling(service: Running) -> None:
    """Seven pots: two from W-EAST (100 + 2 x 20), five from W-WEST, which asks nothing for handling."""
    plan = service.plan(plan_request(order_of(("POT", 7))))
    service.confirm(plan.plan_id)
    [voucher] = vouchers(service, plan.plan_id)
    assert [(leg.credit_account, leg.amount_minor) for leg in voucher.legs] == [
        ("payable_carrier/truck-co", plan.cost_minor["freight"]),
        ("payable_source/W-EAST", 140),
    ]
    assert plan.cost_minor["freight"] == (800 + 6 * 100) + (1200 + 18 * 250)
    assert sum(balance for _, _, balance in trial_balance(service).values()) == 0


def test_an_empty_plan_can_be_confirmed_and_owes_nothing(service: Running) -> None:
    plan_id = service.plan(plan_request(order_of(("RARE", 1)))).plan_id
    assert service.confirm(plan_id).voucher_id == ""
    assert (service.state(plan_id), vouchers(service, plan_id), trial_balance(service)) == ("CONFIRMED", [], {})


def test_releasing_gives_the_stock_back_and_owes_nothing(service: Running) -> None:
    before = service.levels()
    plan_id = held(service)
    assert service.release(plan_id).plan.state == plan_pb2.PLAN_STATE_RELEASED
    assert service.levels() == before
    assert (vouchers(service, plan_id), trial_balance(service)) == ([], {})
    assert service.discrepancies() == []


@pytest.mark.parametrize("method", ["confirm", "release"])
def test_a_repeated_confirmation_or_release_gets_the_same_answer(service: Running, method: str) -> None:
    call: Callable[[str, str], object] = getattr(service, method)
    plan_id, request_id = held(service), fresh_id()
    first = call(plan_id, request_id)
    before = service.contents()
    assert call(plan_id, request_id) == first
    assert service.contents() == before


@pytest.mark.parametrize("method", ["confirm", "release"])
@pytest.mark.parametrize(
    ("done", "reason"),
    [("confirm", "HOLD_CONFIRMED"), ("release", "HOLD_RELEASED"), ("expire", "HOLD_EXPIRED")],
)
def test_a_hold_is_resolved_once(service: Running, clock: ManualClock, done: str, method: str, reason: str) -> None:
    plan_id = held(service)
    if done == "expire":
        clock.advance(timedelta(minutes=15))
    else:
        getattr(service, done)(plan_id)
    before = service.contents()
    refused = refusal(lambda: getattr(service, method)(plan_id))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", reason)
    assert refused.metadata["subject"] == plan_id
    assert service.contents() == before


def test_a_plan_that_is_confirmed_anew_is_refused_with_the_voucher_that_it_has(service: Running) -> None:
    plan_id = held(service)
    voucher_id = service.confirm(plan_id).voucher_id
    refused = refusal(lambda: service.confirm(plan_id))
    assert (refused.reason, refused.metadata["voucher_id"]) == ("HOLD_CONFIRMED", voucher_id)
    assert (
        refused.text
        == f"plan {plan_id} is confirmed already, its voucher is {voucher_id}: there is nothing left to confirm"
    )

    free = service.plan(plan_request(order_of(("RARE", 1), order_id="free"))).plan_id
    service.confirm(free)
    refused = refusal(lambda: service.confirm(free))
    assert (refused.reason, "voucher_id" in refused.metadata) == ("HOLD_CONFIRMED", False)
    assert refused.text == f"plan {free} is confirmed already, it owed nothing: there is nothing left to confirm"


def test_who_comes_too_late_is_told_what_became_of_the_plan(service: Running, clock: ManualClock) -> None:
    plan_id = held(service)
    service.release(plan_id)
    told = refusal(lambda: service.confirm(plan_id)).text
    assert told == f"plan {plan_id} was released and its stock is free again: plan the order anew"
    told = refusal(lambda: service.release(plan_id)).text
    assert told == f"plan {plan_id} was released before: its stock is free again already"
    anew = held(service)
    clock.advance(timedelta(minutes=15))
    told = refusal(lambda: service.confirm(anew)).text
    assert told == f"the hold of plan {anew} has expired and its stock is free again: plan the order anew"
    told = refusal(lambda: service.release(anew)).text
    assert told == f"the hold of plan {anew} has expired: its stock is free again already"
    last = held(service)
    service.confirm(last)
    told = refusal(lambda: service.release(last)).text
    assert told == f"plan {last} is confirmed: cancel what is committed to it instead (CancelCommitment)"


def test_a_confirmation_a_microsecond_before_the_expiry_counts(service: Running, clock: ManualClock) -> None:
    plan_id = held(service)
    clock.advance(timedelta(minutes=15, microseconds=-1))
    service.confirm(plan_id)
    clock.advance(timedelta(days=30))
    assert service.state(plan_id) == "CONFIRMED"


@pytest.mark.parametrize("method", ["ConfirmPlan", "ReleasePlan", "GetPlan"])
@pytest.mark.parametrize("plan_id", ["", "plan-unknown", "x" * 100_000])
def test_an_unknown_plan_is_not_found(service: Running, method: str, plan_id: str) -> None:
    before = service.contents()
    request = getattr(sourcing_pb2, f"{method}Request")(plan_id=plan_id)
    if method != "GetPlan":
        request.request_id = fresh_id()
    refused = refusal(lambda: getattr(service.sourcing, method)(request, timeout=SECONDS))
    assert (refused.code, refused.reason) == ("NOT_FOUND", "NOT_FOUND")
    assert refused.metadata == {"plan_id": plan_id[:128]}
    assert service.contents() == before


def test_plans_and_books_are_there_after_a_restart(service: Running, clock: ManualClock) -> None:
    confirmed, released, standing = (held(service, order_id) for order_id in ("a", "b", "c"))
    service.confirm(confirmed)
    service.release(released)
    before, levels = service.contents(), service.levels()
    folder = Path(service.application.database.name).parent
    service.close()

    again = Running(folder, clock)
    try:
        assert again.contents() == before
        assert again.levels() == levels
        assert [again.state(plan_id) for plan_id in (confirmed, released, standing)] == [
            "CONFIRMED", "RELEASED", "HELD",
        ]  # fmt: skip
        load(again.application, made_world())
        assert again.contents() == before
        assert again.discrepancies() == []
    finally:
        again.close()


def test_plans_are_found_by_how_their_ids_begin(service: Running) -> None:
    ids = sorted(service.plan(plan_request(order_of(("TEA", 1), order_id=f"{number}"))).plan_id for number in range(3))

    def found(prefix: str) -> list[str]:
        request = sourcing_pb2.FindPlansRequest(plan_id_prefix=prefix)
        return list(service.sourcing.FindPlans(request, timeout=SECONDS).plan_ids)

    assert found("plan-") == ids
    assert [found(plan_id) for plan_id in ids] == [[plan_id] for plan_id in ids]
    assert (found("plan-x"), found("%"), found("_" * 128)) == ([], [], [])
    for prefix in ("", "x" * 129):
        refused = refusal(lambda prefix=prefix: found(prefix))  # type: ignore[misc]  # mypy: lambda defaults
        assert (refused.code, set(refused.fields)) == ("INVALID_ARGUMENT", {"plan_id_prefix"})
