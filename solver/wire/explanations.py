"""Explanations on the wire."""

from solver.errors import BrokenInvariant, Violations
from solver.gen.xunyuan.sourcing.v1 import explanation_pb2
from solver.sourcing.explanation.model import Explanation
from solver.wire.codec import from_proto


def explanation_from_proto(message: explanation_pb2.Explanation) -> Explanation:
    """What a client reads. Raises BrokenInvariant where the service's answer does not fit this client's release."""
    violations = Violations()
    explanation = from_proto(message, Explanation, "explanation", violations)
    if explanation is None:
        listed = "; ".join(str(violation) for violation in violations.found)
        raise BrokenInvariant(f"the service's answer cannot be read: {listed}")
    return explanation
