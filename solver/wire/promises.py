"""Promises on the wire. Their deliveries have much in common, which is encoded once and put together as bytes."""

from solver.errors import BrokenInvariant, Violations
from solver.fulfilment.promising.model import Delivery, OptionPromise, Promise
from solver.gen.xunyuan.network.v1 import source_pb2
from solver.gen.xunyuan.sourcing.v1 import order_pb2, plan_pb2, promise_pb2, sourcing_pb2
from solver.network.model import SourceKind
from solver.sourcing.plan import LineAnswer, Package
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Stage
from solver.wire.codec import from_proto
from solver.wire.encoded import amount, each_text, message_tag, moment, number, stated_number, text, within
from solver.wire.filling import to_proto

_MOST_POLICIES = 512
_policies: dict[int, tuple[Policy, bytes]] = {}  # by identity, which the kept policy holds on to
_KINDS = {
    kind: number(promise_pb2.Delivery, "source_kinds")(source_pb2.SourceKind.Value(f"SOURCE_KIND_{kind.name}"))
    for kind in SourceKind
}
_STAGES = {
    stage: number(plan_pb2.Package, "stage")(plan_pb2.StockStage.Value(f"STOCK_STAGE_{stage.name}")) for stage in Stage
}


class _Answer:
    PROMISE = message_tag(sourcing_pb2.PromiseResponse, "promise")


class _Promise:
    currency = text(promise_pb2.Promise, "currency")
    valid_until = moment(promise_pb2.Promise, "valid_until")
    earliest_option_id = text(promise_pb2.Promise, "earliest_option_id")
    cheapest_option_id = text(promise_pb2.Promise, "cheapest_option_id")
    note = each_text(promise_pb2.Promise, "notes")
    note_zh = each_text(promise_pb2.Promise, "notes_zh")
    OPTIONS = message_tag(promise_pb2.Promise, "options")


class _Option:
    option_id = text(promise_pb2.OptionPromise, "option_id")
    EARLIEST = message_tag(promise_pb2.OptionPromise, "earliest")
    CHEAPEST = message_tag(promise_pb2.OptionPromise, "cheapest")


class _Delivery:
    promised_at = moment(promise_pb2.Delivery, "promised_at")
    arrives_at = moment(promise_pb2.Delivery, "arrives_at")
    on_time_permille = stated_number(promise_pb2.Delivery, "on_time_permille")
    fee_minor = number(promise_pb2.Delivery, "fee_minor")
    total_minor = number(promise_pb2.Delivery, "total_minor")
    cost_minor = amount(promise_pb2.Delivery, "cost_minor")
    source_id = each_text(promise_pb2.Delivery, "source_ids")
    unpromised_units = number(promise_pb2.Delivery, "unpromised_units")
    proven = number(promise_pb2.Delivery, "proven")
    relaxed_rule = each_text(promise_pb2.Delivery, "relaxed_rules")
    PACKAGES = message_tag(promise_pb2.Delivery, "packages")
    LINES = message_tag(promise_pb2.Delivery, "lines")
    POLICY = message_tag(promise_pb2.Delivery, "policy")


class _Package:
    source_id = text(plan_pb2.Package, "source_id")
    service_id = text(plan_pb2.Package, "service_id")
    carrier_id = text(plan_pb2.Package, "carrier_id")
    weight_grams = number(plan_pb2.Package, "weight_grams")
    volume_mm3 = number(plan_pb2.Package, "volume_mm3")
    billable_grams = number(plan_pb2.Package, "billable_grams")
    distance_meters = number(plan_pb2.Package, "distance_meters")
    arrives_at = moment(plan_pb2.Package, "arrives_at")
    late_minutes = number(plan_pb2.Package, "late_minutes")
    crosses_province = number(plan_pb2.Package, "crosses_province")
    cost_minor = amount(plan_pb2.Package, "cost_minor")
    via_source_id = text(plan_pb2.Package, "via_source_id")
    offer_id = text(plan_pb2.Package, "offer_id")
    CONTENTS = message_tag(plan_pb2.Package, "contents")


class _Packed:
    line_id = text(plan_pb2.PackedUnits, "line_id")
    sku = text(plan_pb2.PackedUnits, "sku")
    units = number(plan_pb2.PackedUnits, "units")


