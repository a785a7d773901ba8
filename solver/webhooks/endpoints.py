"""What owners do with their endpoints: checked, done once."""

import secrets as system_random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from solver.clock import Clock
from solver.errors import NotFound, StateConflict, Violations
from solver.fulfilment.plan_events.rows import last_number
from solver.settings.webhooks import WebhookSettings
from solver.storage.database import Database, Reader, Transaction
from solver.storage.once import Request, once
from solver.validation import MOST_ROWS, check_id, check_words
from solver.webhooks import rows
from solver.webhooks.address import check_url, networks_of
from solver.webhooks.kept_secrets import KeptSecrets
from solver.webhooks.model import MOST_ENDPOINTS, DeadLetter, EndpointCommand, Secrets, WebhookEndpoint
from solver.webhooks.signing import new_secret

LONGEST_OVERLAP = timedelta(days=30)


class Endpoints:
    """Where events are sent. `random_bytes` makes secrets, `secrets` keeps them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: WebhookSettings,
        *,
        secrets: KeptSecrets | None = None,
        random_bytes: Callable[[int], bytes] = system_random.token_bytes,
    ) -> None:
        self._database = database
        self._clock = clock
        self._allowed = networks_of(settings.allowed_networks)
        self.secrets = secrets or KeptSecrets()
        self._random_bytes = random_bytes

    def upsert(self, request: Request, command: EndpointCommand) -> tuple[WebhookEndpoint, str]:
        """Keep an endpoint, and its secret where it is new (otherwise empty); a new one is told what comes from now on.

        Raises InvalidRequest, RequestIdReused, StateConflict (TOO_MANY_ENDPOINTS), and NotFound for a repeated request
        where the endpoint was deleted since.
        """
        self._refuse_invalid(command)

        def act(tx: Transaction) -> bytes:
            known = {one.endpoint_id for one in rows.endpoints(tx)}
            is_new = command.endpoint_id not in known
            if is_new and len(known) >= MOST_ENDPOINTS:
                raise StateConflict(
                    f"there are {len(known)} endpoints already, which is the most; delete one that is not needed",
                    reason="TOO_MANY_ENDPOINTS",
                )
            secret = self.secrets.sealed(command.endpoint_id, new_secret(self._random_bytes))
            rows.keep(tx, command, secret, last_number(tx))
            return b"new" if is_new else b""

        is_new = once(self._database, self._clock, request, act).body == b"new"
        with self._database.read() as reader:
            endpoint = self._found(reader, command.endpoint_id)
            return endpoint, self._secrets(reader, command.endpoint_id).current if is_new else ""

    def rotate(self, request: Request, endpoint_id: str, overlap: timedelta) -> Secrets:
        """A new secret. The one before signs too for so long; one before that no more.

        Raises InvalidRequest, NotFound, RequestIdReused.
        """
        violations = Violations()
        check_id(endpoint_id, "endpoint_id", violations)
        sound = timedelta(0) <= overlap <= LONGEST_OVERLAP
        violations.require(sound, "overlap", str(overlap), f"give 0 to {LONGEST_OVERLAP.days} days")
        violations.refuse_any("the rotation")

        def act(tx: Transaction) -> bytes:
            old = self._secrets(tx, endpoint_id)
            until = self._clock.now() + overlap
            new = Secrets(current=new_secret(self._random_bytes), previous=old.current, previous_until=until)
            self.secrets.keep(tx, endpoint_id, new)
            return b""

        once(self._database, self._clock, request, act)
        with self._database.read() as reader:
            return self._secrets(reader, endpoint_id)

    def delete(self, request: Request, endpoint_id: str) -> None:
        """Forget an endpoint, and what waits for it. Raises NotFound, RequestIdReused."""

        def act(tx: Transaction) -> bytes:
            self._refuse_unknown(tx, endpoint_id)
            rows.drop(tx, endpoint_id)
            return b""

        once(self._database, self._clock, request, act)

    def every(self) -> list[WebhookEndpoint]:
        """Every endpoint with what waits for it, in the order of their ids."""
        with self._database.read() as reader:
            counts = rows.counts(reader)
            return [_counted(one, counts) for one in rows.endpoints(reader)]

    def dead_letters(self, endpoint_id: str, after_number: int, most: int = MOST_ROWS) -> list[DeadLetter]:
        """What could not be sent, in the order of numbers. Raises NotFound."""
        with self._database.read() as reader:
            self._refuse_unknown(reader, endpoint_id)
            return rows.dead_letters(reader, endpoint_id, after_number, most)

    def send_again(self, request: Request, endpoint_id: str, numbers: Sequence[int]) -> int:
        """Try dead letters anew, these or (none named) all; how many. Raises NotFound, InvalidRequest."""
        violations = Violations()
        violations.require(len(numbers) <= MOST_ROWS, "numbers", f"{len(numbers)} rows", f"send at most {MOST_ROWS:,}")
        violations.refuse_any("the request to send again")

        def act(tx: Transaction) -> bytes:
            self._refuse_unknown(tx, endpoint_id)
            return str(rows.revive(tx, endpoint_id, numbers, self._clock.now())).encode()

        return int(once(self._database, self._clock, request, act).body)

    def _refuse_invalid(self, command: EndpointCommand) -> None:
        violations = Violations()
        check_id(command.endpoint_id, "endpoint_id", violations)
        check_url(command.url, "url", violations, self._allowed)
        for path, words in (("channels", command.channels), ("brands", command.brands)):
            violations.require(len(words) <= MOST_ROWS, path, f"{len(words)} rows", f"name at most {MOST_ROWS:,}")
            check_words(words, path, violations)
        violations.refuse_any("the endpoint")

    def _secrets(self, reader: Reader, endpoint_id: str) -> Secrets:
        found = self.secrets.find(reader, endpoint_id)
        if found is None:
            raise _no_endpoint(endpoint_id)
        return found

    def _refuse_unknown(self, reader: Reader, endpoint_id: str) -> None:
        if rows.secrets_of(reader, endpoint_id) is None:
            raise _no_endpoint(endpoint_id)

    def _found(self, reader: Reader, endpoint_id: str) -> WebhookEndpoint:
        counts = rows.counts(reader)
        for one in rows.endpoints(reader):
            if one.endpoint_id == endpoint_id:
                return _counted(one, counts)
        raise _no_endpoint(endpoint_id)


def _no_endpoint(endpoint_id: str) -> NotFound:
    return NotFound(f"there is no webhook endpoint {endpoint_id[:128]!r}", metadata={"endpoint_id": endpoint_id[:128]})


def _counted(endpoint: WebhookEndpoint, counts: dict[str, tuple[int, int]]) -> WebhookEndpoint:
    waiting, dead = counts.get(endpoint.endpoint_id, (0, 0))
    return replace(endpoint, waiting=waiting, dead=dead)
