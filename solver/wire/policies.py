"""Policies on the wire."""

from solver.errors import BrokenInvariant, Violations
from solver.gen.xunyuan.policy.v1 import policy_pb2
from solver.policies.model import PolicyDocument
from solver.wire.codec import from_proto


def policy_from_proto(message: policy_pb2.PolicyDocument) -> PolicyDocument:
    """What a client reads. Raises BrokenInvariant where the service's answer does not fit this client's release."""
    violations = Violations()
    document = from_proto(message, PolicyDocument, "policy", violations)
    if document is None:
        listed = "; ".join(str(violation) for violation in violations.found)
        raise BrokenInvariant(f"the service's answer cannot be read: {listed}")
    return document
