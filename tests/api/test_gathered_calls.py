"""Calls that are worked on together get the answers that each would get alone, on a thread that none of them keeps."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest

from solver.api.admission import Admission, AdmissionLimits
from solver.api.gathered_calls import Together
from solver.api.guard import ErrorsToStatuses
from solver.api.later import Later, Waiting
from solver.api.watch import Watch
from solver.errors import NotFound
from solver.settings.watching import WatchingSettings
from tests.api.slow_service import CHECK, WORK
from tests.running import HOST, SECONDS, plain_channel, refusal_of

MOST = 3


class Doubling(grpc.GenericRpcHandler):
    """A service that doubles words together. `alone` goes by itself and waits for `gate`; the first round for `go_on`.

    `bad` is refused when it begins, `lost` when it ends, and a round with `broken` in it breaks down.
    """

    def __init__(self) -> None:
        self.rounds: list[list[str]] = []
        self.threads: dict[str, str] = {}
        self.go_on, self.gate, self.begun = threading.Event(), threading.Event(), threading.Event()
        self.watch = Watch(WatchingSettings(metrics_port=0))
        together = Together(work=self._work, is_soon=lambda outcome: outcome != "alone", most=MOST)
        self.admission = Admission(AdmissionLimits(workers=8), together={WORK: together})
        self._streams = ThreadPoolExecutor(1)
        layers = [*self.watch.interceptors, self.admission, ErrorsToStatuses(self._streams)]
        self._server = grpc.server(ThreadPoolExecutor(1), interceptors=layers)
        self._server.add_generic_rpc_handlers([self])
        self.channel = plain_channel(self._server.add_insecure_port(f"{HOST}:0"))
        self._server.start()

    def service(self, handler_call_details: Any) -> Any:
        return grpc.unary_unary_rpc_method_handler(self._answer)

    def call(self, word: str, method: str = WORK) -> Any:
        stub: Any = self.channel.unary_unary(method)
        return stub.future(word.encode(), timeout=SECONDS)

    def together(self, *words: str) -> list[Any]:
        """Calls that come while the first of them is worked on."""
        calls = [self.call(words[0])]
        assert self.begun.wait(SECONDS)
        calls += [self.call(word) for word in words[1:]]
        [light] = [lane for lane in self.admission.states() if lane.name == "light"]
        while light.running + light.waiting < len(words):
            threading.Event().wait(0.001)
            [light] = [lane for lane in self.admission.states() if lane.name == "light"]
        return calls

    def close(self) -> None:
        self.go_on.set()
        self.gate.set()
        self.channel.close()
        self._server.stop(0).wait()
        self.admission.stop()
        self._streams.shutdown()

    def _answer(self, request: bytes, context: grpc.ServicerContext) -> Any:
        word = request.decode()
        if not isinstance(context, Waiting):
            return request
        assert context.time_remaining() > 0
        if word == "bad":
            raise NotFound("there is nothing bad")
        return Later(word if word != "by itself" else None, lambda outcome: self._finished(word, outcome))

    def _finished(self, word: str, outcome: str | None) -> bytes:
        self.threads[word] = threading.current_thread().name
        if word == "alone":
            assert self.gate.wait(SECONDS)
        if word == "lost":
            raise NotFound("it is lost")
        return f"{word}: {outcome}".encode()

    def _work(self, words: Sequence[str]) -> list[str | None]:
        self.rounds.append(list(words))
        self.begun.set()
        assert self.go_on.wait(SECONDS)
        if "broken" in words:
            raise KeyError("a bug")
        return [word if word == "alone" else 2 * word for word in words]


@pytest.fixture
def doubling() -> Iterator[Doubling]:
    service = Doubling()
    yield service
    service.close()


def test_calls_that_come_meanwhile_are_worked_on_together_so_many_at_most_and_answered_by_one_thread(
    doubling: Doubling,
) -> None:
    calls = doubling.together("a", "b", "c", "d", "e")
    doubling.go_on.set()
    assert [call.result() for call in calls] == [b"a: aa", b"b: bb", b"c: cc", b"d: dd", b"e: ee"]
    assert doubling.rounds == [["a"], ["b", "c", "d"], ["e"]]
    assert set(doubling.threads.values()) == {"light calls together"}


def test_what_takes_longer_is_finished_beside_and_keeps_nobody_waiting(doubling: Doubling) -> None:
    calls = doubling.together("a", "alone", "c", "by itself")
    doubling.go_on.set()
    assert [calls[number].result() for number in (0, 2, 3)] == [b"a: aa", b"c: cc", b"by itself: None"]
    assert doubling.call("later").result() == b"later: laterlater"
    assert not calls[1].done()
    doubling.gate.set()
    assert calls[1].result() == b"alone: alone"
    assert {doubling.threads[word] for word in ("a", "c", "later")} == {"light calls together"}
    assert all(doubling.threads[word].startswith("light call_") for word in ("alone", "by itself"))


def test_errors_at_the_begin_and_at_the_end_are_told_to_their_own_caller_and_counted(doubling: Doubling) -> None:
    doubling.go_on.set()
    for word, text in (("bad", "there is nothing bad"), ("lost", "it is lost")):
        refused = refusal_of(doubling.call(word).exception())
        assert (refused.code, refused.text) == ("NOT_FOUND", text)
    assert doubling.call("a").result() == b"a: aa"
    assert doubling.watch.watching.meters.metered().calls == {(WORK, "NOT_FOUND"): 2, (WORK, "OK"): 1}
    [light] = [lane for lane in doubling.admission.states() if lane.name == "light"]
    assert light.begun_at_once == 3


def test_where_the_work_breaks_down_each_goes_on_by_itself(
    doubling: Doubling, caplog: pytest.LogCaptureFixture
) -> None:
    calls = doubling.together("a", "broken", "c")
    doubling.go_on.set()
    assert [call.result() for call in calls] == [b"a: aa", b"broken: None", b"c: None"]
    assert doubling.call("d").result() == b"d: dd"
    assert [one.message for one in caplog.records] == ["2 calls that came together go on one by one"]


def test_who_has_given_up_meanwhile_is_not_worked_on(doubling: Doubling) -> None:
    calls = doubling.together("a", "b", "c")
    calls[1].cancel()
    for _ in range(3):  # on the same connection, so that the server hears of them after the cancellation
        assert doubling.call("well", CHECK).result() == b"well"
    doubling.go_on.set()
    assert calls[2].result() == b"c: cc"
    assert "b" not in [word for words in doubling.rounds for word in words]
