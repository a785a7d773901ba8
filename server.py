"""Xunyuan's gRPC server: `python server.py --data FOLDER`, or `--url URL`. Wiring only."""

import gc

gc.disable()  # until all is imported: what is made before then stays; to look through it again and again takes a second

import os

os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # else its core logs what peers send, garbage and all

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import NoReturn

from solver.access.certificates import CertificateFiles
from solver.access.signed import SignedTokens
from solver.api.entrance import Security
from solver.api.server import Limits, Server
from solver.api.watch import Watch
from solver.app import Application
from solver.clock import SystemClock
from solver.errors import InvalidRequest, Violations, XunyuanError
from solver.fulfilment.forgetting import OrdersForgotten
from solver.late import import_late
from solver.ledger.invoicing.adapters import platform_of
from solver.ledger.invoicing.background import IssuingThread
from solver.persons.forgetting import ForgettingThread
from solver.scenario.files import read_scenario
from solver.scenario.load import load_if_empty
from solver.serving.ending import Ending
from solver.serving.several import become_several
from solver.settings.options import add_options
from solver.settings.reading import printed, read_configuration
from solver.settings.settings import Settings
from solver.sourcing.policy import Policy
from solver.storage.requests_forgotten import RequestsForgotten
from solver.storage.url import sqlite_path
from solver.waves.warm import warm
from solver.webhooks.courier import Courier, courier_of

OVERTIME_SECONDS = 5.0  # for what has to be closed after the last call, before the process is ended by force
NOTICE_SECONDS = 5.0  # a search that is compiled already is ready long before
# When to look for garbage. What plans are made of lasts longer than the usual 700 objects: to look would be in vain.
GARBAGE = 10_000, 20, 20
DAY_SECONDS = 86_400.0  # every answer and every order that is kept is looked at, whether it is to be forgotten
SWITCH_SECONDS = 0.001  # a call gives up the interpreter many times, and waits so long for it where others compute


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wired:
    """All that serves, put together; nothing of it runs yet. `policies` are those of the scenario that was loaded."""

    application: Application
    server: Server
    beside: Sequence[Courier | ForgettingThread | IssuingThread]
    policies: Sequence[Policy]


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM, then stop gracefully. 0 after a clean stop, 1 when it cannot start."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    ending = Ending()
    try:
        configuration = read_configuration(options, os.environ)
        settings = configuration.settings
        if options.print_config:
            sys.stdout.write(printed(configuration))
            return 0
        if settings.server.processes > 1:
            _become_several(settings, sys.argv[1:] if arguments is None else arguments)
        wired = _wired(settings)
    except InvalidRequest as error:
        sys.stderr.write("".join(f"cannot start: {violation}\n" for violation in error.violations))
        return 1
    except XunyuanError as error:
        sys.stderr.write(f"cannot start: {error}\n")
        return 1
    late = _begin(wired, settings, ending)
    ending.wait()
    ending.within(settings.server.notice_seconds + settings.server.drain_seconds + OVERTIME_SECONDS)
    _end(wired, settings, late)
    return 0


def _wired(settings: Settings) -> _Wired:
    """Raises InvalidRequest, and what opening the database, reading the scenario or taking the port raises."""
    application = Application.open(
        settings.storage.where, SystemClock(), webhooks=settings.webhooks, persons=settings.persons
    )
    policies = []
    if settings.storage.load is not None:
        scenario = read_scenario(settings.storage.load)
        load_if_empty(application, scenario)
        policies.append(scenario.policy)
    server = Server(
        application,
        f"{settings.server.host}:{settings.server.port}",
        _limits(settings),
        _security(settings),
        Watch(settings.watching),
        shares_port=settings.server.shares_port,
    )
    return _Wired(application=application, server=server, beside=_beside(application, settings), policies=policies)


def _begin(wired: _Wired, settings: Settings, ending: Ending) -> threading.Thread:
    """Make ready, then serve; the thread that still imports what can wait."""
    application, planner = wired.application, wired.application.planner
    sys.setswitchinterval(SWITCH_SECONDS)
    _on_signals(lambda *_: _end_at_once(application))  # nobody is served yet, so nothing has to be waited for
    reading = threading.Thread(target=planner.read_stock, name="reading", daemon=True)
    reading.start()
    _warm()
    reading.join()
    ending.listen()
    planner.make_ready(*wired.policies)
    planner.stay_ready()
    wired.server.start()
    late = threading.Thread(target=_import_late, name="late imports", daemon=True)
    late.start()
    for one in wired.beside:
        one.start()
    where = application.database.name if settings.storage.url else settings.storage.data
    sys.stdout.write(f"serving on {settings.server.host}:{wired.server.port}, data in {where}\n")
    sys.stdout.flush()
    return late


