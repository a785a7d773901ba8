"""What watches one server: wired from its settings, told and written down from `start` to `stop`."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from solver.api.admission import Admission
from solver.api.watched import WatchedCalls
from solver.app import Application
from solver.errors import FieldViolation, InvalidRequest
from solver.settings.watching import WatchingSettings
from solver.watching.meters import Meters
from solver.watching.request_log import RequestLog
from solver.watching.sights import FollowerLag, Sights
from solver.watching.traces import Traces, exporter_to
from solver.watching.watching import Watching

if TYPE_CHECKING:
    from solver.watching.exposing import Exposed


class Watch:
    """Counts, writes down and traces calls as the settings say; nothing is done where they say nothing.

    Raises InvalidRequest where the log cannot be written, CannotExpose where the metrics' address is taken.
    """

    def __init__(self, settings: WatchingSettings, traces: Traces | None = None) -> None:
        self._settings = settings
        log = None if settings.request_log is None else _log_at(settings.request_log)
        if traces is None and settings.traces_endpoint is not None:
            traces = Traces(exporter_to(settings.traces_endpoint), settings.traces_share)
        self.watching = Watching(Meters(), log, traces)
        is_on = self.watching.keeps_records or settings.metrics_port is not None
        self.interceptors = [WatchedCalls(self.watching)] if is_on else []
        self._exposed: Exposed | None = None

    @property
    def metrics_port(self) -> int | None:
        """Where metrics are told; None where they are not."""
        return None if self._exposed is None else self._exposed.port

    def turned_away(self, method: str, caller_id: str, cause: str) -> None:
        """A call was refused before any work."""
        for one in self.interceptors:
            one.turned_away(method, caller_id, cause)

    def start(self, sights: Sights) -> None:
        """Tell metrics."""
        settings = self._settings
        if settings.metrics_port is not None:
            from solver.watching.exposing import Exposed  # Prometheus's library takes a moment
            from solver.watching.families import Families

            families = Families(self.watching.meters, sights, lambda: self.watching.dropped)
            self._exposed = Exposed(families, settings.metrics_host, settings.metrics_port)

    def stop(self) -> None:
        """Tell no more, and write down what is left. Twice does nothing more."""
        if self._exposed is not None:
            self._exposed.stop()
        self.watching.close()


def application_sights(application: Application, admission: Admission) -> Sights:
    """Whom to ask about an application behind an admission."""

    def lags() -> Iterator[FollowerLag]:
        with application.database.read() as reader:
            for follower, of in (("decisions", application.planner.asking.lag), ("feed", application.feed.lag)):
                lag = of(reader)
                yield FollowerLag(follower=follower, entries=lag.entries, seconds=lag.micros / 1_000_000)

    return Sights(lanes=admission.states, lags=lags, store=_store_of(application), release=_release())


def _store_of(application: Application) -> str:
    return "postgresql" if application.database.name.startswith("postgres") else "sqlite"


def _release() -> str:
    try:
        return version("xunyuan")
    except PackageNotFoundError:  # run from a checkout
        return "unreleased"


def _log_at(where: str) -> RequestLog:
    try:
        return RequestLog(where)
    except OSError as error:
        remedy = f"cannot be written: {error.strerror}; give another file, or - for standard error"
        violation = FieldViolation(field="watching.request_log", value=repr(where), remedy=remedy)
        raise InvalidRequest("the request log", [violation]) from error
