"""For receivers of webhooks: whether a message is from the service."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from solver.webhooks.signing import TOLERANCE, BadSignature, verify

__all__ = ["BadSignature", "verify_webhook"]


def verify_webhook(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: datetime | None = None,
    tolerance: timedelta = TOLERANCE,
) -> None:
    """Raise BadSignature unless the body, just as it came, was signed with the endpoint's secret a short while ago.

    A message may come twice: its header `webhook-id` is the same then.
    """
    verify(secret, headers, body, now or datetime.now(UTC), tolerance)
