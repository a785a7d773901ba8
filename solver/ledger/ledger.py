"""The money book: vouchers and balances over the journal."""

from solver.errors import NotFound, StateConflict
from solver.journal.journal import Journal
from solver.journal.model import Balance, Book, Entry
from solver.ledger.model import Charges, Leg, TrialBalanceRow, Voucher
from solver.ledger.posting import PLAN_CHANGED, PLAN_CONFIRMED, POSTING_RULES, account_name, transfers_for
from solver.storage.database import Reader, Transaction

_EVENTS = {rule.event for rule in POSTING_RULES}
_PREFIX = "V"


class Ledger:
    """What is owed to whom, and why."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def post_plan_confirmed(self, tx: Transaction, charges: Charges) -> Voucher | None:
        """Book what a confirmed plan owes; None when it owes nothing.

        Raises StateConflict (VOUCHER_POSTED) when the plan was charged before, and BrokenInvariant on a negative
        charge; nothing is written then.
        """
        if any(entry.kind == PLAN_CONFIRMED for entry in self._journal.entries(tx, charges.plan_id)):
            raise StateConflict(
                f"plan {charges.plan_id} was charged before",
                reason="VOUCHER_POSTED",
                metadata={"plan_id": charges.plan_id},
            )
        return self._post(tx, PLAN_CONFIRMED, charges)

    def post_plan_changed(self, tx: Transaction, charges: Charges) -> Voucher | None:
        """Take back what a confirmed plan owes for packages that will not leave; None where that is nothing."""
        return self._post(tx, PLAN_CHANGED, charges)

    def owed(self, reader: Reader, plan_id: str, currency: str) -> Charges:
        """What a plan owes by now: what its vouchers say together."""
        of_kind: dict[str, dict[str, int]] = {"payable_carrier": {}, "payable_source": {}}
        for entry in self._journal.entries(reader, plan_id):
            for transfer in self._journal.transfers(reader, entry.entry_id) if entry.kind in _EVENTS else ():
                for account, minor in ((transfer.credit, transfer.amount), (transfer.debit, -transfer.amount)):
                    if (of := of_kind.get(account.kind)) is not None:
                        of[account.holder] = of.get(account.holder, 0) + minor
        return Charges(
            plan_id=plan_id,
            currency=currency,
            freight_minor=of_kind["payable_carrier"],
            handling_minor=of_kind["payable_source"],
        )

    def voucher(self, reader: Reader, voucher_id: str) -> Voucher:
        """One voucher. Raises NotFound."""
        digits = voucher_id.removeprefix(_PREFIX)
        if digits.isascii() and digits.isdecimal() and len(digits) < 19 and voucher_id == _voucher_id(int(digits)):
            entry = self._journal.find(reader, int(digits))
            if entry is not None and entry.kind in _EVENTS:
                return self._voucher(reader, entry)
        raise NotFound(f"there is no voucher {voucher_id}", metadata={"voucher_id": voucher_id})

    def vouchers(self, reader: Reader, subject: str) -> tuple[Voucher, ...]:
        """Every voucher about this subject, oldest first."""
        entries = self._journal.entries(reader, subject)
        return tuple(self._voucher(reader, entry) for entry in entries if entry.kind in _EVENTS)

    def trial_balance(self, reader: Reader, currency: str | None = None) -> tuple[TrialBalanceRow, ...]:
        """Every account of one currency, or of all, ordered by currency and account; balances sum to zero in each."""
        units = None if currency is None else (currency,)
        rows = [_row(balance) for balance in self._journal.balances(reader, Book.MONEY, units=units)]
        return tuple(sorted(rows, key=lambda row: (row.currency, row.account)))

    def _post(self, tx: Transaction, event: str, charges: Charges) -> Voucher | None:
        of_charge = {"freight": charges.freight_minor, "handling": charges.handling_minor}
        transfers = transfers_for(event, charges.currency, of_charge)
        if not transfers:
            return None
        return self._voucher(tx, self._journal.post(tx, event, charges.plan_id, transfers))

    def _voucher(self, reader: Reader, entry: Entry) -> Voucher:
        transfers = self._journal.transfers(reader, entry.entry_id)
        return Voucher(
            voucher_id=_voucher_id(entry.entry_id),
            kind=entry.kind,
            subject=entry.subject,
            at=entry.at,
            currency=transfers[0].debit.unit,
            legs=tuple(
                Leg(
                    debit=account_name(transfer.debit),
                    credit=account_name(transfer.credit),
                    amount_minor=transfer.amount,
                )
                for transfer in transfers
            ),
        )


def _voucher_id(entry_id: int) -> str:
    return f"{_PREFIX}{entry_id:010d}"


def _row(balance: Balance) -> TrialBalanceRow:
    return TrialBalanceRow(
        account=account_name(balance.account),
        currency=balance.account.unit,
        debit_minor=balance.debits_posted,
        credit_minor=balance.credits_posted,
        balance_minor=balance.posted,
    )