def _end(wired: _Wired, settings: Settings, late: threading.Thread) -> None:
    wired.server.stop(settings.server.drain_seconds, settings.server.notice_seconds)
    late.join()
    for one in wired.beside:
        one.stop()
    wired.application.planner.rest()
    wired.application.close()
    sys.stdout.write("stopped\n")


def _become_several(settings: Settings, arguments: list[str]) -> NoReturn:
    """Raises InvalidRequest where several processes could not have the same data."""
    violations = Violations()
    is_shared = sqlite_path(settings.storage.where) is None
    violations.require(is_shared, "server.processes", settings.server.processes, "give a postgresql:// URL with --url")
    violations.refuse_any("the configuration")
    server = [str(Path(__file__).resolve()), *arguments]
    if not settings.access.rate_processes:
        server += ["--access-rate-processes", str(settings.server.processes)]
    metrics_port = settings.watching.metrics_port
    become_several(settings.server.processes, metrics_port, settings.server.host, settings.server.port, server)


def _beside(application: Application, settings: Settings) -> list[Courier | ForgettingThread | IssuingThread]:
    """What works beside the server: it sends webhooks, forgets what is old, and asks for invoices of a named platform.

    Raises InvalidRequest.
    """
    database, clock = application.database, application.clock
    persons, platform = settings.persons, settings.invoices.platform
    requests = RequestsForgotten(database, clock)
    orders = OrdersForgotten(database, clock, application.planner.keeping)
    beside: list[Courier | ForgettingThread | IssuingThread] = [
        courier_of(database, clock, settings.webhooks, application.endpoints.secrets),
        ForgettingThread("recipients", application.vault.forget, _age(persons.recipient_days)),
        ForgettingThread("answers to requests", requests.forget, _age(settings.storage.request_days), DAY_SECONDS),
        ForgettingThread("orders of plans", orders.forget, _age(persons.plan_order_days), DAY_SECONDS),
    ]
    if platform:
        beside.append(IssuingThread(application.finance.invoicing.issuing(platform_of(platform))))
    return beside


def _age(days: int) -> timedelta | None:
    return timedelta(days=days) if days else None


def _on_signals(act: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, act)


def _end_at_once(application: Application) -> NoReturn:
    """End the process in the midst of compiling.

    No exception could: the compiler calls back into Python from C, where one that is raised is lost.
    """
    _on_signals(signal.SIG_IGN)
    application.close()
    sys.stdout.write("stopped\n")
    sys.stdout.flush()
    os._exit(0)


def _warm() -> None:
    """Make the search ready; where that means to compile it, say so: it takes minutes."""
    text = "compiling the search, as after every change of it; this takes some minutes\n"
    notice = threading.Timer(NOTICE_SECONDS, sys.stderr.write, [text])
    notice.start()
    try:
        warm()
    finally:
        notice.cancel()


def _import_late() -> None:
    """Import what can wait; from then on look for garbage, but not in all that is there by now.

    It stays, but for some dead objects. To look through it takes a tenth of a second, in which nobody is answered.
    """
    try:
        import_late()
    finally:
        gc.freeze()
        gc.set_threshold(*GARBAGE)
        gc.enable()


def _limits(settings: Settings) -> Limits:
    server, admission = settings.server, settings.admission
    return Limits(
        workers=server.workers,
        watchers=server.watchers,
        concurrent_calls=server.concurrent_calls,
        request_bytes=server.request_bytes,
        heavy_workers=admission.heavy_workers,
        waiting_calls=admission.waiting_calls,
        waiting_seconds=admission.waiting_seconds,
        shares=admission.share_of_callers(),
    )


def _security(settings: Settings) -> Security:
    tls, access = settings.tls, settings.access
    certificates, signed_tokens = None, None
    if tls.certificate is not None and tls.key is not None:
        certificates = CertificateFiles(certificate=tls.certificate, key=tls.key, client_ca=tls.client_ca)
    if access.signing_keys is not None:
        signed_tokens = SignedTokens(
            keys_file=access.signing_keys,
            issuer=access.issuer or "",
            audience=access.audience or "",
            leeway_seconds=access.leeway_seconds,
        )
    return Security(
        certificates=certificates,
        signed_tokens=signed_tokens,
        calls_per_second=access.calls_per_second,
        rate_processes=access.rate_processes or 1,
        reflection=access.reflection,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Xunyuan: order sourcing over gRPC.", allow_abbrev=False)
    parser.add_argument("--print-config", action="store_true", help="print what holds and where it is stated, and end")
    add_options(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
