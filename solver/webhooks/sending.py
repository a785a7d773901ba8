"""One message over HTTP: to an address that was judged, with no redirect, no proxy, and an end in time."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from solver.webhooks.address import AddressRefused, LookUp, Network, Target, address_for, system_look_up, target_of

GONE = 410
_USER_AGENT = "xunyuan-webhooks/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of a try: the status that was answered (0: none was), and what is wrong; empty: nothing."""

    status: int
    error: str = ""

    @property
    def is_delivered(self) -> bool:
        """True where the receiver said that it has the message."""
        return not self.error


class Sender:
    """Sends. `look_up` finds the addresses of names; `tls` says whom to trust (None: whom the machine trusts)."""

    def __init__(
        self,
        *,
        allowed: Sequence[Network],
        timeout_seconds: float,
        look_up: LookUp = system_look_up,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = allowed
        self._timeout_seconds = timeout_seconds
        self._look_up = look_up
        self._tls = tls or ssl.create_default_context()

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        """POST the body. It never raises for what lies outside of us.

        The whole try ends within the timeout, unless the look-up of the name takes longer: then it ends with that.
        """
        target, ends_at = target_of(url), time.monotonic() + self._timeout_seconds
        try:
            address = address_for(target, self._allowed, self._look_up)
            left = ends_at - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"its name was looked up for {self._timeout_seconds:g} s and longer")
            raw = socket.create_connection((address, target.port), timeout=left)
        except (OSError, AddressRefused) as error:
            return Sent(status=0, error=f"no connection: {error}")
        cutting = _Cutting(raw, max(ends_at - time.monotonic(), 0.0))
        try:
            return _judged(self._asked(target, cutting, headers, body))
        except (OSError, http.client.HTTPException, ValueError) as error:
            text = f"no answer within {self._timeout_seconds:g} s, or a broken one: {error!r}"
            return Sent(status=0, error=text[:400])
        finally:
            cutting.end()

    def _asked(self, target: Target, cutting: "_Cutting", headers: Mapping[str, str], body: bytes) -> int:
        """The status that was answered; what follows it is nothing to us."""
        connection = http.client.HTTPConnection(target.host, target.port)
        if target.is_https:
            wrapped = self._tls.wrap_socket(cutting.socket, server_hostname=target.host, do_handshake_on_connect=False)
            cutting.socket = wrapped
            wrapped.do_handshake()
        connection.sock = cutting.socket
        whole = {
            "Host": target.host_header,
            "User-Agent": _USER_AGENT,
            "Content-Type": "application/json",
            "Connection": "close",
            **headers,
        }
        connection.request("POST", target.path, body, whole)
        answer = connection.getresponse()
        answer.close()
        if cutting.is_cut:  # what came until then may look like an answer
            raise TimeoutError("it answered too slowly")
        return answer.status


class _Cutting:
    """Ends a connection in time, whatever it does: a read has a timeout of its own, but many reads have many."""

    def __init__(self, connected: socket.socket, seconds: float) -> None:
        self.socket = connected
        self.is_cut = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """Close it now."""
        self._timer.cancel()
        self.socket.close()

    def _cut(self) -> None:
        self.is_cut = True
        with suppress(OSError):  # it may be closed already
            self.socket.shutdown(socket.SHUT_RDWR)


def _judged(status: int) -> Sent:
    if 200 <= status < 300:
        return Sent(status=status)
    if 300 <= status < 400:
        return Sent(status=status, error=f"answered {status}: redirects are not followed; give the final URL")
    return Sent(status=status, error=f"answered {status}")
