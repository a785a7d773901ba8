"""A server with an administrator, and refusals as its clients see them."""

from collections.abc import Callable

import pytest

from solver.access.model import Allowance, AuditRecord, Binding, CallerTerms, Decision, KeyWish, Scope
from solver.client import CallFailed, Client, ClientSecurity
from solver.client.client import BULK_SECONDS
from tests.running import HOST, Running


class Guarded:
    """A server with an administrator, and clients for whoever is wanted."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.clients: list[Client] = []
        with self.client("") as nobody:  # the door stands open until the first key
            nobody.access.upsert_callers([CallerTerms(caller_id="root", bindings=(Binding(role_id="admin"),))])
            _, token = nobody.access.create_key(KeyWish(caller_id="root"))
        self.root = self.client(token)

    def client(self, token: str, *, bulk_seconds: float = BULK_SECONDS) -> Client:
        """Whoever has this token."""
        target = f"{HOST}:{self.running.server.port}"
        self.clients.append(Client(target, security=ClientSecurity(token=token), bulk_seconds=bulk_seconds))
        return self.clients[-1]

    def caller(self, name: str, *roles: str, scope: Scope | None = None, **allowance: int) -> Client:
        """A caller with these roles, and a key."""
        bindings = tuple(Binding(role_id=one, scope=scope or Scope()) for one in roles)
        self.root.access.upsert_callers(
            [CallerTerms(caller_id=name, bindings=bindings, allowance=Allowance(**allowance))]
        )
        return self.client(self.root.access.create_key(KeyWish(caller_id=name))[1])

    def audit(self) -> list[AuditRecord]:
        """What the log says of calls, once it is written."""
        self.running.server.entrance.write()
        return [one for one in self.root.access.audit() if one.decision is not Decision.CHANGED]

    def close(self) -> None:
        for one in self.clients:
            one.close()


def refused(call: Callable[[], object]) -> CallFailed:
    with pytest.raises(CallFailed) as raised:
        call()
    return raised.value
