"""The nouns of the warehouse and their messages."""

from enum import StrEnum
from typing import Any

from solver.gen.xunyuan.stock.v1 import (
    consignments_pb2,
    counts_pb2,
    imports_pb2,
    partners_pb2,
    places_pb2,
    returns_pb2,
    state_pb2,
)
from solver.stock.expected.arrivals import PromiseOutcome
from solver.stock.expected.consignment_model import (
    ArrivedUnits,
    Consignment,
    ConsignmentKind,
    ConsignmentLine,
    ConsignmentState,
    SentUnits,
)
from solver.stock.partners.dealer_rows import DealerTerms
from solver.stock.partners.dealers import DealerSale
from solver.stock.partners.dropship import SkuLevel
from solver.stock.partners.report_rows import ReportedLevel
from solver.stock.physical.count_model import Count, CountLine, CountState, CountWarning
from solver.stock.physical.import_model import ImportedRow, ImportOutcome, RefusedRow
from solver.stock.physical.moves import StateChange, StockMove
from solver.stock.physical.places import PlaceLevel, StockPlace
from solver.stock.physical.return_model import (
    AnnouncedUnits,
    CustomerReturn,
    Grade,
    GradedUnits,
    ReturnedUnits,
    ReturnLine,
    ReturnState,
)
from solver.stock.physical.states import StockState

WAREHOUSE_TWINS: list[tuple[type[Any], type[Any]]] = [
    (StockPlace, places_pb2.StockPlace),
    (PlaceLevel, places_pb2.PlaceLevel),
    (StockMove, places_pb2.StockMove),
    (StateChange, places_pb2.StateChange),
    (SentUnits, consignments_pb2.SentUnits),
    (ArrivedUnits, consignments_pb2.ArrivedUnits),
    (ConsignmentLine, consignments_pb2.ConsignmentLine),
    (PromiseOutcome, consignments_pb2.PromiseOutcome),
    (Consignment, consignments_pb2.Consignment),
    (CountLine, counts_pb2.CountLine),
    (CountWarning, counts_pb2.CountWarning),
    (Count, counts_pb2.Count),
    (ImportedRow, imports_pb2.ImportedRow),
    (RefusedRow, imports_pb2.RefusedRow),
    (ImportOutcome, imports_pb2.ImportOutcome),
    (DealerTerms, partners_pb2.DealerTerms),
    (DealerSale, partners_pb2.DealerSale),
    (SkuLevel, partners_pb2.SkuLevel),
    (ReportedLevel, partners_pb2.ReportedLevel),
    (AnnouncedUnits, returns_pb2.AnnouncedUnits),
    (ReturnedUnits, returns_pb2.ReturnedUnits),
    (GradedUnits, returns_pb2.GradedUnits),
    (ReturnLine, returns_pb2.ReturnLine),
    (CustomerReturn, returns_pb2.CustomerReturn),
]
WAREHOUSE_ENUMS: list[tuple[type[StrEnum], Any]] = [
    (StockState, state_pb2.StockState),
    (ConsignmentKind, consignments_pb2.ConsignmentKind),
    (ConsignmentState, consignments_pb2.ConsignmentState),
    (CountState, counts_pb2.CountState),
    (ReturnState, returns_pb2.ReturnState),
    (Grade, returns_pb2.Grade),
]
