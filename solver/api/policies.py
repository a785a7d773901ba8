"""PolicyService."""

import grpc

from solver.access.caller import current_caller
from solver.api.paging import page
from solver.api.reading import read, request_of
from solver.errors import Violations
from solver.fulfilment.policy_tallies import tallies
from solver.gen.xunyuan.policy.v1 import policy_pb2 as pb
from solver.gen.xunyuan.policy.v1 import policy_pb2_grpc
from solver.policies.document import read_document
from solver.policies.model import PolicyDocument
from solver.policies.rollout import RolloutCommand
from solver.policies.store import PolicyStore
from solver.storage.database import Database
from solver.storage.once import request_for
from solver.validation import check_rows
from solver.wire.codec import to_proto

MOST_POLICIES_A_PAGE = 100


class PolicyServicer(policy_pb2_grpc.PolicyServiceServicer):
    """Policies as documents."""

    def __init__(self, store: PolicyStore, database: Database) -> None:
        self._store = store
        self._database = database

    def UpsertPolicies(
        self, request: pb.UpsertPoliciesRequest, context: grpc.ServicerContext
    ) -> pb.UpsertPoliciesResponse:
        """Keep policies."""
        documents = _read(request)
        named = request_for("UpsertPolicies", request.request_id, list(request.documents))
        self._store.upsert(named, documents)
        return pb.UpsertPoliciesResponse(policies=[to_proto(document, pb.PolicyDocument) for document in documents])

    def ListPolicies(self, request: pb.ListPoliciesRequest, context: grpc.ServicerContext) -> pb.ListPoliciesResponse:
        """Read every version of every policy, page by page."""
        shown, token = page(
            list(self._store.documents.values()),
            lambda document: f"{document.policy_id}\0{document.version:010}",
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_POLICIES_A_PAGE,
        )
        return pb.ListPoliciesResponse(
            policies=[to_proto(document, pb.PolicyDocument) for document in shown], next_page_token=token
        )

    def GetPolicy(self, request: pb.GetPolicyRequest, context: grpc.ServicerContext) -> pb.GetPolicyResponse:
        """Read one policy."""
        document = self._store.get(request.policy_id, request.version)
        return pb.GetPolicyResponse(policy=to_proto(document, pb.PolicyDocument))

    def RollOutPolicy(
        self, request: pb.RollOutPolicyRequest, context: grpc.ServicerContext
    ) -> pb.RollOutPolicyResponse:
        """Let a version be live for a share of orders, or for all."""
        named = request_of("RollOutPolicy", request.request_id, request)
        command = read(request, RolloutCommand, "")
        rollout = self._store.rollouts.roll_out(named, command, by=current_caller().caller_id)
        return pb.RollOutPolicyResponse(rollout=to_proto(rollout, pb.Rollout))

    def RollbackPolicy(
        self, request: pb.RollbackPolicyRequest, context: grpc.ServicerContext
    ) -> pb.RollbackPolicyResponse:
        """Withdraw the newest version that is live."""
        named = request_of("RollbackPolicy", request.request_id, request)
        by = current_caller().caller_id
        rollout = self._store.rollouts.roll_back(named, request.policy_id, by=by, reason=request.reason)
        return pb.RollbackPolicyResponse(rollout=to_proto(rollout, pb.Rollout))

    def ListPolicyRollouts(
        self, request: pb.ListPolicyRolloutsRequest, context: grpc.ServicerContext
    ) -> pb.ListPolicyRolloutsResponse:
        """Read what is live, and what plans under each version came to."""
        with self._database.read() as reader:
            counted = tallies(reader)
        rollouts = sorted(self._store.rollouts.every.values(), key=lambda one: one.policy_id)
        wanted = request.policy_id
        return pb.ListPolicyRolloutsResponse(
            rollouts=[to_proto(one, pb.Rollout) for one in rollouts if wanted in ("", one.policy_id)],
            tallies=[to_proto(one, pb.PolicyTally) for one in counted if wanted in ("", one.policy_id)],
        )


def _read(request: pb.UpsertPoliciesRequest) -> list[PolicyDocument]:
    """Every document. Raises InvalidRequest with everything that is wrong in any of them, each with its line."""
    violations = Violations()
    check_rows(request.documents, "documents", violations)
    read = [
        read_document(text, f"documents[{position}]", violations) for position, text in enumerate(request.documents)
    ]
    violations.refuse_any("the list of policies")
    return [document for document in read if document is not None]
