"""Where a server may listen: on this machine as it likes, elsewhere only with certificates and tokens."""

import ipaddress

from solver.errors import FieldViolation, InvalidRequest


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server there. A name other than localhost may lead anywhere."""
    bare = host.strip("[]")
    if bare == "localhost" or bare.startswith("unix:"):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def refuse_exposed(host: str, *, has_certificate: bool, asks_for_tokens: bool, where: str) -> None:
    """Raise InvalidRequest for an address that others reach, unless calls are encrypted and bear tokens.

    `where` is how a command is told which database the keys are in.
    """
    if is_loopback(host):
        return
    violations = []
    if not has_certificate:
        remedy = (
            "others reach this address: give --tls-certificate and --tls-key (`python -m solver access certificate` "
            "makes a pair), or listen on 127.0.0.1"
        )
        violations.append(FieldViolation(field="server.host", value=repr(host), remedy=remedy))
    if not asks_for_tokens:
        remedy = (
            f"anybody could call: make a key with `python -m solver access key create NAME --role admin {where}`, or "
            "give --access-signing-keys; without either listen on 127.0.0.1"
        )
        violations.append(FieldViolation(field="access", value="no keys", remedy=remedy))
    if violations:
        raise InvalidRequest("the address", violations)
