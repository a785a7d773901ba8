"""The rules of access as they stand: one immutable picture of roles, callers and keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from solver.access.keys import has_digest, key_id_of
from solver.access.model import ApiKey, CallerTerms, KeyState, Role
from solver.access.rights import Rights, rights_of
from solver.clock import Clock
from solver.errors import Unauthenticated


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """A key with the digest of its secret, which is printed nowhere."""

    key: ApiKey
    digest: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class AccessBook:
    """Roles by id (those that ship among them), callers by id, keys by id, and which edition of the rules this is."""

    edition: int
    roles: Mapping[str, Role]
    callers: Mapping[str, CallerTerms]
    keys: Mapping[str, KeptKey]
    _rights: dict[str, Rights] = field(default_factory=dict, repr=False, compare=False)

    def rights_of(self, caller_id: str) -> Rights:
        """What a caller may do; one that nobody told of may do nothing."""
        rights = self._rights.get(caller_id)
        if rights is None:
            terms = self.callers.get(caller_id)
            if terms is None:
                return Rights(caller_id=caller_id)
            rights = self._rights[caller_id] = rights_of(terms, self.roles)
        return rights

    def key_of(self, token: str, clock: Clock) -> ApiKey:
        """The key that a token is of. Raises Unauthenticated with what is wrong with it, never with the token."""
        kept = self.keys.get(key_id_of(token))
        if kept is None or not has_digest(token, kept.digest):
            raise Unauthenticated("there is no such key; ask an administrator for one", reason="BAD_KEY")
        key = kept.key
        if key.state is not KeyState.ENABLED:
            raise Unauthenticated(
                f"the key {key.key_id} is {key.state}; ask an administrator", reason="KEY_NOT_ENABLED"
            )
        if key.expires_at is not None and clock.now() >= key.expires_at:
            raise Unauthenticated(
                f"the key {key.key_id} expired at {key.expires_at.isoformat()}; ask an administrator for another",
                reason="KEY_EXPIRED",
            )
        return key


def empty_book() -> AccessBook:
    """What holds before anything was read."""
    nothing: Mapping[str, CallerTerms] = MappingProxyType({})
    return AccessBook(edition=-1, roles={}, callers=nothing, keys={})
