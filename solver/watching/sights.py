"""Whom to ask, at the moment that somebody looks, for what is not counted call by call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from solver.watching.lanes import LaneState


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerLag:
    """How far one who follows the journal stands behind it."""

    follower: str
    entries: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sights:
    """Whom to ask when somebody looks: the lanes, and the followers of the journal.

    `store` is the kind of database, `release` the product's version.
    """

    lanes: Callable[[], Iterable[LaneState]]
    lags: Callable[[], Iterable[FollowerLag]]
    store: str
    release: str
