"""The nouns of the ledger's services, each with its message."""

from enum import StrEnum
from typing import Any

from solver.fulfilment.settled_plan import SettledPlan
from solver.gen.xunyuan.ledger.v1 import bookings_pb2, books_pb2, contracts_pb2, settlement_pb2, valuation_pb2
from solver.ledger.books.accruals import Accrual, Bill, BillLine
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.periods import PeriodChange
from solver.ledger.books.rates import Rate
from solver.ledger.books.readings import PeriodBalance, StatementLine, VoucherLine
from solver.ledger.books.translations import Untranslated
from solver.ledger.contracts.facts import Refund, RefundedLine, SettledLine, SettledOrder, ShippedPackage
from solver.ledger.contracts.model import Role
from solver.ledger.contracts.sharing import Share
from solver.ledger.contracts.what_if import Difference
from solver.ledger.settlement.model import ChargeSum, Item, Payment, SettlementState, Statement
from solver.ledger.valuation.margins import MarginBy
from solver.ledger.valuation.model import (
    CostCause,
    CostMove,
    InventoryValue,
    Margin,
    UnitCost,
    ValuationMethod,
    ValuationTerms,
)

LEDGER_PROTOS = (
    bookings_pb2,
    books_pb2,
    valuation_pb2,
    contracts_pb2,
    settlement_pb2,
)
LEDGER_TWINS: list[tuple[type[Any], type[Any]]] = [
    (Amount, bookings_pb2.EventAmount),
    (Event, bookings_pb2.LedgerEvent),
    (VoucherLine, bookings_pb2.VoucherLine),
    (PeriodBalance, bookings_pb2.PeriodBalance),
    (StatementLine, bookings_pb2.StatementLine),
    (Accrual, bookings_pb2.Accrual),
    (Untranslated, bookings_pb2.Untranslated),
    (BillLine, bookings_pb2.BillLine),
    (Bill, bookings_pb2.Bill),
    (Rate, bookings_pb2.ExchangeRate),
    (PeriodChange, bookings_pb2.PeriodChange),
    (ValuationTerms, valuation_pb2.ValuationTerms),
    (UnitCost, valuation_pb2.UnitCost),
    (InventoryValue, valuation_pb2.InventoryValue),
    (CostMove, valuation_pb2.CostMove),
    (Margin, valuation_pb2.Margin),
    (SettledLine, contracts_pb2.SettledLine),
    (ShippedPackage, contracts_pb2.ShippedPackage),
    (SettledOrder, contracts_pb2.SettledOrder),
    (Share, contracts_pb2.Share),
    (Difference, contracts_pb2.ContractDifference),
    (RefundedLine, settlement_pb2.RefundedLine),
    (Refund, settlement_pb2.Refund),
    (SettledPlan, settlement_pb2.SettledPlan),
    (ChargeSum, settlement_pb2.ChargeSum),
    (Statement, settlement_pb2.SettlementStatement),
    (Item, settlement_pb2.SettlementItem),
    (Payment, settlement_pb2.Payment),
]
LEDGER_ENUMS: list[tuple[type[StrEnum], Any]] = [
    (ValuationMethod, valuation_pb2.ValuationMethod),
    (CostCause, valuation_pb2.CostCause),
    (MarginBy, valuation_pb2.MarginBy),
    (Role, contracts_pb2.PartyRole),
    (SettlementState, settlement_pb2.SettlementState),
]
# What a document says in full is its text; a step bears its sentences; a party stands alone.
LEDGER_ALONE = (
    contracts_pb2.ContractDocument,
    contracts_pb2.Sharing,
    contracts_pb2.SharingStep,
    settlement_pb2.SettlementParty,
)
