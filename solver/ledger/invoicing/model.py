"""The nouns of invoices. Amounts are minor units of the invoice's currency; a red-letter invoice has negative ones."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from solver.ledger.invoicing.tax import Treatment


class InvoiceKind(StrEnum):
    """What the buyer may do with it: deduct the tax (special) or not."""

    ORDINARY = "ordinary"  # 普通发票
    SPECIAL = "special"  # 专用发票


class InvoiceState(StrEnum):
    """How far an invoice is on its way to a number."""

    READY = "ready"  # checked; nobody was asked yet
    ASKING = "asking"  # the platform was asked, or is about to be; whether it did is not known
    PENDING = "pending"  # the platform took it in; its answer comes later
    ISSUED = "issued"
    REFUSED = "refused"  # waits for a person: mend it or give it up
    CANCELLED = "cancelled"  # given up before it had a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who is invoiced. A company has a taxpayer's number; a person has none."""

    name: str
    tax_id: str = ""
    address: str = ""
    bank_account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleLine:
    """What was sold, as a fact from an order. `amount_minor` is for all its units, after discounts.

    `goods_tax_item` is what the goods' own record says; empty where it says nothing. `classification`: the 19 digits of
    the goods' tax classification, or empty.
    """

    order_id: str
    line_id: str
    sku: str
    name: str
    tax_item: str
    units: int
    amount_minor: int
    tax_included: bool = True
    unit: str = ""
    goods_tax_item: str = ""
    classification: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceWish:
    """What shall be invoiced to one buyer: lines of one order or of many.

    No invoice exceeds `most_net_minor` before tax or `most_lines`; 0: no limit. `place`: whose tax law counts. Its
    invoices are named after `wish_id`: W1-1, W1-2.
    """

    wish_id: str
    entity: str
    place: str
    currency: str
    kind: InvoiceKind
    on: date
    buyer: Buyer
    lines: tuple[SaleLine, ...]
    most_net_minor: int = 0
    most_lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """A taxed line. `basis_minor` is the amount it was computed from: with tax where `tax_included`.

    `number`: its position from 1; on a red-letter invoice that of the line that it takes back.
    """

    number: int
    order_id: str
    line_id: str
    sku: str
    name: str
    tax_item: str
    treatment: Treatment
    rate_basis_points: int
    units: int
    basis_minor: int
    tax_included: bool
    net_minor: int
    tax_minor: int
    unit: str = ""
    goods_tax_item: str = ""
    classification: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice on its way. `number`: the platform's; `red_of`: the invoice that it takes back, and `reason` why.

    `attempts`: how often the platform was asked to issue it; `message`: what it last said; `ticket_ids`: the tickets
    that a refusal, a silence or a second number opened.
    """

    invoice_id: str
    entity: str
    place: str
    currency: str
    kind: InvoiceKind
    on: date
    buyer: Buyer
    lines: tuple[InvoiceLine, ...]
    net_minor: int
    tax_minor: int
    state: InvoiceState = InvoiceState.READY
    number: str = ""
    red_of: str = ""
    reason: str = ""
    attempts: int = 0
    message: str = ""
    ticket_ids: tuple[str, ...] = ()

    @property
    def gross_minor(self) -> int:
        """With tax."""
        return self.net_minor + self.tax_minor

    @property
    def order_ids(self) -> tuple[str, ...]:
        """The orders it is about, in their order."""
        return tuple(dict.fromkeys(line.order_id for line in self.lines))
