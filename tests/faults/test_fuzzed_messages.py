"""Whatever a message says, it is answered or refused for a reason, never by a bug; and the books stay sound."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st

from solver.clock import ManualClock
from solver.scenario.load import load
from solver.settings.persons import PersonSettings
from tests.faults.any_message import any_message, spoilt
from tests.faults.every_method import Asked, code_of, methods
from tests.faults.given_up_cases import CASES
from tests.faults.lasting import SECONDS_VARIABLE
from tests.made_world import MONDAY_AT_8, made_world
from tests.running import SECONDS, Running

EXAMPLES = 500 if SECONDS_VARIABLE in os.environ else 12  # of each method and kind
REFUSALS = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
}
UNREADABLE = {grpc.StatusCode.INTERNAL, grpc.StatusCode.INVALID_ARGUMENT}  # gRPC itself says INTERNAL
STREAM_SECONDS = 0.2


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    key_file = tmp_path / "persons.key"
    key_file.write_text("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    running = Running(tmp_path / "data", ManualClock(MONDAY_AT_8), persons=PersonSettings(key_file=key_file))
    load(running.application, made_world(stock=()))
    made = Asked(running)
    made.ask("ReceiveStock", reference="po", movements=[{"site_id": "W-EAST", "sku": "TEA", "units": 1000}])
    yield made
    running.close()


def answered(asked: Asked, method: str, request: bytes) -> grpc.StatusCode | None:
    """How the call ends: with an answer, or by this code."""
    of = methods()[method]
    path, read = f"/{of.containing_service.full_name}/{method}", GetMessageClass(of.output_type).FromString
    channel: Any = asked.service.channel
    try:
        if of.server_streaming:
            stream = channel.unary_stream(path, response_deserializer=read)(request, timeout=STREAM_SECONDS)
            next(iter(stream), None)
            stream.cancel()
        else:
            channel.unary_unary(path, response_deserializer=read)(request, timeout=SECONDS)
    except grpc.RpcError as error:
        return code_of(error)
    return None


def refused_for_a_reason(asked: Asked, method: str, request: bytes) -> None:
    code = answered(asked, method, request)
    waits = methods()[method].server_streaming and code is grpc.StatusCode.DEADLINE_EXCEEDED
    assert code is None or code in REFUSALS or waits, f"{method} ended with {code}"


def tried(messages: st.SearchStrategy[Any], seed: int, asked: Asked, method: str) -> None:
    """Ask with many of them; the first that fails is made as small as can be."""

    @hypothesis_seed(seed)
    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
    @given(messages)
    def ask(message: Message) -> None:
        refused_for_a_reason(asked, method, message.SerializeToString())

    ask()
    assert asked.service.discrepancies() == []


@pytest.mark.parametrize("method", sorted(methods()))
def test_any_message_is_answered_or_refused_for_a_reason(asked: Asked, seed: int, method: str) -> None:
    tried(any_message(methods()[method].input_type), seed, asked, method)


@pytest.mark.parametrize("method", sorted(CASES))
def test_a_good_message_with_fields_spoilt_is_answered_or_refused_for_a_reason(
    asked: Asked, seed: int, method: str
) -> None:
    good = asked.request(method, **CASES[method](asked, 0))
    tried(spoilt(good), seed, asked, method)


@pytest.mark.parametrize("method", sorted(methods()))
def test_bytes_that_are_no_message_are_refused(asked: Asked, method: str) -> None:
    code = answered(asked, method, b"\xff\xff\xff\xff garbage")
    assert code in UNREADABLE
    assert asked.service.discrepancies() == []
