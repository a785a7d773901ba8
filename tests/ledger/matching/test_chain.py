"""Orders with their payments, invoices and shipments."""

from datetime import date

from solver.ledger.matching.chain import Link, chain
from solver.ledger.matching.model import DifferenceKind, Item


def item(name: str, minor: int, order: str) -> Item:
    return Item(item_id=name, on=date(2026, 3, 2), amount_minor=minor, currency="CNY", keys={"order": order})


def test_each_order_has_its_chain_and_says_what_it_lacks() -> None:
    orders = [item("O1", 1_000, "N-100001"), item("O2", 2_000, "X-277702"), item("O3", 3_500, "K-390903")]
    records = {
        Link.PAYMENT: [item("P1", 1_000, "N-100001"), item("P2", 1_900, "X-277702"), item("P3", 3_500, "K-390903")],
        Link.INVOICE: [item("I1", 1_000, "N-100001")],
        Link.SHIPMENT: [item("S1", 400, "N-100001"), item("S2", 600, "N-100001"), item("S3", 3_500, "K-390903")],
    }
    found = chain(orders, records, {})
    first, second, third = found.chains
    assert first.is_whole
    assert {link: match.theirs for link, match in first.matches.items()} == {
        Link.PAYMENT: ("P1",),
        Link.INVOICE: ("I1",),
        Link.SHIPMENT: ("S1", "S2"),
    }
    assert (second.asked, second.lacking) == ((Link.PAYMENT,), (Link.INVOICE, Link.SHIPMENT))
    assert (third.asked, third.lacking) == ((), (Link.INVOICE,))
    assert {one.kind for one in found.found[Link.INVOICE].differences} == {DifferenceKind.TIMING}
