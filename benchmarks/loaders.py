"""Load on a service from processes of its own callers: as fast as it answers, or at a rate that does not wait for it.

A closed loop keeps so many calls under way; its rate is what the service gives. An open loop begins calls when they are
due, whether the earlier ones were answered or not; how long a call took counts from when it was due, so that a service
that stands still is seen to. Requests are made beforehand, answers are kept for who asked to check them.
"""

import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import grpc

from benchmarks.latencies import Latencies

CONNECTING_SECONDS = 30.0
TIMEOUT_SECONDS = 30.0
_LEAD_SECONDS = 0.2  # from the word to begin until all begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of a load. `answers` by the number of the request; `failures` by status code.

    `seconds` from the first call's begin to the last answer; `latencies` are those of answered calls. The callers
    themselves took `processor_seconds`. It began at `begun_at` of the machine's monotonic clock.
    """

    seconds: float
    answers: dict[int, bytes]
    failures: Counter[str]
    latencies: Latencies
    processor_seconds: float
    begun_at: float = 0.0

    @property
    def answers_per_second(self) -> float:
        """Calls that were answered, by the time that all took."""
        return len(self.answers) / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """Who calls: so many processes with so many channels each, to `addresses` in turn.

    `metadata` goes with each call, which waits `timeout_seconds` at most.
    """

    addresses: tuple[str, ...]
    processes: int = 1
    channels: int = 1
    timeout_seconds: float = TIMEOUT_SECONDS
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """One process's part: its requests with their numbers, and when each is due, or how many are under way at once."""

    callers: Callers
    method: str
    requests: tuple[tuple[int, bytes], ...]
    at_once: int = 0
    due_seconds: tuple[float, ...] = ()


def closed_loop(callers: Callers, method: str, requests: Sequence[bytes], at_once: int) -> Loaded:
    """Send all requests, `at_once` of them at a time over all processes (at least one in each)."""
    shares = [
        _Share(
            callers=callers,
            method=method,
            requests=tuple(enumerate(requests))[number :: callers.processes],
            at_once=max(1, (at_once + number) // callers.processes),
        )
        for number in range(callers.processes)
    ]
    return _all(shares)


def open_loop(
    callers: Callers, method: str, requests: Sequence[bytes], calls_per_second: float, *, seed: int | None = None
) -> Loaded:
    """Begin calls at this rate: evenly, or with `seed` as a Poisson process, as callers come that know nothing of
    each other.
    """
    due = due_seconds(len(requests), calls_per_second, seed)
    shares = [
        _Share(
            callers=callers,
            method=method,
            requests=tuple(enumerate(requests))[number :: callers.processes],
            due_seconds=due[number :: callers.processes],
        )
        for number in range(callers.processes)
    ]
    return _all(shares)


def due_seconds(calls: int, calls_per_second: float, seed: int | None) -> tuple[float, ...]:
    """When each call is due, from the begin."""
    if seed is None:
        return tuple(number / calls_per_second for number in range(calls))
    rng, at, due = random.Random(seed), 0.0, []
    for _ in range(calls):
        due.append(at)
        at += rng.expovariate(calls_per_second)
    return tuple(due)


def _all(shares: Sequence[_Share]) -> Loaded:
    """All begin together, once every one of them is connected. Raises RuntimeError where a process breaks down."""
    context = multiprocessing.get_context("spawn")
    running = []
    try:
        for share in shares:
            ours, theirs = context.Pipe()
            process = context.Process(target=_send, args=(share, theirs), daemon=True)
            process.start()
            theirs.close()
            running.append((process, ours))
        for _, pipe in running:
            _received(pipe)
        begin = time.monotonic() + _LEAD_SECONDS
        for _, pipe in running:
            pipe.send(begin)
        parts: list[_Sent] = [_received(pipe) for _, pipe in running]
    finally:
        for process, _ in running:
            process.join(5.0)
            if process.is_alive():
                process.terminate()
    latencies = Latencies(one for part in parts for one in part.seconds.values())
    return Loaded(
        seconds=max(part.ended for part in parts) - min(part.begun for part in parts),
        answers={number: answer for part in parts for number, answer in part.answers.items()},
        failures=sum((part.failures for part in parts), Counter()),
        latencies=latencies,
        processor_seconds=sum(part.processor_seconds for part in parts),
        begun_at=min(part.begun for part in parts),
    )


def _received(pipe: Connection) -> Any:
    try:
        return pipe.recv()
    except EOFError as error:
        raise RuntimeError("a process of callers broke down; what it said stands above") from error


@dataclass(slots=True)
class _Sent:
    """What one process saw. Times are of the machine's monotonic clock, which all processes share."""

    begun: float = 0.0
    ended: float = 0.0
    processor_seconds: float = 0.0
    seconds: dict[int, float] = field(default_factory=dict)
    answers: dict[int, bytes] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)


def _send(share: _Share, pipe: Connection) -> None:
    """The life of one process of callers."""
    callers = share.callers
    options = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", -1)]
    channels = [
        grpc.insecure_channel(callers.addresses[number % len(callers.addresses)], options=options)
        for number in range(max(callers.channels, len(callers.addresses)))
    ]
    for channel in channels:
        grpc.channel_ready_future(channel).result(CONNECTING_SECONDS)
    pipe.send("connected")
    begin = pipe.recv()
    sent = _Called(share, [channel.unary_unary(share.method) for channel in channels]).run(begin)
    for channel in channels:
        channel.close()
    pipe.send(sent)


class _Called:
    """The calls of one process."""

    def __init__(self, share: _Share, methods: Sequence[Any]) -> None:
        self._share, self._methods = share, methods
        self._sent = _Sent()
        self._room = threading.Semaphore(share.at_once or len(share.requests))
        self._left = len(share.requests)
        self._done = threading.Event()
        self._lock = threading.Lock()

    def run(self, begin: float) -> _Sent:
        """Call, from `begin` of the monotonic clock, until the last answer."""
        _sleep_until(begin)
        processor = time.process_time()
        self._sent.begun = time.monotonic()
        due = self._share.due_seconds
        for place, (number, request) in enumerate(self._share.requests):
            self._room.acquire()
            if due:
                _sleep_until(begin + due[place])
            self._begin(place, number, request, begin + due[place] if due else time.monotonic())
        if self._share.requests:
            self._done.wait()
        self._sent.ended = time.monotonic()
        self._sent.processor_seconds = time.process_time() - processor
        return self._sent

    def _begin(self, place: int, number: int, request: bytes, due: float) -> None:
        callers = self._share.callers
        method = self._methods[place % len(self._methods)]
        future = method.future(request, timeout=callers.timeout_seconds, metadata=callers.metadata or None)
        future.add_done_callback(lambda answered: self._end(number, due, answered))

    def _end(self, number: int, due: float, answered: Any) -> None:
        now, code = time.monotonic(), answered.code()
        with self._lock:
            if code is grpc.StatusCode.OK:
                self._sent.seconds[number] = now - due
                self._sent.answers[number] = answered.result()
            else:
                self._sent.failures[code.name] += 1
            self._left -= 1
            is_last = not self._left
        self._room.release()
        if is_last:
            self._done.set()


def _sleep_until(instant: float) -> None:
    while (left := instant - time.monotonic()) > 0:
        time.sleep(left)
