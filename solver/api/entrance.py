"""How callers come in: the port, certificates, tokens and rights, wired for one server."""

import logging
from dataclasses import dataclass

import grpc

from solver.access.audit import AuditLog
from solver.access.certificates import CertificateFiles
from solver.access.door import Door
from solver.access.exposure import refuse_exposed
from solver.access.keeper import AccessKeeper
from solver.access.signed import SignatureCheck, SignedTokens
from solver.access.store import AccessStore
from solver.api.access import AccessServicer
from solver.api.access_guard import AccessGuard
from solver.api.access_subjects import Subjects
from solver.api.secure_port import CertificateWatch
from solver.app import Application
from solver.gen.xunyuan.access.v1 import access_pb2_grpc

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """How a server is guarded. The defaults are for a laptop: plain text, and no token until there is a key.

    `calls_per_second` is for callers without a rate of their own; 0 does not limit. Of every caller's rates this is one
    of `rate_processes` that allow an equal share each.
    """

    certificates: CertificateFiles | None = None
    signed_tokens: SignedTokens | None = None
    calls_per_second: int = 0
    rate_processes: int = 1
    reflection: bool = True


class Entrance:
    """Guards one server. Raises InvalidRequest for an address that others reach, without certificates or any token."""

    def __init__(self, application: Application, address: str, security: Security) -> None:
        clock = application.clock
        self.store = store = AccessStore(application.database, clock)
        self._database = application.database
        signed = None if security.signed_tokens is None else SignatureCheck(security.signed_tokens, clock)
        door = Door(
            store,
            clock,
            signed,
            calls_per_second=security.calls_per_second,
            processes=security.rate_processes,
        )
        refuse_exposed(
            address.rpartition(":")[0],
            has_certificate=security.certificates is not None,
            asks_for_tokens=not door.stands_open,
            where=f"{'--data' if self._database.store == 'sqlite' else '--url'} {self._database.name}",
        )
        self._watch = None if security.certificates is None else CertificateWatch(security.certificates, clock)
        self._door, self._log = door, AuditLog(application.database, clock)
        self._keeper = AccessKeeper(store, self._log, signed, also=self._tell_expiry)
        self.guard = AccessGuard(door, self._log, Subjects(application))

    def add_service(self, server: grpc.Server) -> None:
        """What administrators change the rules by."""
        servicer = AccessServicer(self.store, self._database)
        access_pb2_grpc.add_AccessServiceServicer_to_server(servicer, server)

    def open_port(self, server: grpc.Server, address: str) -> int:
        """Listen there, with TLS where there are certificates. Raises RuntimeError, as gRPC does, where it cannot."""
        if self._watch is None:
            return server.add_insecure_port(address)
        return server.add_secure_port(address, self._watch.credentials)

    def start(self) -> None:
        """Follow the rules, keys and certificates as they change."""
        _log.info(
            "%s", "no token is asked for: there is no key yet" if self.stands_open else "every call needs a token"
        )
        self._tell_expiry()
        self._keeper.start()

    @property
    def stands_open(self) -> bool:
        """Whether no token is asked for."""
        return self._door.stands_open

    def write(self) -> None:
        """Write at once what became of calls."""
        self._log.write(everything=True)

    def look(self) -> None:
        """Take over at once what was changed elsewhere."""
        self._keeper.look()

    def stop(self) -> None:
        """End after the last call, and write down what became of calls."""
        self.guard.stop()
        self._keeper.stop()

    def _tell_expiry(self) -> None:
        if self._watch is not None:
            self._watch.tell_expiry()
