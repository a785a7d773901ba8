"""Values of stock for every policy that minds them, reckoned in the background, never in a caller's time.

A caller's question takes the values that are there. A thread of its own looks every few seconds whether those of a
policy are due: too old, or reckoned on stock that has come or gone since.
"""

import hashlib
import logging
import threading
import time
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from solver.catalog.catalog import Catalog
from solver.clock import Clock
from solver.errors import LostRace, RequestIdReused, Violations
from solver.foresight.stock_values import ValuerState
from solver.fulfilment.question import UnitsBySource
from solver.fulfilment.questions import Questions
from solver.fulfilment.sources import CatalogSource, NetworkSource, PolicySource
from solver.fulfilment.valuing.model import (
    MOST_AGE,
    WHOLE,
    StockValue,
    StockValues,
    StockValuing,
    ValuedPolicy,
    check_valuing,
)
from solver.fulfilment.valuing.orders_kept import OrdersKept
from solver.fulfilment.valuing.reckoning import Job, reckoned, reckoned_apart
from solver.network.network import Network
from solver.sourcing.policy import DEFAULT_POLICY, Policy
from solver.sourcing.terms.stock_value import SHARE, TERM
from solver.stock.following.live import LiveAvailability
from solver.storage.database import Database
from solver.storage.once import Request, request_for
from solver.storage.registry import Registry

LOOK_SECONDS = 5.0
KEPT = timedelta(days=56)  # orders that are older tell nothing
_MOST_ASKED = 16  # policies that only callers name
_REST = 4.0  # times as long as it took, the thread rests
_SETTINGS = "settings"
_NOTHING: tuple[int, Mapping[str, Mapping[str, int]]] = (0, {})
_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder(order="deterministic").encode


def minds_values(policy: Policy) -> bool:
    """Whether values of stock count under the policy."""
    return bool(SHARE.of(policy)) and TERM.name not in policy.off


def values_kept(database: Database, clock: Clock) -> Registry[StockValues]:
    """Where values are kept, the latest of each policy."""
    return Registry(database, clock, "stock_values", StockValues, lambda one: one.policy_digest)


def digest_of(policy: Policy) -> str:
    """What tells policies apart: all that they say."""
    return hashlib.sha256(_encode(policy)).hexdigest()


