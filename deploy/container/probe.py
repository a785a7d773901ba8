"""Asks the server of this machine whether it serves, as health probes do: exit code 0 if so, else 1.

Kubernetes' own gRPC probe knows no TLS. PROBE_ADDRESS is where (127.0.0.1:50151), PROBE_CA the authority of the
server's certificate, PROBE_NAME the name in it, PROBE_CERTIFICATE and PROBE_KEY our own where the server asks for one.
It imports next to nothing, since it runs every few seconds.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import grpc

ADDRESS = "127.0.0.1:50151"
SECONDS = 4.0
SERVING = b"\x08\x01"  # HealthCheckResponse{status: SERVING}
CHECK = "/grpc.health.v1.Health/Check"


def main(environment: Mapping[str, str]) -> int:
    """0 where the server answers that it serves."""
    with channel(environment) as opened:
        check: Any = opened.unary_unary(CHECK)  # bytes in, bytes out
        try:
            answer = check(b"", timeout=SECONDS)
        except grpc.RpcError as error:
            sys.stderr.write(f"{error.code().name if isinstance(error, grpc.Call) else error}\n")
            return 1
    return 0 if answer == SERVING else 1


def channel(environment: Mapping[str, str]) -> grpc.Channel:
    """A channel as the environment says; in plain text without PROBE_CA."""
    address = environment.get("PROBE_ADDRESS", ADDRESS)
    if "PROBE_CA" not in environment:
        return grpc.insecure_channel(address)
    read = {name: Path(environment[name]).read_bytes() for name in _FILES if environment.get(name)}
    credentials = grpc.ssl_channel_credentials(
        read["PROBE_CA"], private_key=read.get("PROBE_KEY"), certificate_chain=read.get("PROBE_CERTIFICATE")
    )
    name = environment.get("PROBE_NAME", "localhost")
    return grpc.secure_channel(address, credentials, options=[("grpc.ssl_target_name_override", name)])


_FILES = ("PROBE_CA", "PROBE_CERTIFICATE", "PROBE_KEY")

if __name__ == "__main__":
    sys.exit(main(os.environ))
