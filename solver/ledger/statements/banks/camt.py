"""ISO 20022: entries of camt.052 reports, camt.053 statements and camt.054 notes, of any version."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from solver.ledger.statements.banks.bank_file import Account, Balances, need, noon
from solver.ledger.statements.cells import minor_of
from solver.ledger.statements.model import Report, StatementRow

_HOLDERS = ("Stmt", "Rpt", "Ntfctn")
_SIGNS = {"CRDT": 1, "DBIT": -1}


def read_camt(text: str, report: Report) -> list[Account]:
    """Every account of the file. Entries that are not booked yet are left out; entities and DTDs are refused."""
    need("defusedxml", "defusedxml")
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(text.encode(), forbid_dtd=True)
    except ParseError as error:
        report.fault(error.position[0], "", "no XML", f"{error}; the file was cut off or is none of this format")
        return []
    except DefusedXmlException as error:
        report.fault(1, "", "entities or a DTD", f"such a file is not read: {type(error).__name__}")
        return []
    for one in root.iter():
        one.tag = str(one.tag).rsplit("}", 1)[-1]
    accounts = [_account(one, report) for name in _HOLDERS for one in root.iter(name)]
    if not accounts:
        report.fault(
            1, "", str(root.tag), f"has none of {', '.join(_HOLDERS)}: not a statement of camt.052, 053 or 054"
        )
    return accounts


def _account(node: Any, report: Report) -> Account:
    rows: list[StatementRow] = []
    for position, entry in enumerate(node.findall("Ntry"), start=1):
        try:
            rows += _rows(entry, report)
        except (ValueError, AttributeError) as error:
            report.fault(0, f"entry {position}", _text(entry, "Amt"), f"cannot be read: {error}")
    return Account(rows, _balances(node))


def _rows(entry: Any, report: Report) -> Iterator[StatementRow]:
    """A row for each transaction of an entry that lists them with amounts of their own, else one for the entry."""
    status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
    if status and status != "BOOK":
        report.left_out["not booked yet"] = report.left_out.get("not booked yet", 0) + 1
        return
    on = _day(entry)
    whole = _signed(entry)
    parts = entry.findall("NtryDtls/TxDtls")
    amounts = [_signed(part, entry) for part in parts if _amount(part) is not None]
    is_split = len(parts) == len(amounts) > 1 and sum(amount for amount, _ in amounts) == whole[0]
    for part, (amount_minor, currency) in (
        zip(parts, amounts, strict=True) if is_split else [(_first(parts, entry), whole)]
    ):
        yield StatementRow(
            line=0,
            at=noon(on),
            on=on,
            amount_minor=amount_minor,
            currency=currency,
            kind="reversal" if _text(entry, "RvslInd") == "true" else "booking",
            keys=_keys(entry, part),
            party=_party(part, amount_minor),
            channel="bank",
            memo=_texts(part, "RmtInf/Ustrd") or _text(entry, "AddtlNtryInf"),
        )


def _first(parts: list[Any], entry: Any) -> Any:
    return parts[0] if len(parts) == 1 else entry


def _keys(entry: Any, part: Any) -> dict[str, str]:
    found = {
        "bank": _text(part, "Refs/AcctSvcrRef") or _text(entry, "AcctSvcrRef"),
        "order": _text(part, "Refs/EndToEndId"),
        "payment": _text(part, "Refs/TxId") or _text(part, "Refs/InstrId"),
        "invoice": _text(part, "RmtInf/Strd/CdtrRefInf/Ref"),
    }
    return {name: key for name, key in found.items() if key and key != "NOTPROVIDED"}


def _party(part: Any, amount_minor: int) -> str:
    other = "Dbtr" if amount_minor > 0 else "Cdtr"
    return _text(part, f"RltdPties/{other}/Pty/Nm") or _text(part, f"RltdPties/{other}/Nm")


def _signed(node: Any, entry: Any = None) -> tuple[int, str]:
    amount = _amount(node)
    currency = amount.get("Ccy", "")
    sign = _text(node, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    return minor_of(amount.text or "", currency) * _SIGNS[sign], currency


def _amount(node: Any) -> Any:
    """Its amount; older versions say that of a transaction within its details."""
    found = node.find("Amt")
    return node.find("AmtDtls/TxAmt/Amt") if found is None else found


def _day(node: Any) -> date:
    """The day as it is written: days may have an offset too, which moves none."""
    text = _text(node, "BookgDt/Dt") or _text(node, "BookgDt/DtTm") or _text(node, "ValDt/Dt")
    return date.fromisoformat(text[:10])


def _balances(node: Any) -> Balances | None:
    of_kind = {
        _text(one, "Tp/CdOrPrtry/Cd"): _signed(one) for one in node.findall("Bal") if _text(one, "CdtDbtInd") in _SIGNS
    }
    opening, closing = of_kind.get("OPBD") or of_kind.get("PRCD"), of_kind.get("CLBD")
    if opening is None or closing is None:
        return None
    return Balances(currency=closing[1], opening_minor=opening[0], closing_minor=closing[0])


def _texts(node: Any, path: str) -> str:
    """All that stand there; long texts are written in parts."""
    found = [] if node is None else node.findall(path)
    return " ".join(one.text.strip() for one in found if one.text)


def _text(node: Any, path: str) -> str:
    found = None if node is None else node.find(path)
    return "" if found is None or found.text is None else found.text.strip()
