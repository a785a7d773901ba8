"""E-invoices as XML: the fully digital one (数电票, EInvoice), and the one in an OFD of earlier years (eInvoice)."""

from solver.errors import InvalidRequest, Violations
from solver.ledger.invoicing.reading.model import InvoiceFormat, ReadInvoice
from solver.ledger.invoicing.reading.said import Said, SaidLine, invoice_of
from solver.ledger.invoicing.reading.xml_nodes import Node, read_xml


def read_einvoice(data: bytes, origin: str) -> ReadInvoice:
    """The invoice of an XML file. Raises InvalidRequest."""
    return invoice_of(said_by(read_xml(data, origin), origin), origin, InvoiceFormat.XML)


def said_by(root: Node, origin: str) -> Said:
    """What a document of either kind says. Raises InvalidRequest for any other."""
    if root.name == "EInvoice":
        return _fully_digital(root)
    if root.name in ("eInvoice", "einvoice"):
        return _original(root)
    violations = Violations()
    violations.add(f"{origin}:1", root.name, "give an EInvoice (数电票) or an eInvoice (电子发票)")
    raise InvalidRequest("the invoice's file", violations.found)


def _fully_digital(root: Node) -> Said:
    seller = root.first("SellerInformation") or root
    buyer = root.first("BuyerInformation") or root
    basic = root.first("BasicInformation") or root
    supervision = root.first("TaxSupervisionInfo") or root
    return Said(
        number=supervision.said("InvoiceNumber") or root.said("EIid"),
        on=supervision.said("IssueTime") or basic.said("RequestTime"),
        seller_name=seller.said("SellerName"),
        seller_tax_id=seller.said("SellerIdNum"),
        buyer_name=buyer.said("BuyerName"),
        buyer_tax_id=buyer.said("BuyerIdNum"),
        net=basic.said("TotalAmWithoutTax"),
        tax=basic.said("TotalTaxAm"),
        gross=basic.said("TotalTax-includedAmount", "TotaltaxIncludedAmount"),
        lines=[
            SaidLine(
                name=item.said("ItemName"),
                net=item.said("Amount"),
                tax=item.said("ComTaxAm") or "0",
                rate=item.said("TaxRate"),
                quantity=item.said("Quantity"),
                unit=item.said("MeaUnits"),
            )
            for item in root.all("IssuItemInformation")
        ],
    )


def _original(root: Node) -> Said:
    seller = root.first("Seller") or Node(name="Seller", attributes={})
    buyer = root.first("Buyer") or Node(name="Buyer", attributes={})
    return Said(
        number=root.said("InvoiceNo"),
        code=root.said("InvoiceCode"),
        on=root.said("IssueDate"),
        seller_name=seller.said("SellerName"),
        seller_tax_id=seller.said("SellerTaxID"),
        buyer_name=buyer.said("BuyerName"),
        buyer_tax_id=buyer.said("BuyerTaxID"),
        net=root.said("TaxExclusiveTotalAmount"),
        tax=root.said("TaxTotalAmount"),
        gross=root.said("TaxInclusiveTotalAmount"),
        lines=[
            SaidLine(
                name=item.said("Item"),
                net=item.said("Amount"),
                tax=item.said("TaxAmount") or "0",
                rate=item.said("TaxScheme"),
                quantity=item.said("Quantity"),
                unit=item.said("MeasurementDimension"),
            )
            for item in root.all("GoodsInfo")
        ],
    )