def promise_answer(promise: Promise) -> bytes:
    """The bytes of a PromiseResponse that says the same."""
    written = _Written()
    parts = [
        _Promise.currency(promise.currency),
        _Promise.valid_until(promise.valid_until),
        _Promise.earliest_option_id(promise.earliest_option_id),
        _Promise.cheapest_option_id(promise.cheapest_option_id),
        *map(_Promise.note, promise.notes),
        *map(_Promise.note_zh, promise.notes_zh),
    ]
    parts.extend([within(_Promise.OPTIONS, written.option(option)) for option in promise.options])
    return within(_Answer.PROMISE, b"".join(parts))


class _Written:
    """What was encoded of one promise, by identity, which the promise holds on to."""

    def __init__(self) -> None:
        self._deliveries: dict[tuple[object, ...], bytes] = {}
        self._packages: dict[int, bytes] = {}
        self._lines: dict[int, bytes] = {}

    def option(self, option: OptionPromise) -> bytes:
        """An option, encoded."""
        parts = [_Option.option_id(option.option_id)]
        if option.earliest is not None:
            parts.append(within(_Option.EARLIEST, self._delivery(option.earliest)))
        if option.cheapest is not None:
            parts.append(within(_Option.CHEAPEST, self._delivery(option.cheapest)))
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
        return b"".join((known, _Delivery.fee_minor(delivery.fee_minor), _policy(delivery.policy)))

    def _alike(self, delivery: Delivery) -> bytes:
        """Without fee and policy."""
        permille, cost = delivery.on_time_permille, delivery.cost_minor
        parts = [
            _Delivery.promised_at(delivery.promised_at),
            _Delivery.arrives_at(delivery.arrives_at),
            b"" if permille is None else _Delivery.on_time_permille(permille),
            _Delivery.total_minor(delivery.total_minor),
            *map(_Delivery.cost_minor, cost.keys(), cost.values()),
            *map(_Delivery.source_id, delivery.source_ids),
            *[_KINDS[kind] for kind in delivery.source_kinds],
            _Delivery.unpromised_units(delivery.unpromised_units),
            _Delivery.proven(delivery.proven),
            *map(_Delivery.relaxed_rule, delivery.relaxed_rules),
            *map(self._package, delivery.packages),
            *map(self._line, delivery.lines),
        ]
        return b"".join(parts)

    def _package(self, package: Package) -> bytes:
        known = self._packages.get(id(package))
        if known is None:
            known = self._packages[id(package)] = within(_Delivery.PACKAGES, _encoded(package))
        return known

    def _line(self, line: LineAnswer) -> bytes:
        known = self._lines.get(id(line))
        if known is None:
            encoded = to_proto(line, plan_pb2.LineAnswer).SerializeToString()
            known = self._lines[id(line)] = within(_Delivery.LINES, encoded)
        return known


def _encoded(package: Package) -> bytes:
    cost = package.cost_minor
    parts = [
        _Package.source_id(package.source_id),
        _Package.service_id(package.service_id),
        _Package.carrier_id(package.carrier_id),
        _Package.weight_grams(package.weight_grams),
        _Package.volume_mm3(package.volume_mm3),
        _Package.billable_grams(package.billable_grams),
        _Package.distance_meters(package.distance_meters),
        _Package.arrives_at(package.arrives_at),
        _Package.late_minutes(package.late_minutes),
        _Package.crosses_province(package.crosses_province),
        *map(_Package.cost_minor, cost.keys(), cost.values()),
        _Package.via_source_id(package.via_source_id),
        _Package.offer_id(package.offer_id),
        _STAGES[package.stage],
    ]
    for one in package.contents:
        packed = _Packed.line_id(one.line_id) + _Packed.sku(one.sku) + _Packed.units(one.units)
        parts.append(within(_Package.CONTENTS, packed))
    return b"".join(parts)


def _policy(policy: Policy) -> bytes:
    known = _policies.get(id(policy))
    if known is None:
        if len(_policies) >= _MOST_POLICIES:
            _policies.clear()
        encoded = to_proto(policy, order_pb2.Policy).SerializeToString()
        known = _policies[id(policy)] = policy, within(_Delivery.POLICY, encoded)
    return known[1]


def promise_from_proto(message: promise_pb2.Promise) -> Promise:
    """What a client reads. Raises BrokenInvariant where the service's answer does not fit this client's release."""
    violations = Violations()
    promise = from_proto(message, Promise, "promise", violations)
    if promise is None:
        listed = "; ".join(str(violation) for violation in violations.found)
        raise BrokenInvariant(f"the service's answer cannot be read: {listed}")
    return promise
