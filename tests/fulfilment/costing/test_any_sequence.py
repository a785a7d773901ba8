"""Whatever happens to stock in whatever order: units, their cost and inventory tie after every step."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from solver.app import Application
from solver.errors import XunyuanError
from solver.fulfilment.warehousing.consignments import Sending
from solver.fulfilment.warehousing.returns import Announcement
from solver.ledger.valuation.model import ValuationMethod, ValuationTerms
from solver.stock.expected.consignment_model import ArrivedUnits, SentUnits
from solver.stock.model import Movement
from solver.stock.physical.return_model import AnnouncedUnits, Grade, GradedUnits, ReturnedUnits
from tests.fulfilment.costing.test_costing import COSTS, Shop
from tests.made_world import MONDAY_AT_8

STEPS = 60
SITES = ("W-EAST", "S-EAST", "W-WEST")


class Days:
    """What may happen; each step is one of its methods with figures drawn at random."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        self.random = random.Random(seed)
        self.shipped: list[str] = []
        self.count = 0

    def name(self) -> str:
        self.count += 1
        return f"N-{self.count}"

    def receive(self) -> None:
        cost = self.random.choice([None, self.random.randrange(3_000)])
        units = self.random.randint(1, 9)
        row = Movement(site_id=self.random.choice(SITES), sku="TEA", units=units, unit_cost_minor=cost)
        self.shop.app.stockroom.receive(self.shop.request(), [row], self.name())

    def adjust(self) -> None:
        rows = [
            Movement(site_id=site_id, sku="TEA", units=units)
            for site_id in self.random.sample(SITES, 2)
            if (units := self.random.randint(-4, 4))
        ]
        self.shop.app.stockroom.adjust(self.shop.request(), rows, self.name())

    def ship(self) -> None:
        order_id = self.name()
        self.shop.shipped(self.random.randint(1, 5), order_id=order_id)
        self.shipped.append(order_id)

    def return_some(self) -> None:
        order_id, return_id = self.random.choice([*self.shipped, ""]), self.name()
        returning, units = self.shop.app.warehouse.returning, self.random.randint(1, 3)
        lines = (AnnouncedUnits(sku="TEA", units=units),)
        announced = Announcement(return_id=return_id, site_id="W-EAST", lines=lines, order_id=order_id)
        returning.announce(self.shop.request(), announced)
        returning.receive(self.shop.request(), return_id, [ReturnedUnits(sku="TEA", units=units)])
        self.shop.tie()
        grade = self.random.choice(list(Grade))
        returning.grade(self.shop.request(), return_id, [GradedUnits(sku="TEA", units=units, grade=grade)])

    def transfer(self) -> None:
        of, to = self.random.sample(SITES, 2)
        name, units, consigning = self.name(), self.random.randint(1, 6), self.shop.app.warehouse.consigning
        soon = MONDAY_AT_8 + timedelta(days=1)
        lines = (SentUnits(sku="TEA", units=units),)
        sending = Sending(consignment_id=name, site_id=to, lines=lines, expected_at=soon, from_site_id=of)
        consigning.dispatch(self.shop.request(), sending)
        self.shop.tie()
        arrived = [ArrivedUnits(sku="TEA", units=self.random.randint(0, units + 1) or 1)]
        consigning.receive(self.shop.request(), name, arrived, more_to_come=self.random.random() < 0.3)

    def write_down(self) -> None:
        amount_minor = self.random.randint(1, 20_000)
        self.shop.app.finance.valuation.write_down(self.shop.request(), "", "TEA", amount_minor, "less is asked for it")

    def cost(self) -> None:
        for one in self.shop.app.finance.valuation.uncosted(most=1):
            self.shop.app.finance.valuation.cost_receipt(
                self.shop.request(), one.move_id, self.random.randint(1, 2_000)
            )


@pytest.mark.parametrize("method", ValuationMethod)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_books_tie_after_any_step(application: Application, method: ValuationMethod, seed: int) -> None:
    shop = Shop(application)
    terms = ValuationTerms(method=method, currency="CNY", not_owned=("S-EAST",) if seed == 2 else ())
    shop.app.finance.valuation.set_terms(shop.request(), terms, COSTS[1:])
    days, done = Days(shop, seed), 0
    acts: list[Callable[[], None]] = [
        days.receive, days.adjust, days.ship, days.return_some, days.transfer, days.write_down, days.cost,
    ]  # fmt: skip
    for _ in range(STEPS):
        act = days.random.choice(acts)
        try:
            act()
            done += 1
        except XunyuanError:  # too few units, or nothing to write down: refused, and the books are as they were
            pass
        shop.tie()
    assert done > STEPS // 2, f"seed {seed}: {done} steps happened"
