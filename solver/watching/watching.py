"""Everything that watches calls: counts at once, lines of the log and spans of traces in the background."""

import logging
import threading
from collections import deque

from solver.watching.meters import Meters
from solver.watching.records import CallRecord, trace_id_of
from solver.watching.request_log import RequestLog, line_of
from solver.watching.traces import Traces

MOST_RECORDS = 20_000  # calls that ended and are not written down yet; more are dropped, and counted
_PAUSE_SECONDS = 0.2
_log = logging.getLogger(__name__)


class Watching:
    """Takes note of calls. `note` may be called from any thread; `close` writes down what is left."""

    def __init__(self, meters: Meters, log: RequestLog | None = None, traces: Traces | None = None) -> None:
        self.meters = meters
        self.keeps_records = log is not None or traces is not None
        self.dropped = 0
        self._log = log
        self._traces = traces
        self._records: deque[CallRecord] = deque()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="watching", daemon=True)
        if self.keeps_records:
            self._thread.start()

    def note(self, record: CallRecord) -> None:
        """Have a call written down soon."""
        if len(self._records) < MOST_RECORDS:
            self._records.append(record)
        else:
            self.dropped += 1

    def close(self) -> None:
        """Write down what is left, and end. Twice does nothing more."""
        if not self.keeps_records or self._closing.is_set():
            return
        self._closing.set()
        self._thread.join()
        if self._log is not None:
            self._log.close()
        if self._traces is not None:
            self._traces.close()

    def _work(self) -> None:
        while not self._closing.wait(_PAUSE_SECONDS):
            self._write_down()
        self._write_down()

    def _write_down(self) -> None:
        lines: list[bytes] = []
        try:
            for _ in range(len(self._records)):
                record = self._records.popleft()
                trace_id = trace_id_of(record.traceparent) if self._traces is None else self._traces.note(record)
                if self._log is not None:
                    lines.append(line_of(record, trace_id))
            if lines and self._log is not None:
                self._log.write(lines)
        except Exception:  # a full disk must not end the watch
            self.dropped += len(lines)
            _log.exception("calls could not be written down")
