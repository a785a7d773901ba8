"""What is told where a plan is to be confirmed or released that is held no more."""

from collections.abc import Iterator
from contextlib import contextmanager

from solver.errors import StateConflict
from solver.ledger.ledger import Ledger
from solver.storage.database import Reader

_TO_CONFIRM = {
    "HOLD_EXPIRED": "the hold of plan {plan_id} has expired and its stock is free again: plan the order anew",
    "HOLD_RELEASED": "plan {plan_id} was released and its stock is free again: plan the order anew",
    "HOLD_CONFIRMED": "plan {plan_id} is confirmed already, {owed}: there is nothing left to confirm",
}
_TO_RELEASE = {
    "HOLD_EXPIRED": "the hold of plan {plan_id} has expired: its stock is free again already",
    "HOLD_RELEASED": "plan {plan_id} was released before: its stock is free again already",
    "HOLD_CONFIRMED": "plan {plan_id} is confirmed: cancel what is committed to it instead (CancelCommitment)",
}


@contextmanager
def to_confirm(ledger: Ledger, reader: Reader, plan_id: str) -> Iterator[None]:
    """Let a refusal say what became of the plan, and which voucher it has if it was confirmed before."""
    try:
        yield
    except StateConflict as refused:
        voucher_id = ""
        if refused.reason == "HOLD_CONFIRMED":
            voucher_id = next((voucher.voucher_id for voucher in ledger.vouchers(reader, plan_id)), "")
        owed = f"its voucher is {voucher_id}" if voucher_id else "it owed nothing"
        named = {"voucher_id": voucher_id} if voucher_id else {}
        raise StateConflict(
            _TO_CONFIRM.get(refused.reason, str(refused)).format(plan_id=plan_id, owed=owed),
            reason=refused.reason,
            metadata={**refused.metadata, **named},
        ) from refused


@contextmanager
def to_release(plan_id: str) -> Iterator[None]:
    """Let a refusal say what became of the plan."""
    try:
        yield
    except StateConflict as refused:
        text = _TO_RELEASE.get(refused.reason, str(refused)).format(plan_id=plan_id)
        raise StateConflict(text, reason=refused.reason, metadata=refused.metadata) from refused
