"""Of which SKUs more is known than what is available: each way in which something may be known is seen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from solver.journal.journal import Journal
from solver.stock.beyond import Beyond, beyond
from solver.stock.expected.consignment_model import SentUnits
from solver.stock.expected.consignments import Consignments
from solver.stock.model import BackorderLimit, Movement
from solver.stock.partners.dealer_rows import DealerTerms, put_terms
from solver.stock.safety import SafetyStock, put_safety
from solver.stock.sourcing_facts import sourcing_facts
from solver.stock.stock import Stock
from solver.storage.database import Database, Transaction
from tests.stock import books
from tests.stock.divided_world import Divided

Act = Callable[[Stock, Transaction], object]
NOTHING = Beyond(facts=frozenset(), divided=frozenset())
SAYS_MORE: dict[str, Act] = {
    "backorders": lambda stock, tx: stock.limit_backorders(tx, [BackorderLimit(site_id="s1", sku="tea", units=9)], ""),
    "dealer": lambda _, tx: put_terms(tx, [DealerTerms(site_id="s1", sku="tea", reserve_units=1)]),
    "safety": lambda _, tx: put_safety(tx, [SafetyStock(site_id="s1", sku="tea", units=1)]),
    "consignment": lambda stock, tx: Consignments(stock._journal, stock).advise(
        tx, "po-1", "s1", [SentUnits(sku="tea", units=3)], datetime(2026, 3, 5, 9, tzinfo=UTC)
    ),
    "lot": lambda stock, tx: stock.receive(
        tx, [Movement(site_id="s1", sku="tea", units=1, lot="L", expires_on=date(2026, 12, 1))], "po"
    ),
}


def known(database: Database, *skus: str) -> Beyond:
    with database.read() as reader:
        return beyond(reader, skus)


def test_nothing_is_known_beyond_what_lies_there_and_is_held(database: Database, journal: Journal) -> None:
    assert known(database, "tea") == replace(NOTHING, is_nothing=True)
    books.receive(database, journal, ("s1", "tea", 5), ("s1", "milk", 5))
    books.hold(database, journal, "cart", [("s1", "tea", 2)], minutes=5)
    assert known(database, "tea", "milk", "unheard of") == replace(NOTHING, is_nothing=True)


@pytest.mark.parametrize("what", SAYS_MORE)
def test_each_fact_is_seen_of_its_sku_and_of_no_other(
    database: Database, journal: Journal, stock: Stock, what: str
) -> None:
    books.receive(database, journal, ("s1", "tea", 5), ("s1", "milk", 5))
    with database.write() as tx:
        SAYS_MORE[what](stock, tx)
    assert known(database, "milk", "tea") == Beyond(facts=frozenset({"tea"}), divided=frozenset())
    assert known(database, "milk") == NOTHING
    with database.read() as reader:
        assert sourcing_facts(journal, stock.places, reader, ["milk"]) is None
        assert sourcing_facts(journal, stock.places, reader, ["tea"]) is not None


def test_what_is_shared_out_to_warehouses_is_seen(database: Database, journal: Journal, stock: Stock) -> None:
    divided = Divided(database, stock, journal)
    divided.receive(5)
    divided.feed(north=400)
    divided.rebalance()
    books.receive(database, journal, ("s2", "milk", 5))
    assert known(database, "milk", "tea") == Beyond(facts=frozenset(), divided=frozenset({"tea"}))
    assert known(database, "milk") == NOTHING
