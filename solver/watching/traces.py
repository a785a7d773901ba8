"""Calls as spans of OpenTelemetry, their phases as spans within, sent to a collector in the background."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from solver.errors import XunyuanError
from solver.watching.call_notes import CallNotes
from solver.watching.records import CallRecord

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

_NANOS = 1_000_000_000


class TracesMissing(XunyuanError):
    """What sends traces is not installed."""

    reason = "TRACES_MISSING"


def exporter_to(endpoint: str) -> "SpanExporter":
    """What sends spans to a collector by OTLP over gRPC; `https://` demands TLS. Raises TracesMissing."""
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.exporter") is None:
        raise TracesMissing(
            "watching.traces_endpoint: traces are sent by the extra `traces`, which is not installed: "
            "install xunyuan[traces], or leave the setting out"
        )
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=endpoint, insecure=not endpoint.startswith("https://"))


class Traces:
    """Makes spans of calls that ended; a share of those that no caller traces, and what callers trace.

    For one thread at a time.
    """

    def __init__(self, exporter: "SpanExporter", share: float) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(share)),
            resource=Resource.create({"service.name": "xunyuan"}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("xunyuan")
        self._propagator = TraceContextTextMapPropagator()

    def note(self, record: CallRecord) -> str:
        """Keep a call's spans to be sent; the id of its trace."""
        from opentelemetry.trace import SpanKind, StatusCode

        ended = round(record.ended_at * _NANOS)
        span = self._tracer.start_span(
            record.method.removeprefix("/"),
            context=self._propagator.extract({"traceparent": record.traceparent}) if record.traceparent else None,
            kind=SpanKind.SERVER,
            start_time=ended - round((record.seconds + record.waited_seconds) * _NANOS),
            attributes=_attributes(record),
        )
        if span.is_recording():
            begins = ended - round(record.seconds * _NANOS)
            if record.waited_seconds > 0:
                self._within(span, "wait", begins - round(record.waited_seconds * _NANOS), begins)
            if record.notes is not None:
                self._phases(span, record.notes, record.ended, ended)
            if record.status != "OK":
                span.set_status(StatusCode.ERROR, record.status)
        span.end(ended)
        return format(span.get_span_context().trace_id, "032x")

    def close(self) -> None:
        """Send what is left, and end."""
        self._provider.shutdown()

    def _phases(self, span: "Span", notes: CallNotes, ended: float, ended_nanos: int) -> None:
        begun = notes.begun
        for phase, at in notes.laps:
            first, last = (ended_nanos - round((ended - moment) * _NANOS) for moment in (begun, at))
            self._within(span, phase.name.lower(), first, last)
            begun = at

    def _within(self, span: "Span", name: str, begun_nanos: int, ended_nanos: int) -> None:
        from opentelemetry.trace import set_span_in_context

        child = self._tracer.start_span(name, context=set_span_in_context(span), start_time=begun_nanos)
        child.end(ended_nanos)


def _attributes(record: CallRecord) -> dict[str, Any]:
    service, _, method = record.method.removeprefix("/").rpartition("/")
    found: dict[str, Any] = {
        "rpc.system": "grpc",
        "rpc.service": service,
        "rpc.method": method,
        "rpc.grpc.status": record.status,
        "xunyuan.caller": record.caller_id,
    }
    notes = record.notes
    if notes is not None and notes.request_id:
        found["xunyuan.request_id"] = notes.request_id
    if notes is not None and len(notes.plans) == 1:
        plan = notes.plans[0]
        found["xunyuan.order_id"], found["xunyuan.plan_id"] = plan.order_id, plan.plan_id
        found["xunyuan.engine"] = plan.engine
    return found
