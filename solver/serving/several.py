"""`python -m solver.serving.several COUNT METRICS_PORT HOST PORT SERVER ...`: what `server.py --processes N` becomes.

A process of its own that imports next to nothing. It keeps the port for its servers, also while none of them listens.
"""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from solver.errors import XunyuanError
from solver.serving.supervisor import Supervisor

NO_METRICS = "-"


class PortTaken(XunyuanError):
    """Others listen there already."""

    reason = "CANNOT_LISTEN"


def become_several(count: int, metrics_port: int | None, host: str, port: int, server: Sequence[str]) -> NoReturn:
    """Let this process, which has opened nothing yet, become the one that keeps so many of `server` running."""
    metrics = NO_METRICS if metrics_port is None else str(metrics_port)
    command = [sys.executable, "-m", "solver.serving.several", str(count), metrics, host, str(port), *server]
    paths = [str(Path(__file__).resolve().parents[2]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own command, without a shell


def main(arguments: Sequence[str]) -> int:
    """Keep the servers running; the exit code as of a server alone."""
    count, metrics, host, port, *server = arguments
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        kept = keep_port(host, int(port))
    except XunyuanError as error:
        sys.stderr.write(f"cannot start: {error}\n")
        return 1
    with kept:
        command = _command(server, int(count), kept.getsockname()[1], None if metrics == NO_METRICS else int(metrics))
        return asyncio.run(_run(int(count), command))


async def _run(count: int, command: Callable[[int, int], Sequence[str]]) -> int:
    return await Supervisor(count, command).run()


def keep_port(host: str, port: int) -> socket.socket:
    """A socket that holds the port and never listens, so that servers of this user may. Raises PortTaken."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    kept = socket.socket(family, kind, protocol)
    try:
        if port:
            with socket.socket(family, kind, protocol) as alone:
                alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                alone.bind(address)  # refused where anybody listens there, one that shares its port too
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        kept.bind(address)
    except OSError as error:
        kept.close()
        raise PortTaken(f"cannot listen on {host}:{port}: is another server running there?") from error
    return kept


def _command(
    server: Sequence[str], count: int, port: int, metrics_port: int | None
) -> Callable[[int, int], Sequence[str]]:
    """Each place has two ports for metrics, in turns: a new process serves before the old one has ended."""

    def command(number: int, turn: int) -> Sequence[str]:
        own = ["--processes", "1", "--server-shares-port", "--port", str(port)]
        if metrics_port:
            own += ["--metrics-port", str(metrics_port + number + count * (turn % 2))]
        return [sys.executable, *server, *own]

    return command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
