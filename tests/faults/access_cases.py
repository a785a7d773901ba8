"""Requests of AccessService, and what must be there before them."""

from typing import Any

from tests.faults.every_method import Asked


def a_key(asked: Asked, number: int) -> dict[str, Any]:
    """One to be disabled."""
    made = asked.ask("CreateKey", caller_id=f"caller {number}")
    return {"key_id": made.key.key_id, "state": "KEY_STATE_DISABLED"}


ACCESS_CASES = {
    "CreateKey": lambda _, n: {"caller_id": f"caller {n}", "note": "a note"},
    "SetKeyState": a_key,
    "UpsertCallers": lambda _, n: {
        "callers": [{"caller_id": f"caller {n}", "bindings": [{"role_id": "viewer", "scope": {"sources": ["W-EAST"]}}]}]
    },
    "UpsertRoles": lambda _, n: {"roles": [{"role_id": f"role {n}", "permissions": ["StockService:read"]}]},
}
