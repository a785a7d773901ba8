"""Promises on the wire."""

from solver.errors import BrokenInvariant, Violations
from solver.fulfilment.promising.model import Promise
from solver.gen.xunyuan.sourcing.v1 import promise_pb2
from solver.wire.codec import from_proto


def promise_from_proto(message: promise_pb2.Promise) -> Promise:
    """What a client reads. Raises BrokenInvariant where the service's answer does not fit this client's release."""
    violations = Violations()
    promise = from_proto(message, Promise, "promise", violations)
    if promise is None:
        listed = "; ".join(str(violation) for violation in violations.found)
        raise BrokenInvariant(f"the service's answer cannot be read: {listed}")
    return promise
