"""What a plan was made from, kept with the plan: so that it can be explained long after everything has changed.

The order and the stock that was seen are kept with each plan. The policy and master data are kept by version: the
network whole, of the catalog what the order is made of; each version once, however many plans refer to it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import msgspec

from solver.catalog.catalog import Catalog
from solver.catalog.combinations.lines import ExplodedOrder
from solver.catalog.model import Material, SalesItem
from solver.frozen import quickly_made
from solver.fulfilment import customers
from solver.fulfilment.command import StockAmount
from solver.fulfilment.question import (
    UnitsBySource,
    lines_of,
    network_problem,
    offers_at,
    skus_of,
    straight_problem,
    tariff_problem,
)
from solver.fulfilment.question_kept import (
    Grounds,
    KeptQuestion,
    body_of,
    body_of_plan,
    decode_grounds,
    encode,
    question_of,
)
from solver.fulfilment.shelf import Shelf
from solver.fulfilment.stock_seen import packed_units
from solver.network.calendar import Calendar
from solver.network.model import Carrier, Region, Service, Source
from solver.network.network import Network
from solver.network.transfer import Transfer
from solver.orders.model import Order
from solver.orders.private import without_person, without_street
from solver.site_units import SiteUnits
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Line, Problem
from solver.sourcing.snapshot.shelves import MinorBySource
from solver.sourcing.snapshot.worth import with_landed_costs, with_values
from solver.storage.database import Reader, Transaction
from solver.storage.versions import Keeping, digest_of, packed, version

QUESTION_SCHEMA = """
CREATE TABLE IF NOT EXISTS plan_question (
    plan_id TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;
"""
_NETWORK: dict[str, type[Any]] = {
    "regions": Region,
    "sources": Source,
    "carriers": Carrier,
    "services": Service,
    "calendars": Calendar,
    "transfers": Transfer,
}
_CATALOG: dict[str, type[Any]] = {"materials": Material, "sales_items": SalesItem}
Version: TypeAlias = tuple[str, bytes]  # the digest of what it says, and that, packed
_MOST_ROWS = 1 << 16  # of the catalog that are remembered
_MOST_GROUNDS = 64


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything that a decision looks at.

    `values` is what a unit left behind is worth to the orders to come, by SKU and source: those of `values_version`
    (0: none), as far as the order's SKUs are on hand. `landed_costs` is what a unit costs by contracts, likewise.
    """

    order: Order
    policy: Policy
    catalog: Catalog
    network: Network
    available: UnitsBySource
    on_hand: UnitsBySource
    amounts: tuple[StockAmount, ...] = ()
    standing: tuple[tuple[str, str], ...] = ()  # source and service of what a plan that is changed has open
    exploded: ExplodedOrder | None = None  # what the order came from; kept with the plan
    values: MinorBySource = field(default_factory=dict)
    values_version: int = 0
    landed_costs: MinorBySource = field(default_factory=dict)
    lines: tuple[Line, ...] = ()  # what the order's lines are made of; empty where nobody looked yet
    place_erased: bool = False  # where the order went was erased since with the person

    @property
    def is_plain(self) -> bool:
        """True where all that is known is what is available and on hand."""
        return not self.amounts and not self.standing

    def problem(self) -> Problem:
        """As the optimiser answers it."""
        if self.amounts:
            return self._in_full(self._stated(self.amounts))
        return self._in_full(
            network_problem(self.order, self.catalog, self.network, self.available, self.on_hand, self.policy)
        )

    def problem_of(self, source_ids: Collection[str], service_ids: Collection[str] | None = None) -> Problem:
        """The same, as if there were no other sources but where units are worth least, above which values count.

        With `service_ids` as if there were no other services either, where tariffs make the lanes.
        """
        for minor in (self.values, self.landed_costs):
            source_ids = {*source_ids, *self._least_by(minor)} if minor else source_ids
        if self.amounts:
            stated = self._stated([amount for amount in self.amounts if amount.source_id in source_ids])
            return self._in_full(stated)
        offers = offers_at(source_ids, self.network.sources, self.available, self.on_hand)
        return self._in_full(
            tariff_problem(
                self.order,
                self.catalog,
                self.network,
                offers,
                self.policy,
                service_ids=service_ids,
                lines=self.lines,
            )
        )

    def problem_by(self, lanes: Collection[tuple[str, str]]) -> Problem:
        """The same, as if there were no lanes but these, each straight from a source by a service.

        Where units left behind are worth something, all lanes of these sources are there.
        """
        source_ids = {source_id for source_id, _ in lanes}
        if self.amounts or self.values or self.landed_costs:
            return self.problem_of(source_ids)
        offers = offers_at(source_ids, self.network.sources, self.available, self.on_hand)
        return self._in_full(
            straight_problem(self.order, self.catalog, self.network, offers, self.policy, lanes, lines=self.lines)
        )

    def _in_full(self, problem: Problem) -> Problem:
        if self.standing:
            problem = replace(problem, standing=self.standing)
        if self.landed_costs:
            problem = with_landed_costs(problem, self.landed_costs)
        return with_values(problem, self.values) if self.values else problem

    def _least_by(self, minor: MinorBySource) -> set[str]:
        """For each SKU a source that has some, and where it is worth, or costs, least."""
        found = set()
        for sku, of_sources in self.available.items():
            worth = minor.get(sku, {})
            there = [one for one, units in of_sources.items() if units > 0 and one in self.network.sources]
            if there:
                found.add(min(there, key=lambda one: (worth.get(one, 0), one)))
        return found

    def _stated(self, amounts: Iterable[StockAmount]) -> Problem:
        shelf = Shelf(amounts, self.network.sources, self.catalog)
        offers, later = shelf.offers(skus_of(lines_of(self.order, self.catalog)), self.order.placed_at)
        return tariff_problem(self.order, self.catalog, self.network, offers, self.policy, later=later)


class Questions:
    """Questions by plan. A network is encoded once, and a row of the catalog: not for every plan that refers to it."""

    def __init__(self) -> None:
        self._last: tuple[Network, dict[str, Version]] | None = None
        self._rows: dict[tuple[str, str], tuple[object, Version]] = {}  # by noun and SKU
        self._grounds: dict[int, tuple[Network, Policy, Version]] = {}  # by the policy's identity
        self._versions = Keeping()

    def prepare(self, question: Question) -> None:
        """Do beforehand what need not be done while others wait for `keep`'s transaction."""
        self._encoded(question.network)

    def keep(self, tx: Transaction, plan_id: str, question: Question) -> None:
        """Write the question of a new plan, and the versions it refers to that are not kept yet."""
        self.keep_each(tx, [(plan_id, question)])

    def keep_each(self, tx: Transaction, asked: Sequence[tuple[str, Question]]) -> None:
        """As `keep`, for many plans with as many statements as one takes."""
        bodies: dict[str, bytes] = {}
        rows = []
        for plan_id, question in asked:
            grounds, catalog = self._grounds_of(question), self._of_catalog(question)
            if grounds[0] not in bodies:
                bodies.update([grounds, *self._encoded(question.network).values()])
            for versions in catalog.values():
                bodies.update(versions)
            rows.append((plan_id, _body(question, grounds[0], catalog)))
        self._versions.keep(tx, bodies)
        tx.execute_rows("INSERT INTO plan_question (plan_id, body) {rows}", rows)
        customers.note_each(tx, [(plan_id, question.order.customer_id) for plan_id, question in asked])

    def without_erased(self, reader: Reader, plan_id: str, question: Question) -> Question:
        """The question of who changes the plan, without the person where that was erased since it was put."""
        kept = _find(reader, plan_id)
        if kept is None or kept.order.customer_id or not question.order.customer_id:
            return question
        return replace(question, order=without_person(question.order), place_erased=kept.place_erased)

    def asked(self, reader: Reader, plan_id: str) -> tuple[Order, Policy] | None:
        """The order and the policy that the plan was made from, without the rest; None where that was not kept."""
        kept = _find(reader, plan_id)
        return None if kept is None else (kept.order, _grounds(reader, kept).policy)

    def networks(self, reader: Reader, plan_ids: Iterable[str]) -> Iterator[Network]:
        """The network that each plan was made from, which must be kept: the very same one where nothing changed."""
        known: dict[tuple[str, ...], Network] = {}
        for plan_id in plan_ids:
            kept = _find(reader, plan_id)
            assert kept is not None, "a plan is kept with its question"
            versions = _grounds(reader, kept).versions
            key = tuple(versions[noun] for noun in _NETWORK)
            if key not in known:
                question = self.find(reader, plan_id)
                assert question is not None, "it was found just now"
                known[key] = question.network
            yield known[key]

    def find(self, reader: Reader, plan_id: str) -> Question | None:
        """What the plan was made from; None where that was not kept."""
        kept = _find(reader, plan_id)
        if kept is None:
            return None
        grounds = _grounds(reader, kept)
        nouns = {
            noun: [
                one
                for digest in (kept.of_catalog[noun] if noun in kept.of_catalog else [grounds.versions[noun]])
                for one in msgspec.json.decode(version(reader, digest), type=list[kind])  # type: ignore[valid-type]  # a table's row
            ]
            for noun, kind in {**_NETWORK, **_CATALOG}.items()
        }
        network = Network.of(**{noun: nouns[noun] for noun in _NETWORK})
        available, on_hand = kept.seen(network.source_ids)
        return Question(
            order=kept.order,
            policy=grounds.policy,
            catalog=Catalog.of(nouns["materials"], nouns["sales_items"]),
            network=network,
            available=available,
            on_hand=on_hand,
            amounts=kept.amounts,
            standing=kept.standing,
            values=kept.values,
            values_version=kept.values_version,
            landed_costs=kept.landed_costs,
            place_erased=kept.place_erased,
        )

    def _encoded(self, network: Network) -> dict[str, Version]:
        """Digest and packed body of each noun of a network; remembered until another network comes."""
        last = self._last
        if last is None or last[0] is not network:
            nouns = {noun: getattr(network, noun) for noun in _NETWORK}
            last = (network, {noun: _version_of(list(of.values())) for noun, of in nouns.items()})
            self._last = last
        return last[1]

    def _grounds_of(self, question: Question) -> Version:
        """Policy and network, encoded; remembered for the last policies."""
        network, policy = question.network, question.policy
        known = self._grounds.get(id(policy))
        if known is None or known[0] is not network or known[1] is not policy:
            if len(self._grounds) >= _MOST_GROUNDS:
                self._grounds.clear()
            versions = {noun: digest for noun, (digest, _) in self._encoded(network).items()}
            grounds = _version_of(Grounds(policy=policy, versions=versions))
            known = self._grounds[id(policy)] = network, policy, grounds
        return known[2]

    def _of_catalog(self, question: Question) -> dict[str, list[Version]]:
        """What the order is made of, row by row."""
        catalog, order = question.catalog, question.order
        skus = skus_of(question.lines or lines_of(order, catalog))
        items = {line.sku for line in order.lines if line.sku in catalog.sales_items and not line.parts}
        return {
            "materials": [self._row("materials", sku, catalog.materials[sku]) for sku in skus],
            "sales_items": [self._row("sales_items", sku, catalog.sales_items[sku]) for sku in sorted(items)],
        }

    def _row(self, noun: str, sku: str, row: object) -> Version:
        known = self._rows.get((noun, sku))
        if known is None or known[0] is not row:
            if len(self._rows) >= _MOST_ROWS:
                self._rows.clear()
            known = self._rows[noun, sku] = (row, _version_of([row]))
        return known[1]


def _body(question: Question, grounds: str, catalog: Mapping[str, Sequence[Version]]) -> bytes:
    """What is kept of a question on these grounds."""
    held, numbering = _held(question), question.network.source_positions
    stock: dict[str, bytes] = {}
    available: dict[str, Mapping[str, int]] = {}
    for sku, of in question.available.items():
        if isinstance(of, SiteUnits):
            stock[sku], elsewhere = of.worked_out(packed_units, numbering)
        if not isinstance(of, SiteUnits) or elsewhere:
            available[sku] = elsewhere if isinstance(of, SiteUnits) else of
    said = {
        "order": without_street(question.order),
        "grounds": grounds,
        "available": available,
        "on_hand": {sku: dict(of) for sku, of in question.on_hand.items()} if held is None else {},
        "amounts": question.amounts,
        "standing": question.standing,
        "values": question.values,
        "values_version": question.values_version,
        "landed_costs": question.landed_costs,
        "held": held,
        "place_erased": question.place_erased,
        "of_catalog": {noun: [digest for digest, _ in versions] for noun, versions in catalog.items()},
    }
    return body_of(said, stock)


def _held(question: Question) -> UnitsBySource | None:
    """What is on hand where that is other than what is available; None where that does not say it."""
    available, on_hand = question.available, question.on_hand
    if available.keys() != on_hand.keys():
        return None
    held = {}
    for sku, there in on_hand.items():
        free = available[sku]
        if there is free:
            continue
        if isinstance(there, SiteUnits) and isinstance(free, SiteUnits) and there.is_like(free):
            other = there.other_than(free)
        elif free.keys() - there.keys():
            return None
        else:
            other = {one: units for one, units in there.items() if free.get(one) != units}
        if other:
            held[sku] = other
    return held


def _find(reader: Reader, plan_id: str) -> KeptQuestion | None:
    body = body_of_plan(reader, plan_id)
    return None if body is None else question_of(body)


def _grounds(reader: Reader, kept: KeptQuestion) -> Grounds:
    """The policy and the network that the question was asked under."""
    if kept.policy is not None:
        return Grounds(policy=kept.policy, versions=kept.versions)
    return decode_grounds(version(reader, kept.grounds))


def _version_of(said: object) -> Version:
    body = encode(said)
    return digest_of(body), packed(body)
