"""Promises on the wire. Their deliveries have much in common, which is encoded once and put together as bytes.

A message is its fields one after another, in any sequence, and a message within another is its bytes with their length
before them: so parts that were encoded apart are joined to the very message.
"""

from datetime import datetime
from typing import Any

from google.protobuf.message import Message

from solver.clock import EPOCH
from solver.errors import BrokenInvariant, Violations
from solver.fulfilment.promising.model import Delivery, OptionPromise, Promise
from solver.gen.xunyuan.network.v1 import source_pb2
from solver.gen.xunyuan.sourcing.v1 import order_pb2, plan_pb2, promise_pb2
from solver.network.model import SourceKind
from solver.sourcing.plan import LineAnswer, Package
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Stage
from solver.wire.codec import from_proto
from solver.wire.filling import to_proto

_Promise: Any = promise_pb2.Promise  # these take dictionaries for messages within them, which their types do not say
_Delivery: Any = promise_pb2.Delivery
_Package: Any = plan_pb2.Package
_LENGTH_DELIMITED = 2
_SEVEN_BITS, _MORE = 0x7F, 0x80
_KINDS = {kind: source_pb2.SourceKind.Value(f"SOURCE_KIND_{kind.name}") for kind in SourceKind}
_STAGES = {stage: plan_pb2.StockStage.Value(f"STOCK_STAGE_{stage.name}") for stage in Stage}
_MOST_POLICIES = 512
_policies: dict[int, tuple[Policy, bytes]] = {}  # by identity, which the kept policy holds on to


def write_promise(promise: Promise, message: promise_pb2.Promise) -> None:
    """Have an empty message say the same."""
    written = _Written()
    head = _Promise(
        currency=promise.currency,
        valid_until=_time(promise.valid_until),
        earliest_option_id=promise.earliest_option_id,
        cheapest_option_id=promise.cheapest_option_id,
        notes=promise.notes,
        notes_zh=promise.notes_zh,
    )
    options = [_within(_Tag.OPTIONS, written.option(option)) for option in promise.options]
    message.ParseFromString(b"".join((head.SerializeToString(), *options)))


def _tag(message: type[Message], name: str) -> bytes:
    """What stands before the length of a field that is a message."""
    number: int = message.DESCRIPTOR.fields_by_name[name].number
    return _varint(number << 3 | _LENGTH_DELIMITED)


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > _SEVEN_BITS:
        written.append(value & _SEVEN_BITS | _MORE)
        value >>= 7
    written.append(value)
    return bytes(written)


class _Tag:
    OPTIONS = _tag(promise_pb2.Promise, "options")
    EARLIEST = _tag(promise_pb2.OptionPromise, "earliest")
    CHEAPEST = _tag(promise_pb2.OptionPromise, "cheapest")
    PACKAGES = _tag(promise_pb2.Delivery, "packages")
    LINES = _tag(promise_pb2.Delivery, "lines")
    POLICY = _tag(promise_pb2.Delivery, "policy")


_lengths = [_varint(length) for length in range(1 << 12)]


def _within(tag: bytes, encoded: bytes) -> bytes:
    """An encoded message as a field of another."""
    length = len(encoded)
    return b"".join((tag, _lengths[length] if length < len(_lengths) else _varint(length), encoded))


