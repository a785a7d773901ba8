"""How answers become bytes: messages and encoded ones say theirs, and who has no serializer answers bytes."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from solver.api.guard import ErrorsToStatuses
from solver.gen.xunyuan.sourcing.v1 import sourcing_pb2
from solver.wire.encoded import Encoded

MESSAGE = sourcing_pb2.FindPlansResponse(plan_ids=["plan-1"])
CONTENT = MESSAGE.SerializeToString()


def serializer_around(own: Any) -> Any:
    handler: Any = grpc.unary_unary_rpc_method_handler(lambda request, _: request, response_serializer=own)
    details: Any = SimpleNamespace(method="/a.Service/Method")
    with ThreadPoolExecutor(1) as streams:
        guarded: Any = ErrorsToStatuses(streams).intercept_service(lambda _: handler, details)
    return guarded.response_serializer


@pytest.mark.parametrize("answer", [MESSAGE, Encoded(CONTENT)])
def test_messages_and_what_is_encoded_already_are_sent_as_their_bytes(answer: Any) -> None:
    assert serializer_around(sourcing_pb2.FindPlansResponse.SerializeToString)(answer) == CONTENT


def test_a_method_without_a_serializer_answers_bytes() -> None:
    assert serializer_around(None) is None
