"""Vouchers of databases made before lines had dimensions: each is written once more, as what its entry moved."""

from solver.journal import entries
from solver.journal.model import Entry, Phase
from solver.ledger.books import vouchers
from solver.ledger.books.model import Amount
from solver.ledger.books.vouchers import NewVoucher
from solver.storage.database import Transaction

_AT_ONCE = 1_000
_CHARGES = {"payable_carrier": "freight", "payable_source": "handling"}
_UNTOLD = """
SELECT entry_id FROM journal_entry
WHERE kind IN ('plan_confirmed', 'plan_changed') AND phase = ? AND entry_id > ?
    AND NOT EXISTS (SELECT 1 FROM ledger_voucher WHERE ledger_voucher.entry_id = journal_entry.entry_id)
ORDER BY entry_id LIMIT ?
"""


def tell_early_vouchers(tx: Transaction) -> None:
    """Write the voucher of every posting of a plan that has none yet; its business date is that of the journal."""
    last_id = 0
    while rows := tx.query(_UNTOLD, (Phase.POST, last_id, _AT_ONCE)):
        ids = [row[0] for row in rows]
        found = entries.by_ids(tx, ids)
        vouchers.write(tx, [_voucher(tx, found[entry_id]) for entry_id in ids])
        last_id = ids[-1]


def _voucher(tx: Transaction, entry: Entry) -> NewVoucher:
    transfers = entries.transfers_of(tx, entry.entry_id)
    amounts = []
    for one in transfers:
        theirs = one.credit if one.credit.kind in _CHARGES else one.debit
        charge = _CHARGES.get(theirs.kind, "freight")
        amounts.append(Amount(charge=charge, amount_minor=one.amount, party=theirs.holder))
    return NewVoucher(
        entry=entry,
        entity="",
        currency=transfers[0].debit.unit,
        base="",
        on=entry.at.date(),
        reason="",
        transfers=transfers,
        moves=entries.moves_of(tx, entry.entry_id),
        base_minor=[0] * len(transfers),
        amounts=amounts,
    )
