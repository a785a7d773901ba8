"""Callers that cost little: requests made beforehand, answers kept as they came, in a process of their own.

`python -m benchmarks.callers ADDRESS METHOD CALLERS` reads requests from standard input and sends them, so many at a
time, to one address after the other where there are several, with commas between them. It writes the answers, in no
order, to standard output, and to standard error how long all took and how much of the processor it took itself. Each
request and answer stands after its length.
"""

import itertools
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import grpc

ROOT = Path(__file__).resolve().parents[1]
CONNECTING_SECONDS = 30
_LENGTH = struct.Struct("<I")


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """The answers, and how long the calls took together; of that the callers themselves took so much processor."""

    answers: tuple[bytes, ...]
    seconds: float
    processor_seconds: float


def called(address: str, method: str, callers: int, requests: Iterable[bytes]) -> Called:
    """Send the requests, `callers` at a time. Raises CalledProcessError where one failed."""
    command = [sys.executable, "-m", "benchmarks.callers", address, method, str(callers)]
    sent = b"".join(_framed(one) for one in requests)
    done = subprocess.run(command, cwd=ROOT, input=sent, capture_output=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr.decode())
        done.check_returncode()
    seconds, processor_seconds = (float(one) for one in done.stderr.split()[-2:])
    return Called(answers=tuple(_parted(done.stdout)), seconds=seconds, processor_seconds=processor_seconds)


def _framed(message: bytes) -> bytes:
    return _LENGTH.pack(len(message)) + message


def _parted(framed: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(framed):
        (length,) = _LENGTH.unpack_from(framed, at)
        at += _LENGTH.size + length
        yield framed[at - length : at]


def _send(address: str, method: str, callers: int, requests: Sequence[bytes], out: BinaryIO) -> tuple[float, float]:
    """Seconds and processor seconds. Raises RpcError of a call that failed."""
    answers: list[Any] = []
    free = threading.Semaphore(callers)

    def keep(answer: Any) -> None:
        answers.append(answer)
        free.release()

    with ExitStack() as open_channels:
        channels = [open_channels.enter_context(grpc.insecure_channel(one)) for one in address.split(",")]
        for channel in channels:
            grpc.channel_ready_future(channel).result(CONNECTING_SECONDS)
        calls: list[Any] = [channel.unary_unary(method) for channel in channels]
        begun, processor = time.perf_counter(), time.process_time()
        for request, call in zip(requests, itertools.cycle(calls), strict=False):
            free.acquire()
            call.future(request).add_done_callback(keep)
        for _ in range(callers):
            free.acquire()
        taken = time.perf_counter() - begun, time.process_time() - processor
        out.writelines(_framed(answer.result()) for answer in answers)
    return taken


def main() -> int:
    """Send what is read."""
    address, method, callers = sys.argv[1:]
    requests = list(_parted(sys.stdin.buffer.read()))
    seconds, processor_seconds = _send(address, method, int(callers), requests, sys.stdout.buffer)
    sys.stderr.write(f"{seconds} {processor_seconds}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
