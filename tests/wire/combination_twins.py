"""The nouns of combinations and their messages."""

from enum import StrEnum
from typing import Any

from solver.catalog.combinations import basket, lines, model, outcome, prices
from solver.catalog.combinations.availability import CombinationAvailability
from solver.catalog.combinations.kept import KeptCombination
from solver.catalog.combinations.returning import ReturnedUnits
from solver.catalog.sharing.model import Basis
from solver.catalog.sharing.returns import PaidPart
from solver.fulfilment.exploding.command import ExplodeCommand, ReturnQuestion
from solver.gen.xunyuan.catalog.v1 import combination_pb2, explosion_pb2
from solver.gen.xunyuan.catalog.v1 import combinations_pb2 as pb
from solver.orders.model import Chosen, OrderPart

_MODEL = (
    model.Item, model.AllOf, model.Option, model.Exclusion, model.Choose, model.Chance, model.Draw, model.Gift,
    model.Period, model.PreSale, model.Accepted, model.TradeIn, model.Upgrade, model.Node, model.Step, model.Offer,
    model.Combination,
)  # fmt: skip
_PRICES = (
    prices.Fixed, prices.OfParts, prices.Band, prices.Bands, prices.Cases, prices.Cycle, prices.Price,
)  # fmt: skip
_OUTCOME = (
    outcome.Piece, outcome.Taken, outcome.Decision, outcome.GiftOutcome, outcome.Reduction, outcome.LineOutcome,
    outcome.Incoming, outcome.Explosion, lines.ExplodedLine, lines.ExplodedOrder, basket.Basket,
    basket.BasketLine, Chosen, OrderPart,
)  # fmt: skip
COMBINATION_TWINS: list[tuple[type[Any], type[Any]]] = [
    *((noun, getattr(combination_pb2, noun.__name__)) for noun in (*_MODEL, *_PRICES, KeptCombination)),
    *((noun, getattr(explosion_pb2, noun.__name__)) for noun in _OUTCOME),
    *((noun, getattr(pb, noun.__name__)) for noun in (CombinationAvailability, PaidPart, ReturnedUnits)),
    (ReturnQuestion, pb.QuoteReturnRequest),
    (ExplodeCommand, pb.ExplodeOrdersRequest),
]
COMBINATION_ENUMS: list[tuple[type[StrEnum], Any]] = [
    (model.Measure, combination_pb2.Measure),
    (Basis, combination_pb2.Basis),
    (outcome.Role, explosion_pb2.Role),
    (outcome.Withheld, explosion_pb2.Withheld),
]