class Valuing:
    """Keeps values current. For any number of threads; servers of one database share what each of them reckons."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: NetworkSource,
        policies: PolicySource,
        questions: Questions,
        live: LiveAvailability,
    ) -> None:
        self._database, self._clock = database, clock
        self._catalog, self._network, self._policies, self._live = catalog, network, policies, live
        self._settings = Registry(database, clock, "stock_valuing", StockValuing, lambda _: _SETTINGS)
        self._kept = values_kept(database, clock)
        self._orders = OrdersKept(questions)
        self._asked: deque[Policy] = deque(maxlen=_MOST_ASKED)
        self._digests: tuple[tuple[Policy, str], ...] = ()
        self._states: dict[str, tuple[Network, Catalog, ValuerState]] = {}
        self._looking = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def settings(self) -> StockValuing:
        """How values are reckoned."""
        return self._settings.nouns.get(_SETTINGS) or StockValuing()

    def set(self, request: Request, settings: StockValuing) -> StockValuing:
        """Reckon so from now on. Raises InvalidRequest, RequestIdReused, LostRace."""
        violations = Violations()
        check_valuing(settings, "valuing", violations)
        violations.refuse_any("how stock is valued")
        self._settings.upsert(request, [settings])
        return self.settings

    def of(self, policy: Policy, there: UnitsBySource) -> tuple[int, Mapping[str, Mapping[str, int]]]:
        """The version (0: none) and the values under the policy that concern what is there. It only looks them up."""
        if not minds_values(policy) or not self.settings.is_on:
            return _NOTHING
        known = self._known(policy)
        if known is None or self._clock.now() - known.reckoned_at > MOST_AGE:
            return _NOTHING
        values = {}
        for sku, of_sources in there.items():
            worth = known.values.get(sku)
            if worth:
                values[sku] = {one: worth[one] for one in of_sources if one in worth}
        return known.version, {sku: of for sku, of in values.items() if of}

    def start(self) -> None:
        """Look after values in the background until `close` is called."""
        self._thread = threading.Thread(target=self._work, name="stock values", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, after what is being reckoned."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def look(self) -> int:
        """Reckon what is due; how many policies' values that were."""
        with self._looking:
            settings = self.settings
            if not settings.is_on:
                return 0
            return sum(self._reckon_if_due(policy, settings) for policy in self._minding())

    def standing(self) -> tuple[ValuedPolicy, ...]:
        """Every policy that minds values and is known here, and how those stand."""
        return tuple(self._stands(policy) for policy in self._minding())

    def rows(self, policy_id: str, version: int) -> tuple[StockValue, ...]:
        """What a unit is worth under a policy (the latest version where 0 is given), by SKU and site."""
        found = [one for one in self._kept.nouns.values() if one.policy_id == policy_id]
        wanted = [one for one in found if version in (0, one.policy_version)]
        latest = max(wanted, key=lambda one: (one.policy_version, one.version), default=None)
        if latest is None:
            return ()
        return tuple(
            StockValue(sku=sku, site_id=site_id, value_minor=minor, units=latest.units.get(sku, {}).get(site_id, 0))
            for sku, of_sources in sorted(latest.values.items())
            for site_id, minor in sorted(of_sources.items())
        )

    def _known(self, policy: Policy) -> StockValues | None:
        digest = next((one for other, one in self._digests if other is policy or other == policy), None)
        if digest is None:
            digest = digest_of(policy)
            self._digests = (*self._digests, (policy, digest))[-4 * _MOST_ASKED :]
            self._asked.append(policy)
        return self._kept.nouns.get(digest)

    def _minding(self) -> list[Policy]:
        named = [DEFAULT_POLICY, *(document.policy for document in self._policies.documents.values()), *self._asked]
        found: list[Policy] = []
        for policy in named:
            if minds_values(policy) and policy not in found:
                found.append(policy)
        return found

    def _stands(self, policy: Policy) -> ValuedPolicy:
        known = self._kept.nouns.get(digest_of(policy))
        if known is None:
            return ValuedPolicy(policy_id=policy.policy_id, policy_version=policy.version)
        return ValuedPolicy(
            policy_id=policy.policy_id,
            policy_version=policy.version,
            version=known.version,
            reckoned_at=known.reckoned_at,
            age_seconds=max(0, (self._clock.now() - known.reckoned_at) // timedelta(seconds=1)),
            expected_until=known.expected_until,
            orders_seen=known.orders_seen,
            trusted_permille=known.trusted_permille,
            reckoning_micros=known.reckoning_micros,
            moved_permille=_moved_permille(known.units, self._units(known.units)),
            places=sum(len(of_sources) for of_sources in known.values.values()),
        )

    def _reckon_if_due(self, policy: Policy, settings: StockValuing) -> bool:
        digest, now = digest_of(policy), self._clock.now()
        known = self._kept.nouns.get(digest)
        if known is not None and now - known.reckoned_at < timedelta(minutes=settings.refresh_minutes):
            moved = _moved_permille(known.units, self._units(known.units))
            if moved < settings.moved_permille:
                return False
        values = self._reckoned(policy, digest, now, settings, 1 if known is None else known.version + 1)
        if values is None:
            return False
        request = request_for("ReckonStockValues", f"{digest[:32]}-{values.version}", values.reckoned_at)
        try:
            self._kept.upsert(request, [values])
        except (LostRace, RequestIdReused):
            return False  # another server reckoned them meanwhile
        return True

    def _reckoned(
        self, policy: Policy, digest: str, now: datetime, settings: StockValuing, version: int
    ) -> StockValues | None:
        """Values by the orders seen so far; None where there are none."""
        begun = time.perf_counter()
        network, catalog = self._network.network, self._catalog.catalog
        self._orders.catch_up(self._database, now - KEPT)
        seen, latest = self._orders.seen(catalog, network.regions), self._orders.latest
        if seen is None or latest is None:
            return None
        until = now + timedelta(days=settings.ahead_days)
        expected = seen.expected(now, until)
        units = self._units({sku for _, parts in expected for sku, _ in parts})
        known_units = {
            sku: {one: count for one, count in of.items() if one in network.sources} for sku, of in units.items()
        }
        apart = settings.own_process and self._thread is threading.current_thread()
        found = (reckoned_apart if apart else reckoned)(
            Job(
                network=network,
                catalog=catalog,
                policy=policy,
                units=known_units,
                expected=expected,
                like=replace(latest, placed_at=now),
                seen=seen.total,
                seed=int(digest[:8], 16),
                futures=settings.futures,
                kept=settings.kept_permille / WHOLE,
                state=self._state(digest, network, catalog),
            )
        )
        self._states[digest] = network, catalog, found.state
        return StockValues(
            version=version,
            policy_digest=digest,
            policy_id=policy.policy_id,
            policy_version=policy.version,
            reckoned_at=now,
            expected_until=until,
            orders_seen=seen.total,
            trusted_permille=round(WHOLE * found.share),
            reckoning_micros=round(1e6 * (time.perf_counter() - begun)),
            units={sku: {one: n for one, n in of.items() if n} for sku, of in known_units.items()},
            values=found.values,
        )

    def _state(self, digest: str, network: Network, catalog: Catalog) -> ValuerState | None:
        """What the reckoning before left, where network and catalog are still the same."""
        kept = self._states.get(digest)
        if kept is None or kept[0] is not network or kept[1].materials is not catalog.materials:
            return None
        return kept[2]

    def _units(self, skus: Collection[str]) -> UnitsBySource:
        with self._database.read() as reader:
            return self._live.available_and_held(reader, sorted(skus))[0]

    def _work(self) -> None:
        while not self._closing.wait(LOOK_SECONDS):
            begun = time.monotonic()
            try:
                self.look()
            except Exception:  # a service without fresh values is dearer, not wrong
                _log.exception("stock values could not be reckoned; those that are there count on")
            self._closing.wait(_REST * (time.monotonic() - begun))


def _moved_permille(then: Mapping[str, Mapping[str, int]], now: UnitsBySource) -> int:
    """Of the units that lay there then, how many thousandths have come or gone, place by place."""
    lay = sum(sum(of.values()) for of in then.values())
    moved = sum(
        abs(now.get(sku, {}).get(one, 0) - then[sku].get(one, 0))
        for sku in then
        for one in {*then[sku], *now.get(sku, {})}
    )
    return WHOLE * moved // max(1, lay)
