"""What every unit of stock is worth to the orders still to come, by source and SKU, in whole minor units."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from solver.catalog.catalog import Catalog
from solver.foresight.kinds import Costs, Floats, Kinds
from solver.foresight.lane_costs import LaneCost, costs_of, lane_costs
from solver.foresight.prices import Pricer
from solver.foresight.rehearsal import trusted_share
from solver.foresight.seen_orders import Kind
from solver.network.network import Network
from solver.orders.model import Address, Order, OrderLine
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Problem

FUTURES, KEPT = 4, 0.0
_TOLERANCE = (
    1e-3  # prices are means over drawn futures; the programs need not be solved more exactly than they are drawn
)

UnitsBySource = Mapping[str, Mapping[str, int]]  # SKU -> source -> units
Ask = Callable[[Order, Network, UnitsBySource], Problem]


LaneKey = tuple[str, int, tuple[str, ...]]  # region, usual grams, examples


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuerState:
    """What a valuer has learned, to go on from later; `generator` is JSON."""

    share: float
    rehearsed_at: int
    generator: str
    lanes: list[tuple[LaneKey, dict[str, LaneCost]]]
    prices: dict[str, dict[str, float]] = field(default_factory=dict)


class StockValuer:
    """Reckons values for one network under one policy; what lanes cost is asked once for each region and kept.

    Prices are means over `futures` that are drawn, and a share `kept` of those of the reckoning before stays in them,
    as if more futures had been drawn.
    """

    def __init__(
        self,
        network: Network,
        catalog: Catalog,
        policy: Policy,
        ask: Ask,
        seed: int,
        *,
        futures: int = FUTURES,
        kept: float = KEPT,
    ) -> None:
        self._network, self._catalog, self._policy, self._ask = network, catalog, policy, ask
        self._futures, self._kept = futures, kept
        self._prices: dict[str, dict[str, float]] = {}
        self._generator = np.random.default_rng(seed)
        self._lanes: dict[LaneKey, dict[str, LaneCost]] = {}
        self._share = 0.0
        self._rehearsed_at = 0

    @property
    def share(self) -> float:
        """The share of the prices that the last rehearsal trusted; 0: stock is in balance, or nothing was rehearsed."""
        return self._share

    def state(self) -> ValuerState:
        """All that another one of the same network and policy needs to go on from here."""
        return ValuerState(
            share=self._share,
            rehearsed_at=self._rehearsed_at,
            generator=json.dumps(self._generator.bit_generator.state),
            lanes=list(self._lanes.items()),
            prices=self._prices,
        )

    def restore(self, state: ValuerState) -> None:
        """Go on from where another one was."""
        self._share, self._rehearsed_at = state.share, state.rehearsed_at
        self._generator.bit_generator.state = json.loads(state.generator)
        self._lanes = dict(state.lanes)
        self._prices = state.prices

    def values(
        self, units: UnitsBySource, expected: Mapping[Kind, float], like: Order, seen: int
    ) -> dict[str, dict[str, int]]:
        """SKU -> source -> value of a unit left there, where it is worth anything.

        `expected` says how often each kind of order is still to come, `like` when and from which channel. How far the
        prices are trusted is rehearsed anew whenever twice as many orders are `seen`.
        """
        stocked = {sku for sku, of_sources in units.items() if any(of_sources.values())}
        wanted = {kind: often for kind, often in expected.items() if any(sku in stocked for sku, _ in kind[1])}
        if not wanted:
            return {}
        skus = sorted({sku for _, parts in wanted for sku, _ in parts})
        source_ids = sorted({source_id for sku in skus for source_id, left in units.get(sku, {}).items() if left})
        kinds, costs = self._program(tuple(wanted), skus, source_ids, like)
        stock = np.full((len(source_ids) + 1, len(skus)), np.inf)
        for column, sku in enumerate(skus):
            stock[:-1, column] = [max(0, units.get(sku, {}).get(source_id, 0)) for source_id in source_ids]
        demand = np.array(list(wanted.values()))
        if seen >= 2 * self._rehearsed_at:
            self._share = trusted_share(kinds, costs, stock, demand, self._generator)
            self._rehearsed_at = max(seen, 1)
        if not self._share:
            return {}
        pricer = Pricer(kinds, costs, tolerance=_TOLERANCE, most_rounds=25)
        drawn = pricer.over_futures(stock, demand, self._futures, self._generator)[:-1]
        prices = self._share * self._kept_with(drawn, source_ids, skus)
        whole = np.rint(np.where(stock[:-1] > 0, prices, 0)).astype(int).tolist()
        by_sku = {
            sku: {source_id: row[column] for source_id, row in zip(source_ids, whole, strict=True) if row[column]}
            for column, sku in enumerate(skus)
        }
        return {sku: of_sources for sku, of_sources in by_sku.items() if of_sources}

    def _kept_with(self, drawn: Floats, source_ids: Sequence[str], skus: Sequence[str]) -> Floats:
        """The prices of before and those drawn now; where there were none, those drawn now alone."""
        mean = drawn
        if self._kept:
            before = [[self._prices.get(sku, {}).get(one, np.nan) for sku in skus] for one in source_ids]
            known = np.array(before)
            mean = np.where(np.isnan(known), drawn, self._kept * known + (1 - self._kept) * drawn)
            self._prices = {
                sku: dict(zip(source_ids, mean[:, column].tolist(), strict=True)) for column, sku in enumerate(skus)
            }
        return mean

    def _program(
        self, wanted: Sequence[Kind], skus: Sequence[str], source_ids: Sequence[str], like: Order
    ) -> tuple[Kinds, Costs]:
        column = {sku: number for number, sku in enumerate(skus)}
        regions = sorted({region_id for region_id, _ in wanted})
        row = {region_id: number for number, region_id in enumerate(regions)}
        kinds = Kinds.of(
            [(row[region_id], {column[sku]: count for sku, count in parts}) for region_id, parts in wanted]
        )
        materials = {sku: self._catalog.materials[sku] for sku in skus}
        grams = {sku: material.weight_grams for sku, material in materials.items()}
        usual = int(np.median([sum(grams[sku] * count for sku, count in parts) for _, parts in wanted]))
        usual = 1 << max(usual, 1).bit_length()  # so that lanes are not asked again for every gram
        example = {material.traits: sku for sku, material in sorted(materials.items(), reverse=True)}
        by_region = [self._of_region(region_id, usual, sorted(example.values()), like) for region_id in regions]
        alike = {sku: example[material.traits] for sku, material in materials.items()}
        return kinds, costs_of(by_region, source_ids, grams, alike, float(self._policy.unfilled_minor_per_unit))

    def _of_region(self, region_id: str, usual_grams: int, examples: Sequence[str], like: Order) -> dict[str, LaneCost]:
        key = region_id, usual_grams, tuple(examples)
        if key not in self._lanes:
            everywhere = dict.fromkeys(self._network.source_ids, 1)
            order = replace(
                like,
                destination=Address(region_id=region_id),
                promised_at=None,
                lines=tuple(OrderLine(line_id=sku, sku=sku, quantity=1) for sku in examples),
            )
            problem = self._ask(order, self._network, dict.fromkeys(examples, everywhere))
            self._lanes[key] = lane_costs(problem, usual_grams)
        return self._lanes[key]
