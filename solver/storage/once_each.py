"""As `once`, for things that many callers ask for at the same time: those that come together are done in one go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from solver.clock import Clock
from solver.errors import XunyuanError
from solver.storage.database import Database, Transaction
from solver.storage.errors import StorageFailed
from solver.storage.once import Request, refuse_unnamed
from solver.storage.requests import forgotten, recall_each, remember_each, reused

Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked(Generic[Item]):
    request: Request
    item: Item

    @property
    def key(self) -> tuple[str, str]:
        return self.request.method, self.request.request_id


def one_by_one(
    act: Callable[[Transaction, Item], Made],
) -> Callable[[Transaction, Sequence[Item]], list[Made | Exception]]:
    """An act for `OnceEach` that does one after the other: one that is refused is undone, and the others stay."""

    def each(tx: Transaction, items: Sequence[Item]) -> list[Made | Exception]:
        return [_done_or_refused(tx, act, item) for item in items]

    return each


def _done_or_refused(tx: Transaction, act: Callable[[Transaction, Item], Made], item: Item) -> Made | Exception:
    try:
        with tx.attempt():
            return act(tx, item)
    except StorageFailed:
        raise
    except XunyuanError as refused:
        return refused


def _told_again(request: Request, before: tuple[bytes, bytes] | None) -> tuple[None] | XunyuanError:
    """What a repeated request is told: nothing new, or why it is refused."""
    if before is None:
        return forgotten(request.method, request.request_id)
    digest, _ = before
    return (None,) if digest == request.body_digest else reused(request.method, request.request_id)


class OnceEach(Generic[Item, Made]):
    """Things of a kind that answer with how they stand: a repeated request is not done again, and its answer is read.

    `act` does many of them, in their order, and says of each what it made, or the error of it, which must then have
    changed nothing. `answer` is what is kept of what was made, for who asks `answered_before`.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        act: Callable[[Transaction, Sequence[Item]], Sequence[Made | Exception]],
        answer: Callable[[Made], bytes] = lambda _: b"",
    ) -> None:
        self._database = database
        self._clock = clock
        self._act = act
        self._answer = answer

    def run(self, request: Request, item: Item) -> Made | None:
        """What was made of the item just now; None where this request was answered before. See `Database.run_each`.

        Raises InvalidRequest without a sound id, RequestIdReused, and the error of the item.
        """
        refuse_unnamed(request)
        [made] = self._database.run_each(self._do, _Asked(request=request, item=item))
        return made

    def run_all(self, asked: Sequence[tuple[Request, Item]]) -> list[Made | Exception | None]:
        """As `run` for each of many, whose caller waits once: what it returns, or what it would raise."""
        for request, _ in asked:
            refuse_unnamed(request)
        found = self._database.run_all(self._do, [_Asked(request=request, item=item) for request, item in asked])
        return [one if isinstance(one, Exception) else one[0] for one in found]

    def _do(self, tx: Transaction, asked: Sequence[_Asked[Item]]) -> list[tuple[Made | None] | Exception]:
        before = recall_each(tx, {one.key for one in asked})
        outcomes: dict[int, tuple[Made | None] | Exception] = {}
        new: dict[tuple[str, str], int] = {}
        again: list[int] = []
        for position, one in enumerate(asked):
            if one.key in before:
                outcomes[position] = _told_again(one.request, before[one.key])
            elif one.key in new:
                again.append(position)
            else:
                new[one.key] = position
        made = self._act(tx, [asked[position].item for position in new.values()]) if new else ()
        for position, result in zip(new.values(), made, strict=True):
            outcomes[position] = result if isinstance(result, Exception) else (result,)
        done = [
            (*one.key, one.request.body_digest, self._answer(result))
            for one, result in zip((asked[position] for position in new.values()), made, strict=True)
            if not isinstance(result, Exception)
        ]
        remember_each(tx, done, self._clock.now())
        if again:  # the same request twice at once: now the first of them has its answer
            outcomes |= dict(zip(again, self._do(tx, [asked[position] for position in again]), strict=True))
        return [outcomes[position] for position in range(len(asked))]
