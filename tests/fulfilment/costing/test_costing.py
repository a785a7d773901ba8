"""Cost follows units through their whole life, and the three books tie after every step."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from solver.app import Application
from solver.clock import ManualClock
from solver.errors import InvalidRequest, StateConflict
from solver.fulfilment.auditing import broken_rules
from solver.fulfilment.model import FulfilmentPlan, PlanCommand
from solver.fulfilment.warehousing.consignments import Sending
from solver.fulfilment.warehousing.returns import Announcement
from solver.ledger.books.declared import declare
from solver.ledger.books.desk import LedgerDesk
from solver.ledger.books.entities import Declaration, LegalEntity
from solver.ledger.books.model import Amount, Event
from solver.ledger.valuation.margins import MarginBy
from solver.ledger.valuation.model import CostCause, CostMove, UnitCost, ValuationMethod, ValuationTerms
from solver.orders.model import OrderLine
from solver.scenario.load import load
from solver.stock.expected.consignment_model import ArrivedUnits, SentUnits
from solver.stock.holding.commitment_model import CommitmentRow
from solver.stock.model import Movement
from solver.stock.physical.return_model import AnnouncedUnits, Grade, GradedUnits, ReturnedUnits
from solver.storage.once import Request, request_for
from tests.made_world import MONDAY_AT_8, made_world, order_of

COSTS = tuple(
    UnitCost(sku=sku, from_on=date(2026, 1, 1), unit_cost_minor=minor)
    for sku, minor in (("TEA", 1_000), ("CUP", 300), ("POT", 2_500))
)
AVERAGE = ValuationTerms(method=ValuationMethod.MOVING_AVERAGE, currency="CNY")
DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)


class Shop:
    """The made world with terms of valuation; after every step its books are held against each other."""

    def __init__(self, application: Application) -> None:
        self.app = application
        self._requests = 0

    def request(self) -> Request:
        self._requests += 1
        return request_for("Test", f"request-{self._requests}", self._requests)

    def tie(self) -> None:
        with self.app.database.read() as reader:
            assert broken_rules(self.app.journal, reader) == ()

    def value(self, sku: str, entity: str = "") -> tuple[int, int]:
        found = {(one.entity, one.sku): one for one in self.app.finance.valuation.values()}
        one = found.get((entity, sku))
        return (0, 0) if one is None else (one.units, one.value_minor)

    def balance(self, account: str, entity: str = "") -> int:
        with self.app.database.read() as reader:
            rows = self.app.ledger.trial_balance(reader)
        return sum(row.balance_minor for row in rows if (row.account, row.entity) == (account, entity))

    def causes(self, sku: str) -> list[tuple[CostCause, int, int]]:
        return [(one.cause, one.units, one.value_minor) for one in self.moves(sku)]

    def moves(self, sku: str) -> list[CostMove]:
        return self.app.finance.valuation.moves(sku=sku, most=100)

    def shipped(self, units: int, price_minor: int = 5_000, order_id: str = "O-1", channel: str = "") -> FulfilmentPlan:
        order = order_of(("TEA", units), order_id=order_id, channel=channel)
        line = OrderLine(line_id="1", sku="TEA", quantity=units, unit_price_minor=price_minor)
        command = PlanCommand(order=order_of(order_id=order_id, channel=channel, lines=(line,)))
        assert order.order_id == command.order.order_id
        plan = self.app.planner.plan(self.request(), command, seconds_left=5)
        self.app.confirming.confirm(self.request(), plan.plan_id)
        self.app.committing.ship(self.request(), plan_id=plan.plan_id)
        self.tie()
        return plan


@pytest.fixture
def shop(application: Application) -> Iterator[Shop]:
    made = Shop(application)
    made.app.finance.valuation.set_terms(made.request(), AVERAGE, COSTS)
    made.tie()
    yield made
    made.tie()


def test_stock_that_is_there_opens_the_value_book_at_its_noted_costs(shop: Shop) -> None:
    assert shop.value("TEA") == (63, 63_000)
    assert shop.value("SAFE") == (1, 0)
    assert [one.sku for one in shop.app.finance.valuation.uncosted(most=10)] == ["SAFE"]
    assert shop.balance("inventory") == 63_000 + 25 * 300 + 7 * 2_500


def test_a_receipt_comes_in_at_what_it_says_it_cost(shop: Shop) -> None:
    receipt = [Movement(site_id="W-EAST", sku="TEA", units=37, unit_cost_minor=2_000)]
    shop.app.stockroom.receive(shop.request(), receipt, "PO-1")
    assert shop.value("TEA") == (100, 137_000)
    assert shop.balance("goods_received_not_invoiced/suppliers") == -74_000


def test_a_receipt_that_says_nothing_costs_what_was_noted_last(shop: Shop) -> None:
    costs = [UnitCost(sku="TEA", from_on=date(2026, 3, 2), unit_cost_minor=1_100)]
    shop.app.finance.valuation.note_costs(shop.request(), costs)
    shop.app.stockroom.receive(shop.request(), [Movement(site_id="W-EAST", sku="TEA", units=10)], "PO-1")
    assert shop.causes("TEA")[-1] == (CostCause.RECEIPT, 10, 11_000)


def test_what_ships_is_sold_and_its_cost_leaves_with_it(shop: Shop) -> None:
    plan = shop.shipped(4)
    assert shop.causes("TEA")[-1] == (CostCause.SHIPMENT, -4, -4_000)
    assert shop.moves("TEA")[-1].order_id == "O-1"
    assert shop.balance("cost_of_goods") == 4_000
    assert shop.balance("sales") == -20_000
    assert shop.balance("receivable/customers") == 20_000
    [margin] = shop.app.finance.valuation.margins(MarginBy.ORDER, DAY, NEXT)
    assert (margin.key, margin.sales_minor, margin.cost_minor, margin.margin_minor) == ("O-1", 20_000, 4_000, 16_000)
    with shop.app.database.read() as reader:
        kinds = [one.kind for one in shop.app.ledger.vouchers(reader, f"plan/{plan.plan_id}")]
    assert kinds == ["shipped"]


def test_an_order_that_ships_in_parts_is_sold_to_the_cent(shop: Shop) -> None:
    line = OrderLine(line_id="1", sku="TEA", quantity=3, unit_price_minor=3_333)
    plan = shop.app.planner.plan(shop.request(), PlanCommand(order=order_of(lines=(line,))), seconds_left=5)
    shop.app.confirming.confirm(shop.request(), plan.plan_id)
    contents = shop.app.committing.get(plan_id=plan.plan_id).contents
    site_id = contents[0].site_id
    for sold in (3_333, 6_666, 9_999):
        row = CommitmentRow(site_id=site_id, sku="TEA", units=1)
        shop.app.committing.ship(shop.request(), [row], plan_id=plan.plan_id)
        assert shop.balance("sales") == -sold
        shop.tie()


def test_prices_that_include_tax_leave_net_sales(application: Application) -> None:
    shop = Shop(application)
    terms = ValuationTerms(method=ValuationMethod.FIFO, currency="CNY", tax_place="CN", tax_item="goods")
    shop.app.finance.valuation.set_terms(shop.request(), terms, COSTS)
    shop.shipped(1, price_minor=11_300)
    assert shop.balance("sales") == -10_000
    assert shop.balance("tax_to_invoice") == -1_300


def test_what_comes_back_comes_back_at_the_cost_at_which_it_left(shop: Shop) -> None:
    shop.shipped(4)
    dearer = [Movement(site_id="W-EAST", sku="TEA", units=59, unit_cost_minor=3_000)]
    shop.app.stockroom.receive(shop.request(), dearer, "PO-2")
    returns = shop.app.warehouse.returning
    announced = Announcement(
        return_id="R-1", site_id="W-EAST", lines=(AnnouncedUnits(sku="TEA", units=2),), order_id="O-1"
    )
    returns.announce(shop.request(), announced)
    returns.receive(shop.request(), "R-1", [ReturnedUnits(sku="TEA", units=2)])
    assert shop.causes("TEA")[-1] == (CostCause.RETURN, 2, 2_000)
    shop.tie()
    graded = [GradedUnits(sku="TEA", units=1, grade=Grade.SCRAP), GradedUnits(sku="TEA", units=1, grade=Grade.RESELL)]
    returns.grade(shop.request(), "R-1", graded)
    units, value_minor = 59 + 59 + 2, 59_000 + 177_000 + 2_000
    assert shop.causes("TEA")[-1] == (CostCause.SCRAP, -1, -(value_minor // units))
    assert shop.balance("cost_of_goods") == 2_000


def test_goods_on_their_way_between_sites_stay_ours_and_those_of_a_supplier_become_ours(shop: Shop) -> None:
    consigning = shop.app.warehouse.consigning
    soon = MONDAY_AT_8 + timedelta(days=1)
    lines = (SentUnits(sku="TEA", units=20),)
    consigning.dispatch(
        shop.request(),
        Sending(consignment_id="T-1", site_id="W-EAST", lines=lines, expected_at=soon, from_site_id="W-WEST"),
    )
    assert shop.value("TEA") == (63, 63_000)
    shop.tie()
    consigning.advise(shop.request(), Sending(consignment_id="P-1", site_id="W-EAST", lines=lines, expected_at=soon))
    assert shop.value("TEA") == (63, 63_000)
    shop.tie()
    arrived = [ArrivedUnits(sku="TEA", units=19, damaged_units=1)]
    consigning.receive(shop.request(), "P-1", arrived, more_to_come=False)
    assert shop.value("TEA") == (83, 83_000)
    consigning.receive(shop.request(), "T-1", [ArrivedUnits(sku="TEA", units=18)], more_to_come=False)
    assert shop.causes("TEA")[-1] == (CostCause.LOSS, -2, -2_000)


def test_counts_that_cancel_out_within_an_owner_cost_nothing(shop: Shop) -> None:
    moved = [Movement(site_id="W-EAST", sku="TEA", units=-5), Movement(site_id="W-WEST", sku="TEA", units=5)]
    shop.app.stockroom.adjust(shop.request(), moved, "a mistake put right")
    assert shop.causes("TEA") == [(CostCause.OPENING, 63, 63_000)]


def test_an_owner_hands_over_at_cost_to_the_one_who_sells(application: Application) -> None:
    shop = Shop(application)
    trading = LegalEntity(code="TRADING", name_en="Trading", name_zh="贸易", base_currency="CNY", home=True)
    retail = LegalEntity(code="RETAIL", name_en="Retail", name_zh="零售", base_currency="CNY")
    with application.database.write() as tx:
        declare(tx, Declaration(entities={"TRADING": trading, "RETAIL": retail}), MONDAY_AT_8)
    terms = ValuationTerms(method=ValuationMethod.FIFO, currency="CNY", entity_of_channel={"tmall": "RETAIL"})
    shop.app.finance.valuation.set_terms(shop.request(), terms, COSTS)
    shop.tie()
    shop.shipped(2, channel="tmall")
    assert shop.value("TEA", "TRADING") == (61, 61_000)
    assert shop.balance("sales", "RETAIL") == -10_000
    assert shop.balance("cost_of_goods", "RETAIL") == 2_000
    assert shop.balance("intercompany_receivable/RETAIL", "TRADING") == 2_000
    assert shop.balance("intercompany_payable/TRADING", "RETAIL") == -2_000
    assert shop.balance("cost_of_goods", "TRADING") == 0


def test_a_dealers_stock_is_in_none_of_our_books(application: Application) -> None:
    shop = Shop(application)
    terms = ValuationTerms(method=ValuationMethod.FIFO, currency="CNY", not_owned=("W-WEST",))
    shop.app.finance.valuation.set_terms(shop.request(), terms, COSTS)
    assert shop.value("TEA") == (13, 13_000)
    shop.tie()
    consigning = shop.app.warehouse.consigning
    soon = MONDAY_AT_8 + timedelta(days=1)
    lines = (SentUnits(sku="TEA", units=4),)
    sending = Sending(consignment_id="T-1", site_id="W-EAST", lines=lines, expected_at=soon, from_site_id="W-WEST")
    consigning.dispatch(shop.request(), sending)
    consigning.receive(shop.request(), "T-1", [ArrivedUnits(sku="TEA", units=4)], more_to_come=False)
    assert shop.value("TEA") == (17, 17_000)
    assert shop.causes("TEA")[-1] == (CostCause.RECEIPT, 4, 4_000)


def test_a_write_down_lowers_the_value_and_later_costs(shop: Shop) -> None:
    move = shop.app.finance.valuation.write_down(shop.request(), "", "TEA", 6_300, "near its last day")
    assert (move.cause, move.value_minor, move.voucher_id[:1]) == (CostCause.WRITE_DOWN, -6_300, "V")
    shop.tie()
    shop.shipped(1)
    assert shop.causes("TEA")[-1] == (CostCause.SHIPMENT, -1, -900)
    assert shop.balance("stock_write_down") == 6_300
    with pytest.raises(InvalidRequest, match="1 to 55800"):
        shop.app.finance.valuation.write_down(shop.request(), "", "TEA", 99_999, "too much")


def test_a_cost_that_comes_late_goes_to_what_is_there_and_what_was_sold(application: Application) -> None:
    shop = Shop(application)
    shop.app.finance.valuation.set_terms(shop.request(), ValuationTerms(method=ValuationMethod.FIFO, currency="CNY"))
    shop.shipped(3)
    [uncosted] = [one for one in shop.app.finance.valuation.uncosted(most=10) if one.sku == "TEA"]
    move = shop.app.finance.valuation.cost_receipt(shop.request(), uncosted.move_id, 1_000)
    assert move.value_minor == 60_000
    assert shop.balance("cost_of_goods") == 3_000
    shop.tie()
    with pytest.raises(StateConflict, match="has its cost"):
        shop.app.finance.valuation.cost_receipt(shop.request(), uncosted.move_id, 1_000)


def test_a_repeated_request_values_nothing_twice(shop: Shop) -> None:
    request = shop.request()
    first = shop.app.finance.valuation.write_down(request, "", "TEA", 100, "dust")
    assert shop.app.finance.valuation.write_down(request, "", "TEA", 100, "dust") == first
    assert shop.value("TEA") == (63, 62_900)


def test_terms_that_give_stock_to_another_owner_are_refused(shop: Shop) -> None:
    terms = ValuationTerms(method=ValuationMethod.FIFO, currency="CNY", not_owned=("W-WEST",))
    with pytest.raises(StateConflict, match="would change hands, first"):
        shop.app.finance.valuation.set_terms(shop.request(), terms)
    assert shop.app.finance.valuation.terms() == AVERAGE
    shop.app.finance.valuation.set_terms(shop.request(), ValuationTerms(method=ValuationMethod.FIFO, currency="CNY"))


def test_inventory_is_not_posted_or_taken_back_by_hand_where_stock_is_valued(shop: Shop) -> None:
    desk = LedgerDesk(shop.app.database, shop.app.clock, shop.app.ledger)
    amounts = (Amount(charge="stock_found", amount_minor=100),)
    event = Event(kind="adjustment", entity="", currency="CNY", on=DAY, source="by hand", amounts=amounts)
    with pytest.raises(StateConflict, match="follows the stock book"):
        desk.post(shop.request(), [event])
    move = shop.app.finance.valuation.write_down(shop.request(), "", "TEA", 100, "dust")
    with pytest.raises(StateConflict, match="follows the stock book"):
        desk.reverse(shop.request(), move.voucher_id, on=DAY, reason="no dust")


def test_stock_moves_in_a_closed_period_and_is_posted_in_the_next_open_one(shop: Shop) -> None:
    desk = LedgerDesk(shop.app.database, shop.app.clock, shop.app.ledger)
    desk.close(shop.request(), "", "2026-03", "early close")
    plan = shop.shipped(1)
    with shop.app.database.read() as reader:
        [sold] = shop.app.ledger.vouchers(reader, f"plan/{plan.plan_id}")
        cost = shop.app.ledger.voucher(reader, shop.moves("TEA")[-1].voucher_id)
    assert (sold.on, cost.on) == (date(2026, 4, 1), date(2026, 4, 1))


def test_valuation_may_not_begin_over_inventory_posted_by_hand(application: Application) -> None:
    shop = Shop(application)
    desk = LedgerDesk(shop.app.database, shop.app.clock, shop.app.ledger)
    amounts = (Amount(charge="opening_inventory", amount_minor=100),)
    event = Event(kind="adjustment", entity="", currency="CNY", on=DAY, source="by hand", amounts=amounts)
    desk.post(shop.request(), [event])
    with pytest.raises(StateConflict, match="posted by hand"):
        shop.app.finance.valuation.set_terms(shop.request(), AVERAGE)
    assert shop.app.finance.valuation.terms() is None


WRONG: list[tuple[ValuationTerms, str]] = [
    (ValuationTerms(method=ValuationMethod.FIFO, currency="yuan"), "currency"),
    (ValuationTerms(method=ValuationMethod.FIFO, currency="CNY", not_owned=("NOWHERE",)), "not_owned"),
    (ValuationTerms(method=ValuationMethod.FIFO, currency="CNY", entity_of_site={"NOWHERE": "A"}), "entity_of_site"),
    (ValuationTerms(method=ValuationMethod.FIFO, currency="CNY", tax_place="MARS"), "tax_place"),
    (ValuationTerms(method=ValuationMethod.FIFO, currency="CNY", tax_place="CN", tax_item="air"), "tax_item"),
]


@pytest.mark.parametrize(("terms", "field"), WRONG, ids=[field for _, field in WRONG])
def test_terms_that_name_what_nobody_knows_are_refused(
    application: Application, terms: ValuationTerms, field: str
) -> None:
    shop = Shop(application)
    with pytest.raises(InvalidRequest) as refused:
        shop.app.finance.valuation.set_terms(shop.request(), terms)
    assert refused.value.violations[0].field.startswith(field)
    assert shop.app.finance.valuation.terms() is None


def test_nothing_is_valued_before_terms_are_set(application: Application) -> None:
    shop = Shop(application)
    shop.shipped(1)
    assert shop.moves("TEA") == []
    assert shop.balance("sales") == 0
    with pytest.raises(StateConflict, match="set the terms of valuation first"):
        shop.app.finance.valuation.values()


def test_cost_follows_units_on_every_store(store_url: str) -> None:
    application = Application.open(store_url, ManualClock(MONDAY_AT_8))
    load(application, made_world())
    shop = Shop(application)
    shop.app.finance.valuation.set_terms(shop.request(), AVERAGE, COSTS)
    shop.shipped(4)
    assert shop.value("TEA") == (59, 59_000)
    [margin] = shop.app.finance.valuation.margins(MarginBy.CHANNEL, DAY, NEXT)
    assert (margin.sales_minor, margin.cost_minor) == (20_000, 4_000)
    announced = Announcement(
        return_id="R-1", site_id="W-EAST", lines=(AnnouncedUnits(sku="TEA", units=1),), order_id="O-1"
    )
    shop.app.warehouse.returning.announce(shop.request(), announced)
    shop.app.warehouse.returning.receive(shop.request(), "R-1", [ReturnedUnits(sku="TEA", units=1)])
    assert shop.causes("TEA")[-1] == (CostCause.RETURN, 1, 1_000)
    shop.tie()
    application.close()
