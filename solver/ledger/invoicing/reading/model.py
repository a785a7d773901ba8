"""An e-invoice as it was read back."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class InvoiceFormat(StrEnum):
    """What kind of file it was read from."""

    OFD = "ofd"
    XML = "xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A line as it stands there; `rate` in the invoice's own words, such as 13% or 免税."""

    name: str
    net_minor: int
    tax_minor: int
    rate: str = ""
    quantity: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInvoice:
    """What the file says, added up and found right. `code` stands on older invoices alone."""

    origin: str
    format: InvoiceFormat
    number: str
    on: date
    seller_name: str
    seller_tax_id: str
    buyer_name: str
    buyer_tax_id: str
    net_minor: int
    tax_minor: int
    lines: tuple[ReadLine, ...]
    code: str = ""
    currency: str = "CNY"

    @property
    def gross_minor(self) -> int:
        """With tax."""
        return self.net_minor + self.tax_minor
