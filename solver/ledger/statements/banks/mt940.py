"""SWIFT MT940, by the library mt-940: its lines and the banks' habits are its business, ours are signs and balances."""

import re
from typing import Any

from solver.ledger.statements.banks.bank_file import Account, Balances, need, noon
from solver.ledger.statements.cells import minor_of
from solver.ledger.statements.model import Report, StatementRow

_EMPTY = ("", "NONREF", "EREF", "MARF", "PREF")  # some say only that the reference stands among the details
_DETAIL = re.compile(r"/(EREF|NAME)/([^/]*)")  # as banks of the Netherlands write details


def read_mt940(text: str, report: Report) -> list[Account]:
    """Every statement of the file."""
    need("mt-940", "mt940")
    import mt940

    accounts = []
    for position, part in enumerate(_statements(text), start=1):
        try:
            accounts.append(_account(mt940.parse(part)))
        except Exception as error:  # the library raises what its patterns and numbers happen to raise
            report.fault(0, f"statement {position}", part.strip()[:40], f"cannot be read: {error}")
    if not accounts and not report.faults:
        report.fault(1, "", text[:40], "has no :20: of a statement; not MT940")
    return accounts


def _statements(text: str) -> list[str]:
    """Each begins with its :20:."""
    parts = text.replace("\r\n", "\n").split("\n:20:")
    first = [parts[0]] if parts[0].lstrip().startswith(":20:") or "\n:20:" in parts[0] or ":20:" in parts[0] else []
    return [*first, *(f":20:{part}" for part in parts[1:])]


def _account(found: Any) -> Account:
    opening, closing = _balance(found, "opening"), _balance(found, "closing")
    rows = [_row(one.data) for one in found]
    if opening is None or closing is None:
        return Account(rows)
    currency = str(closing.amount.currency)
    return Account(
        rows,
        Balances(
            currency=currency, opening_minor=_minor(opening.amount), closing_minor=_minor(closing.amount)
        ),
    )  # fmt: skip


def _balance(found: Any, which: str) -> Any:
    """What the account held; a page of a longer statement says what it held in between."""
    kinds = (f"final_{which}_balance", f"{which}_balance", f"intermediate_{which}_balance")
    return next((balance for kind in kinds if (balance := found.data.get(kind)) is not None), None)


def _row(said: dict[str, Any]) -> StatementRow:
    on = said.get("entry_date") or said["date"]
    details = dict(_DETAIL.findall(str(said.get("transaction_details") or "").replace("\n", "")))
    reference = said.get("end_to_end_reference") or details.get("EREF") or said.get("customer_reference") or ""
    keys = {
        "order": str(reference).strip(),
        "bank": str(said.get("bank_reference") or ""),
    }
    return StatementRow(
        line=0,
        at=noon(on),
        on=on,
        amount_minor=_minor(said["amount"]),
        currency=str(said["amount"].currency),
        kind="reversal" if str(said.get("status", "")).startswith("R") else "booking",
        keys={name: key for name, key in keys.items() if key not in _EMPTY},
        party=str(said.get("applicant_name") or details.get("NAME") or ""),
        channel="bank",
        memo=str(said.get("purpose") or said.get("transaction_details") or ""),
    )


def _minor(amount: Any) -> int:
    return minor_of(str(amount.amount), str(amount.currency))
