"""Who is let in: a token becomes a caller with rights, or is refused.

Tokens that were found good are remembered, by a digest of theirs, until they expire or any rule changes: a signature is
checked once, not for every call.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from solver.access.book import AccessBook
from solver.access.caller import Caller
from solver.access.keys import is_key
from solver.access.rates import Rates
from solver.access.rights import Rights
from solver.access.signed import SignatureCheck
from solver.access.store import AccessStore
from solver.clock import Clock
from solver.errors import Unauthenticated

MOST_REMEMBERED = 10_000
MOST_TOKEN_CHARACTERS = 8_192
_SCHEME = "bearer "


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Somebody who showed a good token: who it is, and what it may do until then."""

    caller: Caller
    rights: Rights
    expires_at: datetime | None


class Door:
    """Admits callers by the rules of a store, for any number of threads.

    It stands open for everybody until there is a key, or signed tokens are taken. `calls_per_second` is what a caller
    may have that nobody gave another number; of all rates this is one of so many `processes` that allow a share each.
    """

    def __init__(
        self,
        store: AccessStore,
        clock: Clock,
        signed: SignatureCheck | None = None,
        *,
        calls_per_second: int = 0,
        processes: int = 1,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._clock = clock
        self._signed = signed
        self._calls_per_second = calls_per_second
        self._calls = Rates("calls", "second", 1.0, monotonic, processes=processes)
        self._holds = Rates("holds", "minute", 60.0, monotonic, processes=processes)
        self._lock = threading.Lock()
        self._known: dict[bytes, Admitted] = {}
        self._known_by: tuple[AccessBook, int] | None = None

    @property
    def stands_open(self) -> bool:
        """Whether no token is asked for."""
        return self._signed is None and not self._store.book.keys

    def admit(self, authorization: str | None) -> Admitted:
        """Who shows this header, `Bearer TOKEN`. Raises Unauthenticated."""
        token = _token_of(authorization)
        digest = hashlib.sha256(token.encode()).digest()
        by = (self._store.book, 0 if self._signed is None else self._signed.edition)
        known = self._known.get(digest) if self._is_known_by(by) else None
        if known is None or (known.expires_at is not None and self._clock.now() >= known.expires_at):
            known = self._admitted(token, by[0])
            with self._lock:
                if not self._is_known_by(by) or len(self._known) >= MOST_REMEMBERED:
                    self._known, self._known_by = {}, by
                self._known[digest] = known
        return known

    def take_call(self, admitted: Admitted) -> None:
        """Count one more call of the caller. Raises TooBusy."""
        rights = admitted.rights
        self._calls.take(rights.caller_id, 1, rights.allowance.calls_per_second or self._calls_per_second)

    def take_holds(self, rights: Rights, holds: int) -> None:
        """Count more holds of the caller. Raises TooBusy, and InvalidRequest for more than it may ever have at once."""
        self._holds.take(rights.caller_id, holds, rights.allowance.holds_per_minute)

    def _is_known_by(self, by: tuple[AccessBook, int]) -> bool:
        known = self._known_by
        return known is not None and known[0] is by[0] and known[1] == by[1]

    def _admitted(self, token: str, book: AccessBook) -> Admitted:
        if is_key(token):
            key = book.key_of(token, self._clock)
            caller_id, expires_at = key.caller_id, key.expires_at
        elif self._signed is not None:
            claims = self._signed.claims_of(token)
            caller_id, expires_at = claims.subject, claims.expires_at
        else:
            raise Unauthenticated("the token is no key of this service; ask an administrator for one", reason="BAD_KEY")
        return Admitted(caller=Caller(caller_id=caller_id), rights=book.rights_of(caller_id), expires_at=expires_at)


def _token_of(authorization: str | None) -> str:
    if authorization is None:
        raise Unauthenticated("send a token: metadata `authorization: Bearer TOKEN`", reason="NO_TOKEN")
    token = authorization[len(_SCHEME) :].strip()
    is_token = 0 < len(token) <= MOST_TOKEN_CHARACTERS and token.isascii() and token.isprintable()
    if authorization[: len(_SCHEME)].lower() != _SCHEME or not is_token:
        raise Unauthenticated("the metadata `authorization` must be `Bearer TOKEN`", reason="NO_TOKEN")
    return token
