"""The answer to a wave on the wire."""

from solver.gen.xunyuan.sourcing.v1 import wave_pb2
from solver.waves.plan import WavePlan
from solver.wire.codec import to_proto


def wave_to_proto(plan: WavePlan) -> wave_pb2.WavePlan:
    """All of the answer but the plans of its orders, which stand by themselves; with the gap."""
    message = to_proto(plan, wave_pb2.WavePlan)
    message.gap_minor = plan.gap_minor
    for merge, target in zip(plan.merges, message.merges, strict=True):
        target.plan.gap_minor = merge.plan.gap_minor
    return message
