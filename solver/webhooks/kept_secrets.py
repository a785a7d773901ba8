"""Secrets of endpoints as they lie in the database: sealed under the service's key, where it has one.

The key is the one over recipients' personal data, and lies in no database: whoever reads a database, or a backup, can
sign nothing. Without a key secrets lie in clear. Each is sealed for its endpoint and opens as no other's.
"""

import base64
from dataclasses import replace

from solver.errors import StateConflict
from solver.persons.seal import CannotOpen, Seal
from solver.storage.database import Database, Reader, Transaction
from solver.webhooks import rows
from solver.webhooks.model import Secrets

_SEALED = "sealed:"


class KeptSecrets:
    """Keeps them, and finds them again."""

    def __init__(self, seal: Seal | None = None) -> None:
        self._seal = seal

    def find(self, reader: Reader, endpoint_id: str) -> Secrets | None:
        """What signs; None: there is no such endpoint. Raises StateConflict (SECRETS_SEALED) without the right key."""
        kept = rows.secrets_of(reader, endpoint_id)
        if kept is None:
            return None
        current, previous = (self._opened(endpoint_id, one) for one in (kept.current, kept.previous))
        return replace(kept, current=current, previous=previous)

    def keep(self, tx: Transaction, endpoint_id: str, secrets: Secrets) -> None:
        """Sign with these from now on."""
        current, previous = (self.sealed(endpoint_id, one) for one in (secrets.current, secrets.previous))
        rows.keep_secrets(tx, endpoint_id, replace(secrets, current=current, previous=previous))

    def sealed(self, endpoint_id: str, secret: str) -> str:
        """A secret as it is kept."""
        if self._seal is None or not secret:
            return secret
        sealed = self._seal.seal_own(secret.encode(), _what(endpoint_id))
        return _SEALED + base64.b64encode(sealed).decode()

    def seal_those_in_clear(self, database: Database) -> int:
        """Seal what an earlier start left in clear; how many endpoints. Nothing is done without a key."""
        if self._seal is None:
            return 0
        with database.read() as reader:
            if not clear_ones(reader):
                return 0

        def act(tx: Transaction) -> int:
            in_clear = clear_ones(tx)
            for endpoint_id in in_clear:
                secrets = self.find(tx, endpoint_id)
                assert secrets is not None
                self.keep(tx, endpoint_id, secrets)
            return len(in_clear)

        sealed = database.run(act)
        database.empty_log()
        return sealed

    def reseal(self, database: Database) -> int:
        """Seal those under the service's key that its previous one sealed; of how many endpoints. Raises CannotOpen."""

        def act(tx: Transaction) -> int:
            return sum(self._reseal(tx, endpoint_id) for endpoint_id in sealed_ones(tx))

        resealed = database.run(act)
        database.empty_log()
        return resealed

    def _reseal(self, tx: Transaction, endpoint_id: str) -> bool:
        kept = rows.secrets_of(tx, endpoint_id)
        assert kept is not None, "it was found just now"
        assert self._seal is not None, "who seals anew has a key"
        both = [one.removeprefix(_SEALED) for one in (kept.current, kept.previous) if one.startswith(_SEALED)]
        if all(self._seal.resealed_own(base64.b64decode(one), _what(endpoint_id)) is None for one in both):
            return False
        opened = self.find(tx, endpoint_id)
        assert opened is not None
        self.keep(tx, endpoint_id, opened)
        return True

    def _opened(self, endpoint_id: str, kept: str) -> str:
        if not kept.startswith(_SEALED):
            return kept
        try:
            if self._seal is None:
                raise CannotOpen("this server has no key")
            return self._seal.open_own(base64.b64decode(kept.removeprefix(_SEALED)), _what(endpoint_id)).decode()
        except CannotOpen as error:
            raise StateConflict(
                f"the secret of endpoint {endpoint_id} is sealed, and {error}: give persons.key_file the key that "
                "sealed it, or delete the endpoint and make it anew",
                reason="SECRETS_SEALED",
                metadata={"endpoint_id": endpoint_id},
            ) from error


def clear_ones(reader: Reader) -> list[str]:
    """Endpoints of which a secret lies in clear."""
    return [endpoint_id for endpoint_id, sealed in _every(reader) if not all(sealed)]


def sealed_ones(reader: Reader) -> list[str]:
    """Endpoints of which a secret is sealed."""
    return [endpoint_id for endpoint_id, sealed in _every(reader) if any(sealed)]


def _every(reader: Reader) -> list[tuple[str, list[bool]]]:
    every = reader.query("SELECT endpoint_id, secret, previous_secret FROM webhook_endpoint ORDER BY endpoint_id")
    return [(endpoint_id, [one.startswith(_SEALED) for one in secrets if one]) for endpoint_id, *secrets in every]


def _what(endpoint_id: str) -> str:
    return f"the secret of webhook endpoint {endpoint_id}"
