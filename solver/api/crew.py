"""Threads that carry out what is handed to them, started as they are needed."""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

Job = TypeVar("Job")


class Crew(Generic[Job]):
    """At most so many threads; each does a job with `carry_out`, which may return another to do next."""

    def __init__(self, name: str, most: int, carry_out: Callable[[Job], Job | None]) -> None:
        self._name = name
        self._most = most
        self._carry_out = carry_out
        self._handed: SimpleQueue[Job | None] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def start(self, job: Job) -> None:
        """Have the job done as soon as a thread is free."""
        self._handed.put(job)
        if self._idle.acquire(blocking=False) or len(self._threads) == self._most:
            return
        name = f"{self._name}_{len(self._threads)}"
        thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self, within_seconds: float) -> None:
        """Do what is handed over already, and end; what takes longer is not waited for."""
        ends_at = time.monotonic() + within_seconds
        for _ in self._threads:
            self._handed.put(None)
        for thread in self._threads:
            thread.join(max(0.0, ends_at - time.monotonic()))

    def _work(self) -> None:
        while (job := self._handed.get()) is not None:
            following: Job | None = job
            while following is not None:
                following = self._carry_out(following)
            self._idle.release()
