"""What a unit costs the company at each source once all contracts are served (到岸成本): goods, commission, tax.

A dealer's or store's part is by its contract, or the settlement price that was agreed with it for the SKU; own goods
are worth what the catalog says. What a platform takes of the order is shared out to its units, and so is the tax within
the price. What people's work costs is a term of its own (`labour`), and freight is the lanes'.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from solver.catalog.catalog import Catalog
from solver.catalog.model import Part
from solver.catalog.ordered import parts_of, weights_of
from solver.errors import InvalidRequest, StateConflict
from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.facts import SettledLine, SettledOrder
from solver.ledger.contracts.rounding import Rounding, rounded, shared_out
from solver.ledger.contracts.share import commission_by_line
from solver.ledger.contracts.source_share import source_steps
from solver.network.distance import distance_meters
from solver.network.network import Network
from solver.orders.model import Order, OrderPart
from solver.sourcing.policy import Policy
from solver.sourcing.setting import Setting
from solver.sourcing.term import Term
from solver.sourcing.terms.landed_cost import SHARE as LANDED_SHARE
from solver.sourcing.terms.landed_cost import TERM as LANDED_COST
from solver.sourcing.terms.margin import SHARE as LOST_MARGIN
from solver.sourcing.terms.margin import TERM as MARGIN
from solver.stock.rows import Place

_log = logging.getLogger(__name__)
TaxOf = Callable[[str, int, date], int]
"""The tax within a price of a SKU on a day, in minor units."""


def no_tax(_: str, __: int, ___: date) -> int:
    """Prices contain no tax that is known."""
    return 0


class LandedCosts:
    """Costs by the contracts that are kept, for orders whose policy minds what goods cost where."""

    def __init__(self, book: Callable[[], ContractBook], tax_of: TaxOf = no_tax) -> None:
        self._book = book
        self._tax_of = tax_of

    def of(
        self,
        order: Order,
        policy: Policy,
        catalog: Catalog,
        network: Network,
        places: Iterable[Place],
        agreed: Mapping[Place, int],
    ) -> Mapping[Place, int]:
        """What a unit costs at each place, in the order's minor units; nothing where no contract is for any of them.

        `agreed` are settlement prices of single SKUs with dealers. Contracts that contradict each other are logged and
        cost no order its plan: then it is decided without them.
        """
        if not (minds_margin(policy) or minds_landed_cost(policy)):
            return {}
        try:
            return self._by_contracts(order, catalog, network, places, agreed)
        except (InvalidRequest, StateConflict) as error:
            _log.warning("order %s is planned without contracts: %s", order.order_id, error)
            return {}

    def _by_contracts(
        self, order: Order, catalog: Catalog, network: Network, places: Iterable[Place], agreed: Mapping[Place, int]
    ) -> Mapping[Place, int]:
        book, day = self._book(), order.placed_at.date()
        wanted = [place for place in places if place[0] in network.sources]
        contracts = {source_id: book.of_source(source_id, order.channel, day) for source_id, _ in wanted}
        if all(one is None or one.share is None for one in contracts.values()):
            return {}
        settled = self._settled(order, catalog, day)
        taken = dict(zip((line.sku for line in settled.lines), commission_by_line(settled, book), strict=True))
        lines = {line.sku: line for line in settled.lines}
        where = network.place(order.destination)
        costs: dict[Place, int] = {}
        for source_id, sku in wanted:
            line, contract, source = lines[sku], contracts[source_id], network.sources[source_id]
            if (source_id, sku) in agreed:
                goods = agreed[source_id, sku] * line.units
            elif contract is not None and contract.share is not None and contract.currency == order.currency:
                meters = distance_meters(source.latitude, source.longitude, where.latitude, where.longitude)
                steps = source_steps(
                    contract,
                    contract.share,
                    [(replace(line, source_id=source_id, distance_meters=meters), taken[sku])],
                    0,
                    0,
                )
                goods = sum(step.amount_minor for step in steps)
            else:
                goods = catalog.materials[sku].value_minor * line.units
            whole = max(0, goods + taken[sku] + line.tax_minor)
            costs[source_id, sku] = rounded(Fraction(whole, line.units), Rounding.HALF_UP)
        return costs

    def _settled(self, order: Order, catalog: Catalog, day: date) -> SettledOrder:
        """The order as contracts see it, a line for each SKU."""
        units: dict[str, int] = {}
        sums: dict[str, list[int]] = {}  # by SKU: list price, what is paid, tax
        for line in order.lines:
            parts: Sequence[Part | OrderPart] = parts_of(line, catalog)
            weights = weights_of(line, catalog)
            paid_minor = line.unit_price_minor * line.quantity
            paid = shared_out(paid_minor, weights)
            listed = shared_out(line.list_minor or paid_minor, weights)
            tax = shared_out(min(line.tax_minor, paid_minor), paid)
            for part, *minors in zip(parts, listed, paid, tax, strict=True):
                units[part.sku] = units.get(part.sku, 0) + part.units * line.quantity
                of = sums.setdefault(part.sku, [0, 0, 0])
                of[:] = [before + minor for before, minor in zip(of, minors, strict=True)]
        lines = tuple(
            SettledLine(
                line_id=sku,
                sku=sku,
                units=count,
                list_minor=sums[sku][0],
                paid_minor=sums[sku][1],
                tax_minor=sums[sku][2] or self._tax_of(sku, sums[sku][1], day),
                category=catalog.materials[sku].category_id,
            )
            for sku, count in sorted(units.items())
        )
        return SettledOrder(
            order_id=order.order_id or "asked",
            currency=order.currency,
            placed_on=day,
            lines=lines,
            paid_minor=sum(line.paid_minor for line in lines),
            channel=order.channel,
        )


def minds_margin(policy: Policy) -> bool:
    """Whether the policy counts what goods cost more at one source than at another, as the term `margin` does."""
    return _minds(policy, MARGIN, LOST_MARGIN)


def minds_landed_cost(policy: Policy) -> bool:
    """Whether the policy counts landed costs as a term of their own."""
    return _minds(policy, LANDED_COST, LANDED_SHARE)


def _minds(policy: Policy, term: Term, share: Setting) -> bool:
    return (bool(share.of(policy)) and term.name not in policy.off) or term.measure in policy.measures
