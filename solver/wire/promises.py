"""Promises on the wire. Their deliveries have much in common, which is written once and copied."""

from dataclasses import fields
from operator import attrgetter

from solver.errors import BrokenInvariant, Violations
from solver.fulfilment.promising.model import Delivery, Promise
from solver.gen.xunyuan.sourcing.v1 import order_pb2, plan_pb2, promise_pb2
from solver.sourcing.plan import LineAnswer, Package
from solver.sourcing.policy import Policy
from solver.wire.codec import fill_proto, from_proto, to_proto

_OPTIONS, _APART = frozenset({"options"}), frozenset({"fee_minor", "lines", "packages", "policy"})
_alike = attrgetter(*(field.name for field in fields(Delivery) if field.name not in {"fee_minor", "policy"}))
_MOST_POLICIES = 512
_policies: dict[int, tuple[Policy, order_pb2.Policy]] = {}  # by identity, which the kept policy holds on to


def promise_to_proto(promise: Promise) -> promise_pb2.Promise:
    """The message that says the same."""
    message = promise_pb2.Promise()
    fill_proto(promise, message, _OPTIONS)
    written = _Written()
    for option in promise.options:
        target = message.options.add(option_id=option.option_id)
        if option.earliest is not None:
            written.fill(option.earliest, target.earliest)
        if option.cheapest is not None:
            written.fill(option.cheapest, target.cheapest)
    return message


class _Written:
    """What was written of one promise, by identity, which the promise holds on to."""

    def __init__(self) -> None:
        self._deliveries: dict[tuple[int, ...], promise_pb2.Delivery] = {}
        self._packages: dict[int, plan_pb2.Package] = {}
        self._lines: dict[int, plan_pb2.LineAnswer] = {}

    def fill(self, delivery: Delivery, target: promise_pb2.Delivery) -> None:
        """Write a delivery into a message."""
        key = tuple(map(id, _alike(delivery)))
        known = self._deliveries.get(key)
        if known is None:
            self._deliveries[key] = target
            fill_proto(delivery, target, _APART)
            target.packages.extend(map(self._package, delivery.packages))
            target.lines.extend(map(self._line, delivery.lines))
        else:
            target.CopyFrom(known)
        target.fee_minor = delivery.fee_minor
        target.policy.CopyFrom(_policy(delivery.policy))

    def _package(self, package: Package) -> plan_pb2.Package:
        known = self._packages.get(id(package))
        if known is None:
            known = self._packages[id(package)] = to_proto(package, plan_pb2.Package)
        return known

    def _line(self, line: LineAnswer) -> plan_pb2.LineAnswer:
        known = self._lines.get(id(line))
        if known is None:
            known = self._lines[id(line)] = to_proto(line, plan_pb2.LineAnswer)
        return known


def _policy(policy: Policy) -> order_pb2.Policy:
    known = _policies.get(id(policy))
    if known is None:
        if len(_policies) >= _MOST_POLICIES:
            _policies.clear()
        known = _policies[id(policy)] = policy, to_proto(policy, order_pb2.Policy)
    return known[1]


def promise_from_proto(message: promise_pb2.Promise) -> Promise:
    """What a client reads. Raises BrokenInvariant where the service's answer does not fit this client's release."""
    violations = Violations()
    promise = from_proto(message, Promise, "promise", violations)
    if promise is None:
        listed = "; ".join(str(violation) for violation in violations.found)
        raise BrokenInvariant(f"the service's answer cannot be read: {listed}")
    return promise
