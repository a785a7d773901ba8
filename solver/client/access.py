"""The client's side of AccessService: who may do what."""

from collections.abc import Iterable, Iterator, Sequence

import grpc

from solver.access.model import ApiKey, AuditRecord, CallerTerms, Decision, KeyState, KeyWish, Role
from solver.client.channel import call, new_request_id
from solver.gen.xunyuan.access.v1 import access_pb2, access_pb2_grpc
from solver.wire.codec import fill_proto, to_proto
from solver.wire.nouns import noun_of


class AccessClient:
    """Methods of `Client.access`. Every method raises what those of `Client` raise."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._seconds = seconds
        self._stub = access_pb2_grpc.AccessServiceStub(channel)

    def upsert_roles(self, roles: Iterable[Role], *, request_id: str | None = None) -> None:
        """Keep roles, in place of those of the same id."""
        request = access_pb2.UpsertRolesRequest(request_id=request_id or new_request_id())
        request.roles.extend(to_proto(one, access_pb2.Role) for one in roles)
        call(self._stub.UpsertRoles, request, timeout_seconds=self._seconds)

    def roles(self) -> tuple[Role, ...]:
        """Every role."""
        answer = call(self._stub.ListRoles, access_pb2.ListRolesRequest(), timeout_seconds=self._seconds)
        return tuple(noun_of(one, Role) for one in answer.roles)

    def upsert_callers(self, callers: Iterable[CallerTerms], *, request_id: str | None = None) -> None:
        """Say what callers may do, in place of what was said of them."""
        request = access_pb2.UpsertCallersRequest(request_id=request_id or new_request_id())
        request.callers.extend(to_proto(one, access_pb2.CallerTerms) for one in callers)
        call(self._stub.UpsertCallers, request, timeout_seconds=self._seconds)

    def callers(self) -> Iterator[CallerTerms]:
        """Every caller; pages are fetched as they are needed."""
        request = access_pb2.ListCallersRequest()
        while True:
            answer = call(self._stub.ListCallers, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, CallerTerms) for one in answer.callers)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def create_key(self, wish: KeyWish, *, request_id: str | None = None) -> tuple[ApiKey, str]:
        """Make a key; the key and its token, which nobody can ask for again: of a repeated request it is empty."""
        request = access_pb2.CreateKeyRequest(request_id=request_id or new_request_id())
        fill_proto(wish, request)
        answer = call(self._stub.CreateKey, request, timeout_seconds=self._seconds)
        return noun_of(answer.key, ApiKey), answer.token

    def set_key_state(self, key_id: str, state: KeyState, *, request_id: str | None = None) -> ApiKey:
        """Disable or enable a key, or revoke it for good."""
        request = access_pb2.SetKeyStateRequest(
            request_id=request_id or new_request_id(),
            key_id=key_id,
            state=access_pb2.KeyState.Value(f"KEY_STATE_{state.name}"),
        )
        return noun_of(call(self._stub.SetKeyState, request, timeout_seconds=self._seconds).key, ApiKey)

    def api_keys(self, caller_id: str = "") -> Iterator[ApiKey]:
        """Keys, of one caller or of all; pages are fetched as they are needed."""
        request = access_pb2.ListKeysRequest(caller_id=caller_id)
        while True:
            answer = call(self._stub.ListKeys, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, ApiKey) for one in answer.keys)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    def audit(self, caller_id: str = "", decisions: Sequence[Decision] = ()) -> Iterator[AuditRecord]:
        """The audit log, the oldest first; pages are fetched as they are needed."""
        wanted = [access_pb2.Decision.Value(f"DECISION_{one.name}") for one in decisions]
        request = access_pb2.ListAuditRecordsRequest(caller_id=caller_id, decisions=wanted)
        while True:
            answer = call(self._stub.ListAuditRecords, request, timeout_seconds=self._seconds)
            yield from (noun_of(one, AuditRecord) for one in answer.records)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token
