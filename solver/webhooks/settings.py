"""How webhooks are sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """How often, how long, and where to.

    A try that is not answered in `timeout_seconds` has failed. The first one is repeated after about
    `first_pause_seconds`, each later one after twice as long, up to `longest_pause_seconds`; after `most_tries` it is a
    dead letter. `parallel` messages are under way at once, `parallel_per_endpoint` of them to one endpoint.
    `allowed_networks` are private networks, such as 10.0.0.0/8 or 127.0.0.0/8, that endpoints may be in.
    """

    timeout_seconds: float = 10.0
    first_pause_seconds: float = 5.0
    longest_pause_seconds: float = 3_600.0
    most_tries: int = 12
    parallel: int = 16
    parallel_per_endpoint: int = 4
    allowed_networks: tuple[str, ...] = ()
