"""Nouns of access, and the messages that say the same."""

from enum import StrEnum
from typing import Any

from solver.access.model import (
    Allowance,
    ApiKey,
    AuditRecord,
    Binding,
    CallerTerms,
    Decision,
    KeyState,
    Role,
    Scope,
)
from solver.gen.xunyuan.access.v1 import access_pb2

ACCESS_TWINS: list[tuple[type[Any], type[Any]]] = [
    (Role, access_pb2.Role),
    (Scope, access_pb2.Scope),
    (Binding, access_pb2.Binding),
    (Allowance, access_pb2.Allowance),
    (CallerTerms, access_pb2.CallerTerms),
    (ApiKey, access_pb2.ApiKey),
    (AuditRecord, access_pb2.AuditRecord),
]
ACCESS_ENUMS: list[tuple[type[StrEnum], Any]] = [(KeyState, access_pb2.KeyState), (Decision, access_pb2.Decision)]
