"""Work given to an executor, whichever it is, without waiting for what does not come in time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from solver.waves.parts.pulse import Pulse

_ASK_AGAIN_SECONDS = 0.05  # whether time is over or the caller has had enough

Arguments: TypeAlias = Callable[[int], tuple[Any, ...]]
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """An executor, and how many pieces of work it does at once; None does everything here.

    `pulse` tells when an executor that would wait for ever has nobody any more who works (None: it says so itself).
    """

    executor: Executor | None = None
    at_once: int = 1
    pulse: Pulse | None = None

    def each(
        self, work: Callable[..., _Result], arguments: Sequence[Arguments], is_over: Callable[[], bool]
    ) -> list[_Result | None]:
        """What `work` returns for each of the arguments, made when their turn comes from how many turns are left.

        None where it was over before there was a result. Work that is lost with a worker, or fails anywhere else, is
        done here, and so is all of it once every worker is gone: what is wrong with the work itself is raised then.
        """
        if self.executor is None:
            several = enumerate(arguments)
            return [None if is_over() else work(*made(len(arguments) - number)) for number, made in several]
        return _Errand(self.executor, max(1, self.at_once), work, arguments, is_over, self.pulse).done()


HERE = Hands()


@dataclass(slots=True)
class _Errand(Generic[_Result]):
    executor: Executor
    at_once: int
    work: Callable[..., _Result]
    arguments: Sequence[Arguments]
    is_over: Callable[[], bool]
    pulse: Pulse | None
    given: dict[Future[_Result], tuple[int, tuple[Any, ...]]] = field(default_factory=dict)

    def done(self) -> list[_Result | None]:
        found: list[_Result | None] = [None] * len(self.arguments)
        following = 0
        while (following < len(found) or self.given) and not self.is_over():
            if self.pulse is not None and self.pulse.is_gone():
                self._do_here(found, following)
                break
            while following < len(found) and len(self.given) < self.at_once:
                turns = -(-(len(found) - following) // self.at_once)
                made = self.arguments[following](turns)
                future = self._submitted(made)
                if future is None:
                    found[following] = self.work(*made)
                else:
                    self.given[future] = following, made
                following += 1
            for number, result in self._finished():
                found[number] = result
        for future, (number, _) in self.given.items():
            if not future.cancel() and future.done() and future.exception() is None:
                found[number] = future.result()
        return found

    def _do_here(self, found: list[_Result | None], following: int) -> None:
        """What was given to workers that are gone, and what would have followed."""
        lost = [*self.given.items()]
        self.given.clear()
        for future, (number, made) in lost:
            future.cancel()
            if not self.is_over():
                found[number] = self.work(*made)
        for number in range(following, len(found)):
            if not self.is_over():
                found[number] = self.work(*self.arguments[number](len(found) - number))

    def _submitted(self, made: tuple[Any, ...]) -> Future[_Result] | None:
        """None where the executor takes no work any more, as its workers have died."""
        try:
            return self.executor.submit(self.work, *made)
        except RuntimeError:  # BrokenExecutor among others
            return None

    def _finished(self) -> Iterator[tuple[int, _Result]]:
        done, _ = wait(self.given, timeout=_ASK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
        for future in done:
            number, made = self.given.pop(future)
            try:
                result = future.result()
            except Exception:
                if self.is_over():
                    continue
                result = self.work(*made)
            yield number, result
