"""What is decided beforehand is decided once for each basket; every order still gets the best plan under its name."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.experiments.plan_ceiling import alone_beforehand, decided_beforehand
from benchmarks.load_world import DRAFTS, LoadWorld, Size
from benchmarks.plan_counts import Call, _loaded, servicer
from solver.api.batches import BatchServicer
from solver.app import Application
from solver.clock import SystemClock
from solver.fulfilment.batching.jointly import Jointly, SecondsLeft
from solver.fulfilment.questions import Question
from solver.fulfilment.rounds import Rounds
from solver.gen.xunyuan.sourcing.v1 import batch_pb2, sourcing_pb2
from solver.sourcing.plan import Plan

SIZE = Size(sources=40, skus=30, stocked_percent=60)


def test_each_basket_of_batches_is_decided_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decided, alone = list[str](), Jointly._alone

    def counted(jointly: Jointly, questions: Sequence[Question], seconds_left: SecondsLeft) -> list[Plan] | None:
        decided.extend(question.order.order_id.partition("/")[0] for question in questions)
        return alone(jointly, questions, seconds_left)

    monkeypatch.setattr(Jointly, "_alone", alone_beforehand(counted))
    world = LoadWorld(SIZE, 1)
    world.put_into(tmp_path)
    with closing(Application.open(tmp_path, SystemClock())) as application:
        application.planner.make_ready()
        together: Any = BatchServicer(application.batches, application.operations, application.clock).PlanBatch
        requests = [batch_pb2.PlanBatchRequest.FromString(one) for one in world.batch_requests(3, DRAFTS)]
        world.check_batches(_loaded([together(request, Call()) for request in requests]))
    assert sorted(decided) == sorted(basket.order_id for basket in world.baskets)


def test_each_basket_of_lone_plans_is_decided_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decided, plans = list[str](), Rounds._plans

    def counted(rounds: Rounds, parts: Sequence[Any]) -> Any:
        decided.extend(part.order.order_id.partition("/")[0] for part in parts)
        return plans(rounds, parts)

    monkeypatch.setattr(Rounds, "_plans", decided_beforehand(counted))
    world = LoadWorld(SIZE, 1)
    world.put_into(tmp_path)
    with closing(Application.open(tmp_path, SystemClock())) as application:
        application.planner.make_ready()
        plan: Any = servicer(application).PlanFulfillment
        requests = [sourcing_pb2.PlanFulfillmentRequest.FromString(one) for one in world.plan_requests(2 * DRAFTS)]
        world.check_plans(_loaded([plan(request, Call()) for request in requests]))
    assert sorted(decided) == sorted(basket.order_id for basket in world.baskets)
