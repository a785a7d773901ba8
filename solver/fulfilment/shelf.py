"""What the sources could still give, and under which offers an order sees it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from solver.catalog.catalog import Catalog
from solver.fulfilment.command import StockAmount
from solver.fulfilment.question import offer_of
from solver.network.later import LaterStock, backorder_available_at, days_to_ship
from solver.network.model import Source
from solver.sourcing.plan import Plan
from solver.sourcing.problem import Lot, Offer, Stage

OfferKey: TypeAlias = tuple[str, str]  # source id, offer id


@dataclass(slots=True)
class Pile:
    """One stated amount of stock, and what is left of it."""

    amount: StockAmount
    available: int
    on_hand: int
    lots: tuple[Lot, ...]

    @classmethod
    def of(cls, amount: StockAmount) -> "Pile":
        """The amount, untouched."""
        on_hand = amount.on_hand_units or amount.available_units
        return cls(amount=amount, available=amount.available_units, on_hand=on_hand, lots=amount.lots)

    def take(self, most: int, least_days: int) -> int:
        """Take up to so many units, lots that keep for at least `least_days` by their expiry; how many there were."""
        units = min(most, self.available)
        self.available -= units
        self.on_hand -= units
        left, lots = units, []
        for lot in sorted(self.lots, key=lambda lot: lot.days_to_expiry):
            taken = min(left, lot.units) if lot.days_to_expiry >= least_days else 0
            left -= taken
            lots.append(replace(lot, units=lot.units - taken))
        self.lots = tuple(lots)
        return units


Pack: TypeAlias = dict[str, list[Pile]]  # the piles of one offer, by SKU


class Shelf:
    """All stated stock. Offers are made anew for each order; what a plan ships is taken off."""

    def __init__(self, stock: Iterable[StockAmount], sources: Mapping[str, Source], catalog: Catalog) -> None:
        self._sources = sources
        self._catalog = catalog
        self._piles: dict[str, list[Pile]] = {}
        for amount in stock:
            self._piles.setdefault(amount.sku, []).append(Pile.of(amount))

    def offers(self, skus: Iterable[str], placed_at: datetime) -> tuple[tuple[Offer, ...], tuple[LaterStock, ...]]:
        """What an order for these SKUs can be given; and of what is not there yet, from when on."""
        packs, later = self._packs(skus, placed_at)
        offers = (self._offer(key, pack) for key, pack in sorted(packs.items()))
        return tuple(offers), tuple(sorted(later.values(), key=lambda one: (one.source_id, one.offer_id)))

    def take(self, plan: Plan, placed_at: datetime, least_days: int) -> None:
        """Take what the plan ships; `least_days` is how long its policy asks stock to keep."""
        contents = [(package, packed) for package in plan.packages for packed in package.contents]
        packs, _ = self._packs({packed.sku for _, packed in contents}, placed_at)
        for package, packed in contents:
            left = packed.units
            for pile in packs[package.source_id, package.offer_id][packed.sku]:
                left -= pile.take(left, least_days)

    def _packs(
        self, skus: Iterable[str], placed_at: datetime
    ) -> tuple[dict[OfferKey, Pack], dict[OfferKey, LaterStock]]:
        packs: dict[OfferKey, Pack] = {}
        later: dict[OfferKey, LaterStock] = {}
        for sku in skus:
            for pile in self._piles.get(sku, ()):
                if not pile.on_hand:
                    continue
                at = self._available_at(pile.amount, placed_at)
                key = (pile.amount.source_id, offer_id_of(pile.amount.stage, at))
                packs.setdefault(key, {}).setdefault(sku, []).append(pile)
                if at is not None:
                    later[key] = LaterStock(source_id=key[0], offer_id=key[1], available_at=at)
        return packs, later

    def _available_at(self, amount: StockAmount, placed_at: datetime) -> datetime | None:
        if amount.stage is not Stage.BACKORDER or amount.available_at is not None:
            return amount.available_at
        source = self._sources[amount.source_id]
        days = days_to_ship(self._catalog.materials[amount.sku].days_to_ship, source.days_to_ship)
        return backorder_available_at(placed_at, days, source.time_zone)

    def _offer(self, key: OfferKey, pack: Pack) -> Offer:
        available = {sku: sum(pile.available for pile in piles) for sku, piles in pack.items()}
        on_hand = {sku: sum(pile.on_hand for pile in piles) for sku, piles in pack.items()}
        return replace(
            offer_of(self._sources[key[0]], available, on_hand),
            offer_id=key[1],
            stage=next(iter(pack.values()))[0].amount.stage,
            safety=_sums(pack, "safety_units"),
            reserve=_sums(pack, "reserve_units"),
            unit_cost_minor=_stated(pack, "unit_cost_minor"),
            stock_out_minor=_stated(pack, "stock_out_minor"),
            stock_value_minor=_stated(pack, "stock_value_minor"),
            landed_cost_minor=_stated(pack, "landed_cost_minor"),
            lots=_lots(pack),
        )


def offer_id_of(stage: Stage, available_at: datetime | None) -> str:
    """Such as `in_transit@2026-03-04T00:00Z`; empty for what is on hand."""
    if stage is Stage.ON_HAND or available_at is None:
        return ""
    precision = "auto" if available_at.second or available_at.microsecond else "minutes"
    return f"{stage}@{available_at.isoformat(timespec=precision).replace('+00:00', 'Z')}"


def _lots(pack: Pack) -> dict[str, tuple[Lot, ...]]:
    lots = {sku: tuple(lot for pile in piles for lot in pile.lots) for sku, piles in pack.items()}
    return {sku: known for sku, known in lots.items() if known}


def _sums(pack: Pack, name: str) -> dict[str, int]:
    sums = {sku: sum(getattr(pile.amount, name) for pile in piles) for sku, piles in pack.items()}
    return {sku: units for sku, units in sums.items() if units}


def _stated(pack: Pack, name: str) -> dict[str, int]:
    firsts = {sku: getattr(piles[0].amount, name) for sku, piles in pack.items()}
    return {sku: amount for sku, amount in firsts.items() if amount is not None}
