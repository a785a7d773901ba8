"""The client's side of versions of policies that are live for a share of orders."""

import grpc

from solver.client.channel import call, new_request_id
from solver.fulfilment.policy_tallies import PolicyTally
from solver.gen.xunyuan.policy.v1 import policy_pb2 as pb
from solver.gen.xunyuan.policy.v1 import policy_pb2_grpc
from solver.policies.rollout import Rollout, RolloutCommand
from solver.wire.codec import to_proto
from solver.wire.nouns import noun_of


class RolloutClient:
    """Methods of `Client.rollouts`. Each raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = policy_pb2_grpc.PolicyServiceStub(channel)

    def roll_out(
        self, policy_id: str, version: int, permille: int, *, reason: str = "", request_id: str | None = None
    ) -> Rollout:
        """Let a version be live for so many of a thousand orders; 1,000: for all, in place of the one before."""
        command = RolloutCommand(policy_id=policy_id, version=version, permille=permille, reason=reason)
        request = to_proto(command, pb.RollOutPolicyRequest)
        request.request_id = request_id or new_request_id()
        return noun_of(call(self._stub.RollOutPolicy, request, timeout_seconds=self._seconds).rollout, Rollout)

    def roll_back(self, policy_id: str, *, reason: str = "", request_id: str | None = None) -> Rollout:
        """Withdraw the newest version that is live."""
        request = pb.RollbackPolicyRequest(
            request_id=request_id or new_request_id(), policy_id=policy_id, reason=reason
        )
        return noun_of(call(self._stub.RollbackPolicy, request, timeout_seconds=self._seconds).rollout, Rollout)

    def every(self, policy_id: str = "") -> tuple[tuple[Rollout, ...], tuple[PolicyTally, ...]]:
        """What is live, and what plans under each version came to; of one policy or of all."""
        request = pb.ListPolicyRolloutsRequest(policy_id=policy_id)
        answer = call(self._stub.ListPolicyRollouts, request, timeout_seconds=self._seconds)
        return (
            tuple(noun_of(one, Rollout) for one in answer.rollouts),
            tuple(noun_of(one, PolicyTally) for one in answer.tallies),
        )
