"""The nouns of difference tickets and of invoices, and their messages."""

from enum import StrEnum
from typing import Any

from solver.gen.xunyuan.ledger.v1 import differences_pb2, einvoices_pb2, invoices_pb2, reconciliation_pb2
from solver.ledger.differences.ageing import Ageing, AgeingRow
from solver.ledger.differences.model import ClosingAmount, Suggestion, Ticket, TicketEvent, TicketNote, TicketState
from solver.ledger.invoicing.mending import MendedLine
from solver.ledger.invoicing.model import (
    Buyer,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    InvoiceWish,
    SaleLine,
)
from solver.ledger.invoicing.reading.matching import InvoiceMatch
from solver.ledger.invoicing.reading.model import InvoiceFormat, ReadInvoice, ReadLine
from solver.ledger.invoicing.red import TakenBack
from solver.ledger.invoicing.tax import Treatment
from solver.ledger.matching.model import Difference, DifferenceKind, Item, Match, Side, Stage
from solver.ledger.reconciling.model import MatchState

SETTLING_PROTOS = (differences_pb2, einvoices_pb2, invoices_pb2, reconciliation_pb2)
SETTLING_TWINS: list[tuple[type[Any], type[Any]]] = [
    (Difference, differences_pb2.Difference),
    (TicketNote, differences_pb2.TicketNote),
    (Suggestion, differences_pb2.Suggestion),
    (Ticket, differences_pb2.Ticket),
    (ClosingAmount, differences_pb2.ClosingAmount),
    (AgeingRow, differences_pb2.AgeingRow),
    (Ageing, differences_pb2.Ageing),
    (Buyer, invoices_pb2.Buyer),
    (SaleLine, invoices_pb2.SaleLine),
    (InvoiceWish, invoices_pb2.InvoiceWish),
    (InvoiceLine, invoices_pb2.InvoiceLine),
    (Invoice, invoices_pb2.Invoice),
    (TakenBack, invoices_pb2.TakenBack),
    (MendedLine, invoices_pb2.MendedLine),
    (ReadLine, einvoices_pb2.ReadLine),
    (ReadInvoice, einvoices_pb2.ReadInvoice),
    (InvoiceMatch, einvoices_pb2.InvoiceMatch),
    (Item, reconciliation_pb2.ReconciledRecord),
    (Match, reconciliation_pb2.RecordMatch),
]
SETTLING_ENUMS: list[tuple[type[StrEnum], Any]] = [
    (DifferenceKind, differences_pb2.DifferenceKind),
    (Side, differences_pb2.DifferenceSide),
    (TicketState, differences_pb2.TicketState),
    (TicketEvent, differences_pb2.TicketEvent),
    (InvoiceKind, invoices_pb2.InvoiceKind),
    (InvoiceState, invoices_pb2.InvoiceState),
    (InvoiceFormat, einvoices_pb2.InvoiceFormat),
    (Treatment, invoices_pb2.TaxTreatment),
    (Stage, reconciliation_pb2.MatchStage),
    (MatchState, reconciliation_pb2.MatchState),
]
# A file stands for its bytes; a kept match tells its id as well.
SETTLING_ALONE = (einvoices_pb2.InvoiceFile, reconciliation_pb2.KeptRecordMatch)