class _Written:
    """What was encoded of one promise, by identity, which the promise holds on to."""

    def __init__(self) -> None:
        self._deliveries: dict[tuple[object, ...], bytes] = {}
        self._packages: dict[int, bytes] = {}
        self._lines: dict[int, bytes] = {}

    def option(self, option: OptionPromise) -> bytes:
        """An option, encoded."""
        parts = [promise_pb2.OptionPromise(option_id=option.option_id).SerializeToString()]
        if option.earliest is not None:
            parts.append(_within(_Tag.EARLIEST, self._delivery(option.earliest)))
        if option.cheapest is not None:
            parts.append(_within(_Tag.CHEAPEST, self._delivery(option.cheapest)))
        return b"".join(parts)

    def _delivery(self, delivery: Delivery) -> bytes:
        """Deliveries of the same packages are alike but for when they are promised, their fee and their policy."""
        key = (
            id(delivery.packages),
            id(delivery.lines),
            id(delivery.cost_minor),
            delivery.promised_at,
            delivery.on_time_permille,
            delivery.proven,
            delivery.relaxed_rules,
        )
        known = self._deliveries.get(key)
        if known is None:
            known = self._deliveries[key] = self._alike(delivery)
        if delivery.fee_minor:
            known += promise_pb2.Delivery(fee_minor=delivery.fee_minor).SerializeToString()
        return known + _policy(delivery.policy)

    def _alike(self, delivery: Delivery) -> bytes:
        """Without fee and policy."""
        head = _Delivery(
            promised_at=_time(delivery.promised_at),
            arrives_at=_time(delivery.arrives_at),
            on_time_permille=delivery.on_time_permille,
            total_minor=delivery.total_minor,
            cost_minor=delivery.cost_minor,
            source_ids=delivery.source_ids,
            source_kinds=[_KINDS[kind] for kind in delivery.source_kinds],
            unpromised_units=delivery.unpromised_units,
            proven=delivery.proven,
            relaxed_rules=delivery.relaxed_rules,
        )
        packages, lines = map(self._package, delivery.packages), map(self._line, delivery.lines)
        return b"".join((head.SerializeToString(), *packages, *lines))

    def _package(self, package: Package) -> bytes:
        known = self._packages.get(id(package))
        if known is None:
            known = self._packages[id(package)] = _within(_Tag.PACKAGES, _encoded(package))
        return known

    def _line(self, line: LineAnswer) -> bytes:
        known = self._lines.get(id(line))
        if known is None:
            encoded = to_proto(line, plan_pb2.LineAnswer).SerializeToString()
            known = self._lines[id(line)] = _within(_Tag.LINES, encoded)
        return known


def _encoded(package: Package) -> bytes:
    """Field by field: there are many of them, and the codec takes twice as long."""
    encoded: bytes = _Package(
        source_id=package.source_id,
        service_id=package.service_id,
        carrier_id=package.carrier_id,
        contents=[{"line_id": one.line_id, "sku": one.sku, "units": one.units} for one in package.contents],
        weight_grams=package.weight_grams,
        volume_mm3=package.volume_mm3,
        billable_grams=package.billable_grams,
        distance_meters=package.distance_meters,
        arrives_at=_time(package.arrives_at),
        late_minutes=package.late_minutes,
        crosses_province=package.crosses_province,
        cost_minor=package.cost_minor,
        via_source_id=package.via_source_id,
        offer_id=package.offer_id,
        stage=_STAGES[package.stage],
    ).SerializeToString()
    return encoded


def _time(moment: datetime) -> dict[str, int]:
    since = moment - EPOCH
    return {"seconds": since.days * 86_400 + since.seconds, "nanos": since.microseconds * 1_000}


def _policy(policy: Policy) -> bytes:
    known = _policies.get(id(policy))
    if known is None:
        if len(_policies) >= _MOST_POLICIES:
            _policies.clear()
        encoded: Any = to_proto(policy, order_pb2.Policy)
        known = _policies[id(policy)] = policy, _within(_Tag.POLICY, encoded.SerializeToString())
    return known[1]


def promise_from_proto(message: promise_pb2.Promise) -> Promise:
    """What a client reads. Raises BrokenInvariant where the service's answer does not fit this client's release."""
    violations = Violations()
    promise = from_proto(message, Promise, "promise", violations)
    if promise is None:
        listed = "; ".join(str(violation) for violation in violations.found)
        raise BrokenInvariant(f"the service's answer cannot be read: {listed}")
    return promise
