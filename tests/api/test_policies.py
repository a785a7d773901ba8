"""PolicyService, and which policy a plan is made under."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.gen.xunyuan.policy.v1 import policy_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2
from solver.policies.library import shipped_policies
from solver.sourcing.policy import Policy
from solver.wire.codec import to_proto
from tests.api.test_optimize import by_tariff
from tests.made_world import order_of
from tests.running import SECONDS, Running, fresh_id, plan_request, refusal

NEAR = """\
policy: near
version: 1
title: As near as can be
applies_to: {channels: [shop]}
priorities: [unfilled_units, distance_meters]
"""


def upsert(service: Running, *documents: str, request_id: str = "") -> pb.UpsertPoliciesResponse:
    request = pb.UpsertPoliciesRequest(request_id=request_id or fresh_id(), documents=documents)
    return service.policies.UpsertPolicies(request, timeout=SECONDS)


def get(service: Running, policy_id: str, version: int = 0) -> pb.PolicyDocument:
    request = pb.GetPolicyRequest(policy_id=policy_id, version=version)
    return service.policies.GetPolicy(request, timeout=SECONDS).policy


def listed(service: Running, **page: Any) -> pb.ListPoliciesResponse:
    return service.policies.ListPolicies(pb.ListPoliciesRequest(**page), timeout=SECONDS)


def test_a_policy_comes_back_as_it_was_written_and_as_it_was_understood(empty: Running) -> None:
    [answered] = upsert(empty, NEAR).policies
    kept = get(empty, "near")
    assert kept == answered
    assert (kept.policy_id, kept.version, kept.title, kept.text) == ("near", 1, "As near as can be", NEAR)
    assert list(kept.scope.channels) == ["shop"]
    assert not kept.scope.HasField("from_day")
    assert [(level.measure, level.tolerance) for level in kept.policy.levels] == [
        ("unfilled_units", 0),
        ("distance_meters", 0),
    ]
    assert (kept.policy.policy_id, kept.policy.version) == ("near", 1)


def test_a_policy_stays_when_the_service_starts_again(tmp_path: Path, clock: ManualClock) -> None:
    first = Running(tmp_path / "data", clock)
    upsert(first, NEAR)
    first.close()
    second = Running(tmp_path / "data", clock)
    try:
        assert get(second, "near", 1).text == NEAR
    finally:
        second.close()


def test_every_version_is_listed_page_by_page(empty: Running) -> None:
    upsert(empty, NEAR, NEAR.replace("version: 1", "version: 2"))
    names = [(policy.policy_id, policy.version) for policy in listed(empty).policies]
    assert names == sorted([*(document.key for document in shipped_policies()), ("near", 1), ("near", 2)])
    paged, token = [], ""
    while True:
        page = listed(empty, page_size=2, page_token=token)
        paged += [(policy.policy_id, policy.version) for policy in page.policies]
        token = page.next_page_token
        if not token:
            break
    assert paged == names
    assert get(empty, "near").version == 2


def test_a_repeated_request_changes_nothing_and_has_the_same_answer(empty: Running) -> None:
    first = upsert(empty, NEAR, request_id="once")
    before = empty.contents()
    assert upsert(empty, NEAR, request_id="once") == first
    assert empty.contents() == before
    other = NEAR.replace("policy: near", "policy: other")
    refused = refusal(lambda: upsert(empty, other, request_id="once"))
    assert (refused.code, refused.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")
    assert empty.contents() == before


def test_a_version_with_another_content_is_refused_and_nothing_is_kept(empty: Running) -> None:
    upsert(empty, NEAR)
    before = empty.contents()
    other = NEAR.replace("channels: [shop]", "channels: [live]")
    refused = refusal(lambda: upsert(empty, NEAR.replace("policy: near", "policy: new"), other))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "POLICY_VERSION_EXISTS")
    assert refused.metadata == {"policy_id": "near", "version": "1"}
    assert empty.contents() == before


def test_everything_wrong_in_any_document_is_told_with_its_line(empty: Running) -> None:
    before = empty.contents()
    wrong = "policy: b\nversion: 1\nprices:\n  split_minr: 3\n"
    refused = refusal(lambda: upsert(empty, NEAR, wrong, "policy: c"))
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    assert refused.fields == {
        "documents[1]:4: prices.split_minr": "'split_minr': there is no such price; did you mean split_minor?",
        "documents[2]:1: version": "'missing': number it, as in `version: 1`",
    }
    assert empty.contents() == before


def test_a_request_has_documents_and_an_id(empty: Running) -> None:
    assert set(refusal(lambda: upsert(empty)).fields) == {"documents"}
    request = pb.UpsertPoliciesRequest(documents=[NEAR])
    refused = refusal(lambda: empty.policies.UpsertPolicies(request, timeout=SECONDS))
    assert set(refused.fields) == {"request_id"}


def test_a_policy_that_is_not_kept_is_not_found(empty: Running) -> None:
    refused = refusal(lambda: get(empty, "none"))
    assert (refused.code, refused.reason) == ("NOT_FOUND", "NOT_FOUND")
    assert refused.metadata == {"policy_id": "none", "version": "0"}


def test_an_order_is_planned_under_the_kept_policy_that_is_for_it(service: Running) -> None:
    """Two teas: S-EAST is cheaper (870), the warehouse stands at the door (940)."""
    upsert(service, NEAR)
    cheapest = service.plan(plan_request(order_of(("TEA", 2)), validate_only=True))
    nearest = service.plan(plan_request(order_of(("TEA", 2), channel="shop"), validate_only=True))
    assert ([one.source_id for one in cheapest.packages], cheapest.total_minor) == (["S-EAST"], 870)
    assert ([one.source_id for one in nearest.packages], nearest.total_minor) == (["W-EAST"], 940)
    assert (cheapest.policy_id, cheapest.policy_version) == ("", 0)
    assert (nearest.policy_id, nearest.policy_version) == ("near", 1)
    assert [(level.measure, level.value) for level in nearest.levels] == [
        ("unfilled_units", 0),
        ("distance_meters", 0),
        ("cost_minor", 940),
    ]


def test_a_held_plan_names_its_policy_also_when_a_later_version_is_kept(service: Running) -> None:
    upsert(service, NEAR)
    request = plan_request(order_of(("TEA", 2), channel="shop"))
    held = service.plan(request)
    upsert(service, NEAR.replace("version: 1", "version: 2").replace("distance_meters", "packages"))
    assert service.plan(request) == held
    assert (held.policy_id, held.policy_version) == ("near", 1)
    later = service.plan(plan_request(order_of(("TEA", 2), channel="shop", order_id="O-2")))
    assert (later.policy_id, later.policy_version) == ("near", 2)


def test_a_policy_may_be_named_with_or_without_its_version(service: Running) -> None:
    upsert(service, NEAR, NEAR.replace("version: 1", "version: 2"))
    request = plan_request(order_of(("TEA", 2)), validate_only=True)
    for version, made_under in ((0, 2), (1, 1), (2, 2)):
        request.policy_id, request.policy_version = "near", version
        plan = service.plan(request)
        assert (plan.policy_id, plan.policy_version) == ("near", made_under)


def test_an_unknown_name_and_two_ways_of_asking_are_refused_before_anything_is_held(service: Running) -> None:
    before = service.contents()
    request = plan_request(order_of(("TEA", 2)), policy=Policy())
    request.policy_id = "complete-then-neares"
    refused = refusal(lambda: service.plan(request))
    assert refused.fields == {"policy_id": "'complete-then-neares': give `policy` or `policy_id`, not both"}
    request.ClearField("policy")
    refused = refusal(lambda: service.plan(request))
    assert refused.fields == {
        "policy_id": "'complete-then-neares': there is no such policy; did you mean complete-then-nearest?"
    }
    assert service.contents() == before


def test_the_day_that_counts_is_the_orders(service: Running, clock: ManualClock) -> None:
    upsert(service, NEAR.replace("[shop]", "[shop], until: 2026-03-02"))
    clock.advance(timedelta(days=3))
    then = plan_request(order_of(("TEA", 1), channel="shop"), validate_only=True)
    assert service.plan(then).policy_id == "near"
    now = plan_request(order_of(("TEA", 1), channel="shop"), validate_only=True)
    now.order.ClearField("placed_at")
    assert service.plan(now).policy_id == ""


def test_the_optimiser_alone_chooses_for_each_order(service: Running) -> None:
    upsert(service, NEAR)
    orders = (order_of(("TEA", 1), order_id="a"), order_of(("TEA", 1), order_id="b", channel="shop"))
    request = to_proto(by_tariff(*orders), sourcing_pb2.OptimizeFulfillmentRequest)
    plans = service.sourcing.OptimizeFulfillment(request, timeout=SECONDS).plans
    assert [plan.policy_id for plan in plans] == ["", "near"]
    request.policy_id = "complete-then-nearest"
    plans = service.sourcing.OptimizeFulfillment(request, timeout=SECONDS).plans
    assert [plan.policy_id for plan in plans] == ["complete-then-nearest"] * 2
    request.policy_id = "nobody"
    refused = refusal(lambda: service.sourcing.OptimizeFulfillment(request, timeout=SECONDS))
    assert set(refused.fields) == {"policy_id"}


@pytest.mark.parametrize("document", shipped_policies(), ids=lambda document: document.policy_id)
def test_every_shipped_policy_plans_an_order(service: Running, document: Any) -> None:
    request = plan_request(order_of(("TEA", 4), ("GIFT", 1)), validate_only=True)
    request.policy_id = document.policy_id
    plan = service.plan(request)
    assert plan.policy_id == document.policy_id
    assert [line.unfilled_units for line in plan.lines] == [0, 0]
