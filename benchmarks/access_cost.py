"""What it costs to ask who calls: processor time for each call, `python -m benchmarks.access_cost`."""

import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import grpc

from solver.access.model import Binding, CallerTerms, KeyWish, Scope
from solver.api.entrance import Entrance, Security
from solver.app import Application
from solver.clock import SystemClock
from solver.storage.once import request_for

CALLS, TRIES = 5_000, 9
PATH = "/xunyuan.stock.v1.StockService/ListStockLevels"


class Details(NamedTuple):
    """What gRPC tells an interceptor of a call."""

    method: str
    invocation_metadata: tuple[tuple[str, str], ...]


def main() -> None:
    """Print microseconds for each way of guarding: no token asked for, a key, a key with limits."""
    for name, scope in (("no token asked for", None), ("a key", Scope()), ("a key with limits", Scope(sources=("W",)))):
        print(f"{name:20} {_micros(scope):6.2f} microseconds a call")


def _micros(scope: Scope | None) -> float:
    with tempfile.TemporaryDirectory() as folder:
        application = Application.open(Path(folder), SystemClock())
        entrance = Entrance(application, "127.0.0.1:0", Security())
        metadata = [("user-agent", "a benchmark")]
        if scope is not None:
            terms = CallerTerms(caller_id="viewer", bindings=(Binding(role_id="viewer", scope=scope),))
            entrance.store.upsert_callers(request_for("UpsertCallers", "1"), [terms])
            _, token = entrance.store.create_key(request_for("CreateKey", "1"), KeyWish(caller_id="viewer"))
            metadata.append(("authorization", f"Bearer {token}"))
        best = min(_once(entrance, Details(PATH, tuple(metadata))) for _ in range(TRIES))
        entrance.stop()
        application.close()
    return best


def _once(entrance: Entrance, details: Any) -> float:
    handler: Any = grpc.unary_unary_rpc_method_handler(lambda request, _: request)
    begun = time.process_time()
    for _ in range(CALLS):
        assert entrance.guard.intercept_service(lambda _: handler, details) is not None
    return (time.process_time() - begun) / CALLS * 1e6


if __name__ == "__main__":
    main()
