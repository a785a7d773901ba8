"""A dealer's own trade: set apart as far as it is free, topped up from receipts, given back, sold by the dealer."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from solver.clock import ManualClock
from solver.errors import StockShort
from solver.journal.journal import Journal
from solver.stock.holding.holds import Holds
from solver.stock.model import BackorderLimit, Claim, StockLevel
from solver.stock.partners.dealer_rows import DealerTerms, all_terms, terms_of
from solver.stock.partners.dealers import Dealers, DealerSale
from solver.stock.stock import Stock
from solver.storage.database import Database
from tests.stock.physical import TODAY, available, broken_rules, commit, lot, lying, receive

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]


@pytest.fixture
def dealers(journal: Journal, stock: Stock) -> Dealers:
    return Dealers(journal, stock)


def agree(database: Database, dealers: Dealers, reserve: int, settlement: int | None = None) -> None:
    currency = "" if settlement is None else "CNY"
    terms = DealerTerms(site_id="s1", sku="tea", reserve_units=reserve, settlement_minor=settlement, currency=currency)
    with database.write() as tx:
        dealers.set_terms(tx, [terms], "contract")


def sell(database: Database, dealers: Dealers, units: int) -> None:
    with database.write() as tx:
        dealers.sell(tx, [DealerSale(site_id="s1", sku="tea", units=units)], "till")


def level(database: Database, stock: Stock) -> StockLevel:
    with database.read() as reader:
        (found,) = stock.levels(reader, skus=["tea"])
    return found


def test_free_units_are_set_apart_at_once_up_to_what_was_agreed(
    database: Database, stock: Stock, journal: Journal, dealers: Dealers
) -> None:
    receive(database, stock, lot(5), lot(4, date(2026, 4, 1), name="L"))
    commit(database, stock, 2)
    agree(database, dealers, 6)
    assert (level(database, stock).reserved, level(database, stock).on_hand, available(database, stock)) == (6, 3, 1)
    assert lying(database, stock) == {
        "s1 reserved": 5, "s1|||L|2026-04-01": 3, "s1|||L|2026-04-01 reserved": 1,
    }  # fmt: skip
    assert broken_rules(database, journal, stock) == []


def test_what_is_held_is_never_set_apart_and_receipts_top_the_reserve_up(
    database: Database, stock: Stock, journal: Journal, dealers: Dealers
) -> None:
    receive(database, stock, lot(5))
    commit(database, stock, 4)
    agree(database, dealers, 3)
    assert (level(database, stock).reserved, available(database, stock)) == (1, 0)
    receive(database, stock, lot(1))
    assert (level(database, stock).reserved, available(database, stock)) == (2, 0)
    receive(database, stock, lot(4))
    assert (level(database, stock).reserved, available(database, stock)) == (3, 3)
    assert broken_rules(database, journal, stock) == []


def test_backorders_are_served_before_the_reserve_is_topped_up(
    database: Database, stock: Stock, journal: Journal, dealers: Dealers
) -> None:
    agree(database, dealers, 3)
    with database.write() as tx:
        stock.limit_backorders(tx, [BackorderLimit(site_id="s1", sku="tea", units=2)], "")
        holds = Holds(journal, stock.places)
        holds.place(tx, "cart", [Claim(site_id="s1", sku="tea", units=2)], timedelta(hours=1))
        holds.confirm(tx, "cart")
    receive(database, stock, lot(4))
    assert (level(database, stock).committed, level(database, stock).reserved) == (2, 2)


def test_a_smaller_reserve_gives_units_back_to_the_sale(
    database: Database, stock: Stock, journal: Journal, dealers: Dealers
) -> None:
    receive(database, stock, lot(5))
    agree(database, dealers, 4)
    agree(database, dealers, 1)
    assert (level(database, stock).reserved, available(database, stock)) == (1, 4)
    agree(database, dealers, 0)
    assert (level(database, stock).reserved, available(database, stock)) == (0, 5)
    assert broken_rules(database, journal, stock) == []


def test_a_lot_that_expired_in_the_reserve_is_not_sold_when_it_is_given_back(
    database: Database, stock: Stock, journal: Journal, dealers: Dealers, clock: ManualClock
) -> None:
    receive(database, stock, lot(4, TODAY, name="L"))
    agree(database, dealers, 4)
    clock.advance(timedelta(days=1))
    stock.sweep_if_due(database)
    agree(database, dealers, 0)
    stock.sweep_if_due(database)
    assert (available(database, stock), level(database, stock).frozen) == (0, 4)
    assert broken_rules(database, journal, stock) == []


def test_a_dealers_sale_leaves_the_reserve_which_is_topped_up_from_what_is_free(
    database: Database, stock: Stock, journal: Journal, dealers: Dealers
) -> None:
    receive(database, stock, lot(5))
    agree(database, dealers, 3)
    sell(database, dealers, 2)
    assert (level(database, stock).reserved, available(database, stock)) == (3, 0)
    sell(database, dealers, 3)
    assert (level(database, stock).reserved, level(database, stock).on_hand) == (0, 0)
    assert lying(database, stock) == {}
    assert broken_rules(database, journal, stock) == []


def test_a_dealer_sells_no_more_than_is_set_apart(
    database: Database, stock: Stock, dealers: Dealers, contents: Contents
) -> None:
    receive(database, stock, lot(5))
    agree(database, dealers, 3)
    before = contents()
    with pytest.raises(StockShort) as short:
        sell(database, dealers, 4)
    assert short.value.metadata == {"s1/tea/reserved": "wanted 4, available 3"}
    assert contents() == before


def test_terms_are_read_by_sku_and_by_site(database: Database, dealers: Dealers) -> None:
    agree(database, dealers, 3, settlement=1250)
    with database.write() as tx:
        dealers.set_terms(tx, [DealerTerms(site_id="s2", sku="milk", reserve_units=0)], "")
        assert terms_of(tx, ["tea", "cup"]) == {
            ("s1", "tea"): DealerTerms(site_id="s1", sku="tea", reserve_units=3, settlement_minor=1250, currency="CNY")
        }
        assert [(one.site_id, one.sku) for one in all_terms(tx)] == [("s2", "milk"), ("s1", "tea")]
        assert [one.site_id for one in all_terms(tx, ["s2"])] == ["s2"]
