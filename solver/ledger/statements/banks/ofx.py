"""Open Financial Exchange: 1.x, whose leaves are not closed, and 2.x, which is XML. The same tags serve both.

Read by hand: of the libraries, the living one may not be linked with under our licence, and those of a free licence
have not been kept (docs/decisions/).
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

from solver.ledger.statements.banks.bank_file import Account
from solver.ledger.statements.cells import minor_of
from solver.ledger.statements.model import Report, StatementRow

_TOKEN = re.compile(r"<(/?)([A-Za-z0-9_.]{1,64})>([^<\r\n]*)")
_TIME = re.compile(r"(\d{8})(\d{6})?(?:\.\d{1,3})?(?:\[([+-]?\d{1,2})(?:\.(\d{1,2}))?(?::[A-Za-z]*)?\])?")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&amp;": "&"}
_FEES = ("FEE", "SRVCHG")


def read_ofx(text: str, report: Report) -> list[Account]:
    """Every transaction list of the file. A file without its closing tag was cut off."""
    if "<OFX>" not in text.upper():
        report.fault(1, "", text[:40], "has no <OFX>; not Open Financial Exchange")
        return []
    if "</OFX>" not in text.upper():
        report.fault(text.count("\n") + 1, "", "no </OFX>", "the file was cut off: fetch it again")
    currency, rows = "", list[StatementRow]()
    accounts = [Account(rows)]
    for line, name, said in _transactions(text):
        if name == "CURDEF":
            currency, rows = said["CURDEF"], []
            accounts.append(Account(rows))
            continue
        try:
            rows.append(_row(line, said, currency))
        except (KeyError, ValueError) as error:
            what = f"has no {error.args[0]}" if isinstance(error, KeyError) else str(error)
            report.fault(line, "STMTTRN", said.get("FITID", ""), f"cannot be read: {what}")
    return accounts


def _transactions(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """The currency of each list, then its transactions, with the lines on which they begin.

    What a transaction says of the currency that its amount was converted from is passed over.
    """
    said: dict[str, str] | None = None
    is_origin = False
    line, counted_to = 1, 0
    for token in _TOKEN.finditer(text):
        closing, name, value = token.group(1), token.group(2).upper(), _plain(token.group(3))
        if name == "STMTTRN" and not closing:
            line += text.count("\n", counted_to, token.start())
            counted_to = token.start()
            said = {}
        elif name == "STMTTRN" and said is not None:
            yield line, name, said
            said = None
        elif name == "ORIGCURRENCY":
            is_origin = not closing
        elif not closing and value and not is_origin:
            if said is not None:
                said.setdefault(name, value)
            elif name == "CURDEF":
                yield line, name, {name: value}


def _row(line: int, said: dict[str, str], currency: str) -> StatementRow:
    at, on = _moment(said["DTPOSTED"])
    keys = {"bank": said.get("FITID", ""), "order": said.get("REFNUM", ""), "check": said.get("CHECKNUM", "")}
    decimal = "," if "," in said["TRNAMT"] and "." not in said["TRNAMT"] else "."
    return StatementRow(
        line=line,
        at=at,
        on=on,
        amount_minor=minor_of(said["TRNAMT"], said.get("CURSYM", currency), decimal=decimal),
        currency=said.get("CURSYM", currency),
        kind="fee" if said.get("TRNTYPE") in _FEES else "booking",
        keys={name: key for name, key in keys.items() if key},
        party=said.get("NAME", said.get("PAYEEID", "")),
        channel="bank",
        memo=said.get("MEMO", ""),
    )


def _moment(text: str) -> tuple[datetime, date]:
    """`20260302`, `20260302103000`, `20260302103000.000[-5:EST]`; without an offset it is UTC."""
    if (found := _TIME.fullmatch(text)) is None:
        raise ValueError(f"{text} is no time")
    day, clock, hours, part = found.groups()
    shown = datetime.strptime(day + (clock or "120000"), "%Y%m%d%H%M%S")  # noqa: DTZ007
    offset = timedelta(hours=int(hours or 0), minutes=int(part or 0))
    return shown.replace(tzinfo=timezone(offset)).astimezone(UTC), shown.date()


def _plain(text: str) -> str:
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    return text.strip()
