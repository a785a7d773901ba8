"""ExplainPlan over the wire."""

from solver.client import Client
from solver.gen.xunyuan.sourcing.v1 import explanation_pb2 as pb
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2
from solver.sourcing.explanation.model import Verdict
from tests.made_world import order_of
from tests.running import HOST, SECONDS, Running, plan_request, refusal


def explain(service: Running, plan_id: str) -> pb.Explanation:
    return service.sourcing.ExplainPlan(sourcing_pb2.ExplainPlanRequest(plan_id=plan_id), timeout=SECONDS).explanation


def test_a_held_plan_is_explained_in_data_and_in_both_languages(service: Running) -> None:
    plan = service.plan(plan_request(order_of(("TEA", 2))))
    explanation = explain(service, plan.plan_id)
    assert (explanation.plan_id, explanation.order_id, explanation.total_minor) == (plan.plan_id, "O-1", 870)
    assert (explanation.reproduced, explanation.complete) == (True, True)
    assert [(one.source_id, one.verdict, one.extra_minor) for one in explanation.candidates] == [
        ("S-EAST", pb.VERDICT_CHOSEN, 0),
        ("W-EAST", pb.VERDICT_DOMINATED, 70),
        ("W-WEST", pb.VERDICT_DOMINATED, 330),
    ]
    assert [one.HasField("extra_minor") for one in explanation.candidates] == [False, True, True]
    assert [(one.source_id, one.kind, one.percent) for one in explanation.changes] == [
        ("W-EAST", pb.CHANGE_KIND_CHEAPER_FREIGHT, 9),
        ("W-WEST", pb.CHANGE_KIND_CHEAPER_FREIGHT, 28),
    ]
    assert explanation.why == (
        "S-EAST ships all in 1 package for 8.70 CNY; no plan is cheaper. Without S-EAST the best is W-EAST, "
        "0.70 dearer. W-EAST would ship with its freight 9 % lower."
    )
    assert explanation.why_zh == (
        "由 S-EAST 发出全部商品，共 1 个包裹，费用 8.70 CNY；没有更便宜的方案。"
        "若不用 S-EAST，最优方案由 W-EAST 发货，贵 0.70。运费降低 9%，W-EAST 就会发货。"
    )


def test_a_confirmed_and_a_released_plan_are_explained_alike(service: Running) -> None:
    first = service.plan(plan_request(order_of(("TEA", 2))))
    held = explain(service, first.plan_id)
    service.release(first.plan_id)
    assert explain(service, first.plan_id) == held
    second = service.plan(plan_request(order_of(("TEA", 2))))
    held = explain(service, second.plan_id)
    service.confirm(second.plan_id)
    assert explain(service, second.plan_id) == held


def test_an_explanation_changes_nothing(service: Running) -> None:
    plan = service.plan(plan_request(order_of(("TEA", 2))))
    before = service.contents()
    explain(service, plan.plan_id)
    assert service.contents() == before


def test_a_plan_carries_its_brief_explanation(service: Running) -> None:
    request = plan_request(order_of(("TEA", 2)))
    request.policy.words["blocked_sources"].words.append("S-EAST")
    plan = service.plan(request)
    assert list(plan.binding_rules) == ["sources_are_allowed"]
    assert dict(plan.excluded) == {"sources_are_allowed": 1}
    assert plan.why.endswith("Without the rule 'sources are allowed' the plan would be better.")
    assert plan.why_zh.endswith("若无规则“指定/屏蔽发货源”，会有更好的方案。")


def test_an_unknown_plan_cannot_be_explained(service: Running) -> None:
    refused = refusal(lambda: explain(service, "plan-none"))
    assert (refused.code, refused.reason, refused.metadata) == ("NOT_FOUND", "NOT_FOUND", {"plan_id": "plan-none"})


def test_a_plan_whose_question_was_not_kept_cannot_be_explained(service: Running) -> None:
    plan = service.plan(plan_request(order_of(("TEA", 2))))
    with service.application.database.write() as tx:
        tx.execute("DELETE FROM plan_question")
    refused = refusal(lambda: explain(service, plan.plan_id))
    assert (refused.code, refused.reason, refused.metadata) == (
        "FAILED_PRECONDITION",
        "NOT_RECORDED",
        {"plan_id": plan.plan_id},
    )


def test_the_client_reads_the_explanation(service: Running) -> None:
    plan = service.plan(plan_request(order_of(("TEA", 2))))
    with Client(f"{HOST}:{service.server.port}") as client:
        explanation = client.explain(plan.plan_id)
    assert explanation.plan_id == plan.plan_id
    assert [one.verdict for one in explanation.candidates] == [Verdict.CHOSEN, Verdict.DOMINATED, Verdict.DOMINATED]
    assert explanation.candidates[0].extra_minor is None
    assert explanation.conflict is None
