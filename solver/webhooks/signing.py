"""Signatures in the manner of Standard Webhooks: HMAC-SHA256 over id, time and body.

A secret is `whsec_` and base64 of 32 random bytes. The header `webhook-signature` has one `v1,` signature for each
valid secret, separated by blanks; a receiver accepts a message of which one is right and whose time is near.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

PREFIX = "whsec_"
SECRET_BYTES = 32
TOLERANCE = timedelta(minutes=5)
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class BadSignature(Exception):
    """A message is not from us, was changed on its way, or is too old."""


def new_secret(random_bytes: Callable[[int], bytes]) -> str:
    """A secret that was never used."""
    return PREFIX + base64.b64encode(random_bytes(SECRET_BYTES)).decode()


def signed_headers(secrets: Sequence[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that prove who sent the body, and when."""
    seconds = str(int(at.timestamp()))
    signatures = [f"v1,{_signature(secret, message_id, seconds, body)}" for secret in secrets]
    return {ID: message_id, TIMESTAMP: seconds, SIGNATURE: " ".join(signatures)}


def verify(
    secret: str, headers: Mapping[str, str], body: bytes, now: datetime, tolerance: timedelta = TOLERANCE
) -> None:
    """Raise BadSignature unless the body was signed with the secret, and not longer ago (or ahead) than `tolerance`."""
    of = {name.lower(): value for name, value in headers.items()}
    missing = [name for name in (ID, TIMESTAMP, SIGNATURE) if not of.get(name)]
    if missing:
        raise BadSignature(f"the message has no {', '.join(missing)} header: it was not sent by this service")
    seconds = of[TIMESTAMP]
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        raise BadSignature(f"{TIMESTAMP} is {seconds[:20]!r}, which is no number of seconds")
    age_seconds = now.timestamp() - int(seconds)
    if abs(age_seconds) > tolerance.total_seconds():
        raise BadSignature(f"the message was signed {age_seconds:.0f} s ago; more than {tolerance} is not accepted")
    expected = _signature(secret, of[ID], seconds, body)
    for signature in of[SIGNATURE].split(" "):
        version, _, given = signature.partition(",")
        if version == "v1" and hmac.compare_digest(expected.encode(), given.encode()):
            return
    raise BadSignature("no signature was made with this secret: check the secret, and that the body is as it came")


def _signature(secret: str, message_id: str, seconds: str, body: bytes) -> str:
    signed = f"{message_id}.{seconds}.".encode() + body
    return base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSignature(f"the secret is not {PREFIX} and base64") from error
