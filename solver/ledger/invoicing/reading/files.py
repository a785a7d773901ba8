"""An e-invoice from a file of either format, told by what is in it."""

from solver.ledger.invoicing.reading.einvoice import read_einvoice
from solver.ledger.invoicing.reading.model import ReadInvoice
from solver.ledger.invoicing.reading.ofd import read_ofd

_ZIP = b"PK"


def read_invoice(data: bytes, origin: str) -> ReadInvoice:
    """The invoice of an OFD or XML file. Raises InvalidRequest."""
    return read_ofd(data, origin) if data.startswith(_ZIP) else read_einvoice(data, origin)
