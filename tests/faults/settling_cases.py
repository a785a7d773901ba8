"""Calls about difference tickets and invoices, each another one."""

from collections.abc import Callable
from typing import Any

from solver.ledger.invoicing.practice import PracticePlatform, Temper

Fields = dict[str, Any]


def difference(number: int) -> Fields:
    """A fee that was not booked."""
    return {
        "kind": "DIFFERENCE_KIND_FEE",
        "side": "DIFFERENCE_SIDE_THEIRS",
        "refs": [f"ours/{number}", f"theirs/{number}"],
        "amount_minor": -60,
        "currency": "CNY",
        "on": "2026-03-02",
        "cause": "fee",
        "evidence": "0.6 %",
        "party": "alipay",
    }


def ticket(asked: Any, number: int) -> Fields:
    """A ticket that is open."""
    answer = asked.ask("OpenDifferences", differences=[difference(number)], actor="program")
    return {"ticket_id": answer.tickets[0].ticket_id, "actor": "li"}


def wish(number: int) -> Fields:
    """One line of one order."""
    line = {"order_id": f"invoiced {number}", "line_id": "1", "sku": "TEA", "name": "Tea", "tax_item": "goods"}
    return {
        "wish_id": f"W{number}",
        "place": "CN",
        "currency": "CNY",
        "kind": "INVOICE_KIND_ORDINARY",
        "on": "2026-03-02",
        "buyer": {"name": "Li Lei"},
        "lines": [{**line, "units": 1, "amount_minor": 11_300}],
    }


def drafted(asked: Any, number: int) -> Fields:
    """An invoice that nobody was asked for yet."""
    asked.ask("DraftInvoices", wish=wish(number))
    return {"invoice_id": f"W{number}-1"}


def issued(asked: Any, number: int) -> Fields:
    """An invoice with a number."""
    named = drafted(asked, number)
    asked.ask("NoteInvoiceNumber", **named, number=f"26{number}")
    return named


def refused(asked: Any, number: int) -> Fields:
    """An invoice that the platform will not issue as it is."""
    named = drafted(asked, number)
    platform = PracticePlatform(temper=Temper(refused_permille=1_000), seconds=lambda: 0.0)
    asked.service.application.finance.invoicing.issuing(platform).round()
    return named


def record(number: int, cents: int) -> Fields:
    """A payment of an order."""
    keys = {"order": f"O{number}"}
    return {"item_id": f"R{number}", "on": "2026-03-02", "amount_minor": cents, "currency": "CNY", "keys": keys}


def compared(asked: Any, number: int) -> Fields:
    """A reconciliation with a record on each side, whose amounts nothing explains."""
    for side, cents in (("OURS", 1_000), ("THEIRS", 900)):
        name = f"DIFFERENCE_SIDE_{side}"
        asked.ask("AddRecords", set_id=f"alipay {number}", side=name, records=[record(number, cents)])
    return {"set_id": f"alipay {number}", "actor": "li"}


def questioned(asked: Any, number: int) -> Fields:
    """A question that a person is asked."""
    named = compared(asked, number)
    asked.ask("RunReconciliation", **named)
    [offered] = asked.ask("ListRecordMatches", set_id=named["set_id"]).matches
    return {**named, "question_id": offered.question_id, "match_id": offered.match_id, "reason": "seen"}


SETTLING_CASES: dict[str, Callable[[Any, int], Fields]] = {
    "OpenDifferences": lambda _, n: {"differences": [difference(n)], "actor": "program"},
    "AssignDifference": lambda asked, n: {**ticket(asked, n), "owner": f"han {n}"},
    "CommentOnDifference": lambda asked, n: {**ticket(asked, n), "text": "asked them"},
    "CloseDifferenceByPosting": ticket,
    "CloseDifferenceWithReason": lambda asked, n: {**ticket(asked, n), "reason": "seen"},
    "DraftInvoices": lambda _, n: {"wish": wish(n)},
    "ReverseInvoice": lambda asked, n: {**issued(asked, n), "red_id": f"R{n}", "reason": "returned"},
    "MendInvoice": lambda asked, n: {**refused(asked, n), "buyer": {"name": f"Han {n}"}},
    "CancelInvoice": lambda asked, n: {**drafted(asked, n), "reason": "not wanted", "actor": "li"},
    "AddRecords": lambda _, n: {
        "set_id": f"bank {n}",
        "side": "DIFFERENCE_SIDE_OURS",
        "records": [record(n, 1_000)],
    },
    "RunReconciliation": compared,
    "DecideRecordMatch": questioned,
    "NoteInvoiceNumber": lambda asked, n: {**drafted(asked, n), "number": f"26{n}"},
}
