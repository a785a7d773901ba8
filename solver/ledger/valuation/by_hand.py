"""Where stock is valued, inventory in the money book is the value book's alone: a hand would untie the books."""

from collections.abc import Iterable

from solver.errors import StateConflict
from solver.ledger.model import Voucher
from solver.ledger.valuation import rows
from solver.storage.database import Reader

INVENTORY = "inventory"


def refuse_inventory(reader: Reader, vouchers: Iterable[Voucher]) -> None:
    """Raise StateConflict (INVENTORY_IS_KEPT) where one of these moves inventory and stock is valued."""
    for voucher in vouchers:
        if any(INVENTORY in (leg.debit, leg.credit) for leg in voucher.legs) and rows.terms(reader) is not None:
            raise StateConflict(
                f"{voucher.kind} of {voucher.subject} moves inventory, which follows the stock book: receive, adjust, "
                "return or write down the stock itself, or say what its receipt cost",
                reason="INVENTORY_IS_KEPT",
                metadata={"kind": voucher.kind, "source": voucher.subject},
            )
