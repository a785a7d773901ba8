"""What a server tells of itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from solver.settings.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchingSettings:
    """Section `watching`. By default nothing is told, and nothing is spent on it."""

    metrics_host: str = setting("127.0.0.1", "address that metrics are told on; the default is this machine only")
    metrics_port: int | None = setting(
        None,
        "port of metrics for Prometheus, over HTTP; 0 takes a free one, without it none are told",
        least=0,
        most=65_535,
        option="--metrics-port",
    )
    request_log: str | None = setting(
        None,
        "file that gets a line of JSON for each call; - is standard error; without it none are written",
        option="--request-log",
    )
    traces_endpoint: str | None = setting(
        None, "collector of traces (OTLP over gRPC), such as http://127.0.0.1:4317; needs the extra `traces`"
    )
    traces_share: float = setting(0.01, "share of calls that are traced where the caller does not say", least=0, most=1)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Settings that do not go together, each with its remedy."""
        endpoint = self.traces_endpoint
        if endpoint is not None and not endpoint.startswith(("http://", "https://")):
            yield "traces_endpoint", "begin with http:// or https://"
