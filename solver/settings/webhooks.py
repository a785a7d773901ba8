"""How plan events are sent to callers' endpoints."""

from dataclasses import dataclass

from solver.settings.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """Section `webhooks`."""

    timeout_seconds: float = setting(10.0, "a try that is not answered within it has failed", least=0.1, most=60)
    first_pause_seconds: float = setting(
        5.0, "after the first try that failed; twice as long after each later one, a fifth more or less", least=0.1
    )
    longest_pause_seconds: float = setting(3_600.0, "no pause is longer, but for that fifth", least=1)
    most_tries: int = setting(12, "a message that was tried so often is a dead letter", least=1, most=100)
    parallel: int = setting(16, "messages under way at once", least=1, most=256)
    parallel_per_endpoint: int = setting(4, "of these to one endpoint", least=1, most=256)
    allowed_networks: tuple[str, ...] = setting(
        (), "private networks that endpoints may be in, such as 10.0.0.0/8 or 127.0.0.0/8"
    )
