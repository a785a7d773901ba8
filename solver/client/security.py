"""How a client reaches a service that is guarded: certificates, and the token that says who calls."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from solver.errors import FieldViolation, InvalidRequest

_Continuation = Callable[[grpc.ClientCallDetails, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSecurity:
    """What a client shows and whom it trusts. The defaults are for a service on this machine that asks for nothing.

    `token` is a key or a signed token; it is printed nowhere. `ca` are authorities whose certificates are trusted;
    `tls` without it trusts those that the system does. `certificate` and `key` are the client's own, where the service
    asks for them. `server_name` is the name in the server's certificate where it is not that of the target.
    """

    token: str = field(default="", repr=False)
    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    server_name: str = ""

    @property
    def is_encrypted(self) -> bool:
        """Whether calls go over TLS."""
        return self.tls or self.ca is not None or self.certificate is not None


def secured_channel(target: str, security: ClientSecurity, options: list[tuple[str, Any]]) -> grpc.Channel:
    """A channel as `security` says.

    Raises InvalidRequest for a file that cannot be read, and for a token that would travel in plain text.
    """
    if security.server_name:
        options = [*options, ("grpc.ssl_target_name_override", security.server_name)]
    if security.is_encrypted:
        channel = grpc.secure_channel(target, _credentials(security), options)
    else:
        _refuse_plain_token(target, security)
        channel = grpc.insecure_channel(target, options)
    return grpc.intercept_channel(channel, _Bearer(security.token)) if security.token else channel


def _credentials(security: ClientSecurity) -> grpc.ChannelCredentials:
    if (security.certificate is None) != (security.key is None):
        name = "key" if security.key is None else "certificate"
        raise _refused(name, "none", "a client's certificate and its key go together: give both")
    return grpc.ssl_channel_credentials(
        root_certificates=_read("ca", security.ca),
        private_key=_read("key", security.key),
        certificate_chain=_read("certificate", security.certificate),
    )


def _read(name: str, path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refused(name, str(path), f"cannot be read ({error.strerror}): name a file in PEM") from error


def _refuse_plain_token(target: str, security: ClientSecurity) -> None:
    if security.token and not _is_this_machine(target):
        raise _refused("target", target, "a token must not travel in plain text: give `ca`, or `tls` for the system's")


def _is_this_machine(target: str) -> bool:
    host = target.rpartition(":")[0].strip("[]")
    if host in ("localhost", "unix") or target.startswith("unix:"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(name: str, value: str, remedy: str) -> InvalidRequest:
    return InvalidRequest("the connection", [FieldViolation(field=name, value=value, remedy=remedy)])


class _Details(grpc.ClientCallDetails):
    """The details of a call, with the token among its metadata."""

    def __init__(self, details: Any, header: tuple[str, str]) -> None:
        self.method = details.method
        self.timeout = details.timeout
        self.metadata = (*(details.metadata or ()), header)
        self.credentials = details.credentials
        self.wait_for_ready = details.wait_for_ready
        self.compression = details.compression


class _Bearer(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Sends the token with every call."""

    def __init__(self, token: str) -> None:
        self._header = ("authorization", f"Bearer {token}")

    def intercept_unary_unary(self, continuation: _Continuation, details: grpc.ClientCallDetails, request: Any) -> Any:
        """Send it with a call."""
        return continuation(_Details(details, self._header), request)

    def intercept_unary_stream(self, continuation: _Continuation, details: grpc.ClientCallDetails, request: Any) -> Any:
        """Send it with a call whose answer is a stream."""
        return continuation(_Details(details, self._header), request)
