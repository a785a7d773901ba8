"""AccessService."""

import grpc

from solver.access.audit import records_after
from solver.access.model import CallerTerms, Decision, KeyState, KeyWish, Role
from solver.access.store import AccessStore
from solver.api.paging import page, page_after
from solver.api.reading import enum_of, read, read_all, request_of, values_of
from solver.errors import FieldViolation, InvalidRequest
from solver.gen.xunyuan.access.v1 import access_pb2 as pb
from solver.gen.xunyuan.access.v1 import access_pb2_grpc
from solver.storage.database import Database
from solver.validation import MOST_ROWS
from solver.wire.codec import to_proto

ACCESS_PROTOS = (pb,)


class AccessServicer(access_pb2_grpc.AccessServiceServicer):
    """Roles, callers, keys, and what became of calls."""

    def __init__(self, store: AccessStore, database: Database) -> None:
        self._store = store
        self._database = database

    def UpsertRoles(self, request: pb.UpsertRolesRequest, context: grpc.ServicerContext) -> pb.UpsertRolesResponse:
        """Keep roles."""
        named = request_of("UpsertRoles", request.request_id, request)
        self._store.upsert_roles(named, read_all(request.roles, Role, "roles"))
        return pb.UpsertRolesResponse()

    def ListRoles(self, request: pb.ListRolesRequest, context: grpc.ServicerContext) -> pb.ListRolesResponse:
        """Read every role."""
        return pb.ListRolesResponse(roles=[to_proto(one, pb.Role) for one in self._store.book.roles.values()])

    def UpsertCallers(
        self, request: pb.UpsertCallersRequest, context: grpc.ServicerContext
    ) -> pb.UpsertCallersResponse:
        """Say what callers may do."""
        named = request_of("UpsertCallers", request.request_id, request)
        self._store.upsert_callers(named, read_all(request.callers, CallerTerms, "callers"))
        return pb.UpsertCallersResponse()

    def ListCallers(self, request: pb.ListCallersRequest, context: grpc.ServicerContext) -> pb.ListCallersResponse:
        """Read callers, page by page."""
        shown, token = page(
            list(self._store.book.callers.values()),
            lambda one: one.caller_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListCallersResponse(callers=[to_proto(one, pb.CallerTerms) for one in shown], next_page_token=token)

    def CreateKey(self, request: pb.CreateKeyRequest, context: grpc.ServicerContext) -> pb.CreateKeyResponse:
        """Make a key; only this answer has its token."""
        named = request_of("CreateKey", request.request_id, request)
        key, token = self._store.create_key(named, read(request, KeyWish, ""))
        return pb.CreateKeyResponse(key=to_proto(key, pb.ApiKey), token=token)

    def SetKeyState(self, request: pb.SetKeyStateRequest, context: grpc.ServicerContext) -> pb.SetKeyStateResponse:
        """Disable, enable or revoke a key."""
        named = request_of("SetKeyState", request.request_id, request)
        state = enum_of(request.state, pb.KeyState, KeyState, "state")
        return pb.SetKeyStateResponse(key=to_proto(self._store.set_key_state(named, request.key_id, state), pb.ApiKey))

    def ListKeys(self, request: pb.ListKeysRequest, context: grpc.ServicerContext) -> pb.ListKeysResponse:
        """Read keys, page by page."""
        every = (kept.key for kept in self._store.book.keys.values())
        shown, token = page(
            [one for one in every if request.caller_id in ("", one.caller_id)],
            lambda one: one.key_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_ROWS,
        )
        return pb.ListKeysResponse(keys=[to_proto(one, pb.ApiKey) for one in shown], next_page_token=token)

    def ListAuditRecords(
        self, request: pb.ListAuditRecordsRequest, context: grpc.ServicerContext
    ) -> pb.ListAuditRecordsResponse:
        """Read the audit log, page by page."""
        decisions = values_of(request.decisions, pb.Decision, Decision, "decisions")
        with self._database.read() as reader:
            shown, token = page_after(
                lambda key, most: records_after(
                    reader, _number(key), most, caller_id=request.caller_id, decisions=decisions
                ),
                lambda one: str(one.number),
                page_size=request.page_size,
                page_token=request.page_token,
                most=MOST_ROWS,
            )
        return pb.ListAuditRecordsResponse(
            records=[to_proto(one, pb.AuditRecord) for one in shown], next_page_token=token
        )


def _number(key: str) -> int:
    """The record's number that a page token names."""
    if not key.isdecimal() and key:
        remedy = "send back the next_page_token of the page before"
        raise InvalidRequest("the page", [FieldViolation(field="page_token", value=repr(key[:80]), remedy=remedy)])
    return int(key or 0)
