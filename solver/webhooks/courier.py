"""Sends what waits, as long as it is this process's turn: of all servers on a database one sends at a time."""

import logging
import random as system_random
import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Protocol

from solver.clock import Clock
from solver.errors import StateConflict
from solver.settings.webhooks import WebhookSettings
from solver.storage.database import Database, Transaction
from solver.storage.errors import StorageUnusable
from solver.webhooks import rows
from solver.webhooks.address import networks_of
from solver.webhooks.kept_secrets import KeptSecrets
from solver.webhooks.model import Delivery, WebhookEndpoint
from solver.webhooks.pauses import pause_after
from solver.webhooks.queueing import is_behind, message_id, queue_next
from solver.webhooks.sending import GONE, Sender, Sent
from solver.webhooks.signing import signed_headers

LOOK_SECONDS = 0.1
TURN = timedelta(seconds=30)  # who dies has it for so long
RENEW_BEFORE = timedelta(seconds=20)  # of its end

_log = logging.getLogger(__name__)


class Sends(Protocol):
    """Whatever brings a message to a URL."""

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        """What came of one try."""
        ...


class Courier:
    """Begins with `start`, ends with `stop`; `round` is one look at what is to be done, and returns how much was begun.

    Messages of one order to one endpoint go one after the other; other orders and endpoints do not wait for them.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: WebhookSettings,
        sender: Sends,
        *,
        secrets: KeptSecrets | None = None,
        holder: str = "",
        random: Callable[[], float] = system_random.random,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._sender = sender
        self._secrets = secrets or KeptSecrets()
        self._holder = holder or uuid.uuid4().hex
        self._random = random
        self._turn_until = clock.now() - TURN
        self._under_way: dict[str, set[int]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(settings.parallel, thread_name_prefix="webhook")
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to send. Twice does nothing more."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End when what is under way has ended, and let another process send. Twice does nothing more."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self._pool.shutdown()
        if self._turn_until > self._clock.now():
            self._database.run(lambda tx: rows.end_turn(tx, self._holder))

    def round(self) -> int:
        """Begin all that may be begun now; how many messages."""
        with self._database.read() as reader:
            open_ones = [one for one in rows.endpoints(reader) if not one.disabled]
        if not open_ones or not self._has_turn():
            return 0
        return sum(self._serve(one) for one in open_ones)

    def wait(self) -> None:
        """Wait until nothing is under way."""
        while self._count_under_way():
            self._stopping.wait(0.005)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self.round()
            except StorageUnusable:  # closed: nothing more can be sent
                return
            except Exception:
                _log.exception("webhooks could not be sent; it is tried again")
                self._stopping.wait(1.0)

    def _has_turn(self) -> bool:
        now = self._clock.now()
        if self._turn_until - now <= RENEW_BEFORE:
            until = now + TURN
            took = self._database.run(lambda tx: rows.take_turn(tx, self._holder, now, until))
            self._turn_until = until if took else now - TURN
        return self._turn_until > now

    def _serve(self, endpoint: WebhookEndpoint) -> int:
        now = self._clock.now()
        with self._lock:
            under_way = set(self._under_way.get(endpoint.endpoint_id, ()))
        most = min(
            self._settings.parallel_per_endpoint - len(under_way), self._settings.parallel - self._count_under_way()
        )
        if most <= 0:
            return 0
        with self._database.read() as reader:
            behind = is_behind(reader, endpoint)
        if behind:
            self._database.run(lambda tx: queue_next(tx, endpoint.endpoint_id, now))
        with self._database.read() as reader:
            found = rows.due(reader, endpoint.endpoint_id, now, under_way, most)
        for one in found:
            with self._lock:
                self._under_way.setdefault(endpoint.endpoint_id, set()).add(one.number)
            self._pool.submit(self._deliver, endpoint.url, one)
        return len(found)

    def _deliver(self, url: str, delivery: Delivery) -> None:
        try:
            self._note(delivery, self._sent(url, delivery))
        except Exception:  # what came of it is not kept, so it is sent again: at least once
            _log.exception("event %d to %s: what came of it could not be kept", delivery.number, delivery.endpoint_id)
        finally:
            with self._lock:
                self._under_way[delivery.endpoint_id].discard(delivery.number)

    def _sent(self, url: str, delivery: Delivery) -> Sent:
        now = self._clock.now()
        try:
            with self._database.read() as reader:
                secrets = self._secrets.find(reader, delivery.endpoint_id)
        except StateConflict as error:
            return Sent(status=0, error=str(error))
        if secrets is None:
            return Sent(status=0, error="the endpoint was deleted")
        headers = signed_headers(secrets.valid(now), message_id(delivery.number), now, delivery.body)
        return self._sender.send(url, headers, delivery.body)

    def _note(self, delivery: Delivery, sent: Sent) -> None:
        now = self._clock.now()

        def act(tx: Transaction) -> None:
            if sent.is_delivered:
                rows.delivered(tx, delivery)
                return
            tries = delivery.tries + 1
            is_last = tries >= self._settings.most_tries
            again_at = None if is_last else now + pause_after(tries, self._settings, self._random)
            rows.failed(tx, delivery, sent.error, now, again_at)
            if sent.status == GONE:
                rows.disable(tx, delivery.endpoint_id, "it answered 410 Gone; enable it once it is there again")

        self._database.run(act)
        if not sent.is_delivered:
            _log.warning("event %d did not reach endpoint %s: %s", delivery.number, delivery.endpoint_id, sent.error)

    def _count_under_way(self) -> int:
        with self._lock:
            return sum(len(numbers) for numbers in self._under_way.values())


def courier_of(database: Database, clock: Clock, settings: WebhookSettings, secrets: KeptSecrets) -> Courier:
    """One that sends over HTTP as the settings say. Raises InvalidRequest for networks that are none."""
    allowed = networks_of(settings.allowed_networks)
    sender = Sender(allowed=allowed, timeout_seconds=settings.timeout_seconds)
    return Courier(database, clock, settings, sender, secrets=secrets)
