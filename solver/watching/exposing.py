"""Metrics over HTTP, for Prometheus to fetch, on a port of their own."""

import threading

from prometheus_client import GCCollector, PlatformCollector, ProcessCollector, start_http_server
from prometheus_client.registry import CollectorRegistry

from solver.errors import XunyuanError
from solver.watching.families import Families


class CannotExpose(XunyuanError):
    """The metrics' address is taken or not ours."""

    reason = "CANNOT_LISTEN"


def registry_of(families: Families) -> CollectorRegistry:
    """The families, and what Prometheus's own library tells of the process."""
    registry = CollectorRegistry(auto_describe=False)
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    registry.register(families)
    return registry


class Exposed:
    """Metrics that can be fetched from `http://HOST:PORT/metrics` until `stop`. Raises CannotExpose."""

    def __init__(self, families: Families, host: str, port: int) -> None:
        try:
            self._server, self._thread = start_http_server(port, addr=host, registry=registry_of(families))
        except OSError as error:
            raise CannotExpose(
                f"cannot tell metrics on {host}:{port}: {error.strerror}; give another watching.metrics_port, or 0"
            ) from error
        self.port = int(self._server.server_port)

    def stop(self) -> None:
        """Tell no more. Twice does nothing more."""
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
