"""Vouchers and balances on the wire."""

from datetime import UTC, date

from solver.gen.xunyuan.ledger.v1 import ledger_pb2
from solver.ledger.model import Leg, TrialBalanceRow, Voucher


def voucher_to_proto(voucher: Voucher) -> ledger_pb2.Voucher:
    """What the service answers."""
    message = ledger_pb2.Voucher(
        voucher_id=voucher.voucher_id,
        kind=voucher.kind,
        subject=voucher.subject,
        currency=voucher.currency,
        on=voucher.on.isoformat(),
        entity=voucher.entity,
        reason=voucher.reason,
        reverses=voucher.reverses,
        follows=voucher.follows,
        legs=[
            ledger_pb2.Leg(debit_account=leg.debit, credit_account=leg.credit, amount_minor=leg.amount_minor)
            for leg in voucher.legs
        ],
    )
    message.posted_at.FromDatetime(voucher.at)
    return message


def voucher_from_proto(message: ledger_pb2.Voucher) -> Voucher:
    """What a client reads."""
    return Voucher(
        voucher_id=message.voucher_id,
        kind=message.kind,
        subject=message.subject,
        at=message.posted_at.ToDatetime(tzinfo=UTC),
        currency=message.currency,
        legs=tuple(
            Leg(debit=leg.debit_account, credit=leg.credit_account, amount_minor=leg.amount_minor)
            for leg in message.legs
        ),
        on=date.fromisoformat(message.on),
        entity=message.entity,
        reason=message.reason,
        reverses=message.reverses,
        follows=message.follows,
    )


def trial_balance_from_proto(message: ledger_pb2.AccountBalance) -> TrialBalanceRow:
    """What a client reads."""
    return TrialBalanceRow(
        account=message.account,
        currency=message.currency,
        debit_minor=message.debit_minor,
        credit_minor=message.credit_minor,
        balance_minor=message.balance_minor,
        entity=message.entity,
    )
