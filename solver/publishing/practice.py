"""A platform to practise on: it limits, delays, refuses and loses answers as real ones do. It keeps what it shows.

Nothing here is random by time: what is lost or refused follows from a seed, the shop, the item and the attempt.
"""

import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from solver.publishing.adapter import Refused, Shown, Taken, Throttled, Unreachable
from solver.publishing.listing import Listing
from solver.publishing.turns import Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """How a platform behaves. Permille are of calls (`lost`: done, but not answered; `failing`: not done) or items.

    A shop may make `calls_per_second`, up to `burst` at once, all together `calls_per_second_in_all`; 0: no limit.
    """

    calls_per_second: float = 0.0
    calls_per_second_in_all: float = 0.0
    burst: int = 1
    latency_seconds: float = 0.0
    settles_after_seconds: float = 0.0
    lost_permille: int = 0
    failing_permille: int = 0
    refused_permille: int = 0
    seed: int = 0


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float

    def wait(self, rate: float, burst: int, now: float) -> float:
        """Seconds until a call is free again; 0 where one is."""
        self.tokens = min(burst, self.tokens + (now - self.at) * rate)
        self.at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What a shop shows under an id of the platform's, and since when."""

    listing: Listing
    since: float


@dataclass(slots=True)
class PracticePlatform:
    """An adapter and the platform behind it. `shown` has every listing by shop and by the platform's id."""

    temper: Temper
    timer: Timer
    shown: dict[str, dict[str, Showing]] = field(default_factory=dict)
    calls: int = 0
    throttled: int = 0
    settles_after_seconds: float = 0.0
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _attempts: dict[tuple[str, str], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.settles_after_seconds = self.temper.settles_after_seconds

    def create(self, shop_id: str, listings: Sequence[Listing]) -> Sequence[Taken | Refused]:
        """List each, again where it is listed already: it is the caller's matter not to ask twice."""
        with self._call(shop_id, "create", [one.item_id for one in listings]):
            return [self._create(shop_id, listing) for listing in listings]

    def update(self, shop_id: str, listings: Mapping[str, Listing]) -> Sequence[Taken | Refused]:
        """Replace what is shown under these ids."""
        with self._call(shop_id, "update", [one.item_id for one in listings.values()]):
            return [self._update(shop_id, remote_id, listing) for remote_id, listing in listings.items()]

    def find(self, shop_id: str, item_ids: Sequence[str]) -> Sequence[Shown]:
        """What is shown under these keys, and for long enough."""
        with self._call(shop_id, "find", item_ids):
            settled = self.timer.seconds() - self.settles_after_seconds
            return [
                Shown(item_id=showing.listing.item_id, remote_id=remote_id)
                for remote_id, showing in self.shown.get(shop_id, {}).items()
                if showing.listing.item_id in item_ids and showing.since <= settled
            ]

    def delist(self, shop_id: str, remote_ids: Sequence[str]) -> None:
        """Show these no more."""
        with self._call(shop_id, "delist", remote_ids):
            for remote_id in remote_ids:
                self.shown.get(shop_id, {}).pop(remote_id, None)

    def _create(self, shop_id: str, listing: Listing) -> Taken | Refused:
        if self._drawn(self.temper.refused_permille, "refused", listing.digest):
            return Refused(field="title", message="the title was found misleading by our reviewers")
        shop = self.shown.setdefault(shop_id, {})
        remote_id = f"{shop_id}-{len(shop) + 1}"
        while remote_id in shop:
            remote_id += "x"
        shop[remote_id] = Showing(listing=listing, since=self.timer.seconds())
        return Taken(remote_id=remote_id)

    def _update(self, shop_id: str, remote_id: str, listing: Listing) -> Taken | Refused:
        shop = self.shown.get(shop_id, {})
        if remote_id not in shop:
            return Refused(field="id", message="there is no such listing")
        shop[remote_id] = Showing(listing=listing, since=shop[remote_id].since)
        return Taken(remote_id=remote_id)

    def _call(self, shop_id: str, ask: str, keys: Sequence[str]) -> "_Answering":
        if self.temper.latency_seconds:
            self.timer.sleep(self.temper.latency_seconds)
        return _Answering(self, shop_id, f"{ask}:{keys[0] if keys else ''}")

    def _admit(self, shop_id: str) -> None:
        now = self.timer.seconds()
        waits = [0.0]
        limits = [(f"shop {shop_id}", self.temper.calls_per_second), ("", self.temper.calls_per_second_in_all)]
        limits = [(name, rate) for name, rate in limits if rate]
        for name, rate in limits:
            bucket = self._buckets.setdefault(name, _Bucket(tokens=self.temper.burst, at=now))
            waits.append(bucket.wait(rate, self.temper.burst, now))
        if max(waits) > 0:
            self.throttled += 1
            raise Throttled(max(waits))
        for name, _ in limits:
            self._buckets[name].tokens -= 1

    def _drawn(self, permille: int, *what: str) -> bool:
        text = "|".join((str(self.temper.seed), *what))
        return zlib.crc32(text.encode()) % 1_000 < permille


class _Answering:
    """One call at a time; its answer may get lost after all was done."""

    def __init__(self, platform: PracticePlatform, shop_id: str, what: str) -> None:
        self._platform, self._shop_id, self._what = platform, shop_id, what
        self._attempt = 0

    def __enter__(self) -> None:
        platform = self._platform
        platform._lock.acquire()
        try:
            platform._admit(self._shop_id)
            platform.calls += 1
            key = (self._shop_id, self._what)
            self._attempt = platform._attempts[key] = platform._attempts.get(key, 0) + 1
            if self._is(platform.temper.failing_permille, "failing"):
                raise Unreachable("the platform failed (500)")
        except BaseException:
            platform._lock.release()
            raise

    def __exit__(self, kind: object, *_: object) -> None:
        self._platform._lock.release()
        if kind is None and self._is(self._platform.temper.lost_permille, "lost"):
            raise Unreachable("the answer did not come in time")

    def _is(self, permille: int, how: str) -> bool:
        return self._platform._drawn(permille, how, self._shop_id, self._what, str(self._attempt))
