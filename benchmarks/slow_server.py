"""A server whose one method sleeps as long as its message says and sends it back, behind the product's own layers.

`python -m benchmarks.slow_server [--layers none|admission|all] [--workers N]` prints its port and serves until its
standard input ends. Layers: none, a thread pool as gRPC has it; admission alone; or all that stand around a call when
metrics and the request log are on.
"""

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from solver.access.caller import Caller, set_caller
from solver.api.admission import Admission, AdmissionLimits
from solver.api.guard import ErrorsToStatuses
from solver.api.watch import Watch
from solver.settings.watching import WatchingSettings


class ByMetadata(grpc.ServerInterceptor):
    """Takes the metadata `caller` for who calls; the product takes a token for it."""

    def intercept_service(self, continuation: Any, details: Any) -> Any:
        for key, value in details.invocation_metadata:
            if key == "caller":
                set_caller(Caller(caller_id=value))
        return continuation(details)


class Handlers(grpc.GenericRpcHandler):
    def __init__(self) -> None:
        self._handler: Any = grpc.unary_unary_rpc_method_handler(_work)

    def service(self, handler_call_details: Any) -> Any:  # noqa: ARG002 - gRPC's signature
        return self._handler


def _work(request: bytes, _: grpc.ServicerContext) -> bytes:
    seconds = float(request)
    if seconds:
        time.sleep(seconds)
    return request


def main() -> int:
    """Serve until nobody is there any more."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--layers", choices=("none", "admission", "all"), default="admission")
    parser.add_argument("--workers", type=int, default=8)
    options = parser.parse_args()
    admission = Admission(AdmissionLimits(workers=options.workers))
    watch = Watch(
        WatchingSettings(metrics_port=0, request_log="/dev/null") if options.layers == "all" else WatchingSettings()
    )
    streams = ThreadPoolExecutor(1)
    layers: list[grpc.ServerInterceptor] = [ErrorsToStatuses(streams)]
    if options.layers != "none":
        layers = [*watch.interceptors, ByMetadata(), admission, *layers]
    server = grpc.server(ThreadPoolExecutor(options.workers), interceptors=layers)
    server.add_generic_rpc_handlers([Handlers()])
    sys.stdout.write(f"{server.add_insecure_port('127.0.0.1:0')}\n")
    sys.stdout.flush()
    server.start()
    sys.stdin.read()
    server.stop(0).wait()
    admission.stop()
    watch.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
