"""Where messages may go: public addresses over https, and private networks that are allowed by name.

A name is looked up once for each try, every address that it has is judged, and the connection goes to one that was
judged: a name that points elsewhere a moment later leads nowhere.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from solver.errors import Violations

MOST_URL_CHARACTERS = 2_048
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
LookUp: TypeAlias = Callable[[str, int], Sequence[str]]


class AddressRefused(Exception):
    """A name has no address, or one that messages may not go to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL taken apart. `path` has the query too."""

    is_https: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """What the header `Host` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_https else 80) else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """The parts of a URL that `check_url` accepts."""
    parts = urlsplit(url)
    is_https = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(is_https=is_https, host=parts.hostname or "", port=parts.port or (443 if is_https else 80), path=path)


def check_url(url: str, path: str, violations: Violations, allowed: Sequence[Network]) -> None:
    """Record what is wrong with an endpoint's URL, as far as that shows without a look-up."""
    sound = len(url) <= MOST_URL_CHARACTERS and url.isascii() and url.isprintable() and " " not in url
    try:
        parts = urlsplit(url)
        sound = sound and parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
        plain = not parts.username and not parts.password and not parts.fragment
    except ValueError:
        sound = plain = False
    if not violations.require(sound, path, url, "give an https URL, such as https://shop.example.com/hooks"):
        return
    violations.require(plain, path, "a URL with more in it", "leave out user, password and fragment")
    address = _literal(target_of(url).host)
    if parts.scheme == "http":
        loopback = address is not None and address.is_loopback
        violations.require(loopback, path, url, "http goes to 127.0.0.1 or [::1] alone; use https")
    if address is not None:
        why = _refusal(address, allowed)
        violations.require(not why, path, url, why)


def address_for(target: Target, allowed: Sequence[Network], look_up: LookUp) -> str:
    """An address of the host to connect to. Raises AddressRefused unless messages may go to all that it has."""
    literal = _literal(target.host)
    found = [str(literal)] if literal is not None else list(look_up(target.host, target.port))
    if not found:
        raise AddressRefused(f"{target.host} has no address")
    for one in found:
        if why := _refusal(ipaddress.ip_address(one), allowed):
            raise AddressRefused(f"{target.host} is at {one}: {why}")
    return found[0]


def system_look_up(host: str, port: int) -> Sequence[str]:
    """What the machine's resolver says. Raises AddressRefused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"{host} could not be looked up: {error}") from error
    return list(dict.fromkeys(str(sockaddr[0]).partition("%")[0] for *_, sockaddr in found))


def networks_of(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks by their names, such as 10.0.0.0/8. Raises InvalidRequest."""
    violations, networks = Violations(), []
    for position, text in enumerate(texts):
        try:
            networks.append(ipaddress.ip_network(text))
        except ValueError:
            violations.add(f"allowed_networks[{position}]", text, "give a network such as 10.0.0.0/8 or ::1/128")
    violations.refuse_any("the settings of webhooks")
    return tuple(networks)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _within(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The older address that one of these leads to, by any of the ways of writing one within the other."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _refusal(address: Address, allowed: Sequence[Network]) -> str:
    """Why messages may not go there; empty: they may."""
    if isinstance(address, ipaddress.IPv6Address):
        address = _within(address) or address
    if any(address in network for network in allowed):
        return ""
    if address.is_global and not address.is_multicast:
        return ""
    return "it is not a public address; allow its network in webhooks.allowed_networks if that is meant"
