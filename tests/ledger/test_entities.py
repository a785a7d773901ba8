"""Legal entities, centres, rates of exchange, and what settlements in other currencies realise."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from solver.errors import InvalidRequest, StateConflict
from solver.ledger.books import declared, rates, vouchers
from solver.ledger.books.entity_files import read_declaration, written
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.rates import Rate, in_base, read_rates
from solver.ledger.ledger import Ledger
from solver.storage.database import Database
from tests.ledger.carried import carried

Contents = Callable[[], dict[str, list[tuple[Any, ...]]]]

GROUP = """\
entities:
  CN01: {name_en: Trading, name_zh: 商贸, base_currency: CNY, home: true}
  HK01: {name_en: Hong Kong, base_currency: HKD, fiscal_year_starts: 4}
cost_centres:
  logistics: {name_en: Logistics, name_zh: 物流}
profit_centres:
  online: {name_en: Online, entity: CN01}
"""
TABLE = """\
kind,code,name_en,name_zh,base_currency,fiscal_year_starts,home,entity
entity,CN01,Trading,商贸,CNY,,true,
entity,HK01,Hong Kong,,HKD,4,,
cost_centre,logistics,Logistics,物流,,,,
profit_centre,online,Online,,,,,CN01
"""


@pytest.fixture
def group(database: Database, ledger: Ledger) -> Database:
    """Books of two entities, with rates of the dollar."""
    with database.write() as tx:
        ledger.declare(tx, read_declaration(GROUP, "group.yaml"))
        ledger.keep_rates(
            tx,
            [
                Rate(currency="USD", base="CNY", on=date(2026, 3, 1), rate=Decimal("7.1")),
                Rate(currency="USD", base="CNY", on=date(2026, 3, 20), rate=Decimal("7.2")),
            ],
        )
    return database


def event(kind: str, source: str, *amounts: Amount, on: date = date(2026, 3, 2), **more: str) -> Event:
    said = {"entity": "", "currency": "USD", **more}
    return Event(kind=kind, source=source, amounts=amounts, on=on, entity=said["entity"], currency=said["currency"])


def balances(database: Database, ledger: Ledger) -> dict[tuple[str, str, str], int]:
    with database.read() as reader:
        rows = ledger.trial_balance(reader)
    return {(row.entity, row.currency, row.account): row.balance_minor for row in rows if row.balance_minor}


def test_a_table_declares_what_a_page_declares_and_is_written_as_it_was_read() -> None:
    declaration = read_declaration(GROUP, "group.yaml")
    assert read_declaration(TABLE, "group.csv") == declaration
    assert read_declaration(written(declaration), "again.yaml") == declaration
    assert list(declaration.entities) == ["CN01", "HK01"]


@pytest.mark.parametrize(
    ("text", "origin", "fields"),
    [
        ("entities:\n  A: {base_currency: yuan}\n", "a.yaml", ["a.yaml:2: entities.A.base_currency"]),
        ("entities:\n  A: {base_currency: CNY, colour: red}\n", "a.yaml", ["a.yaml:2: entities.A.colour"]),
        (
            "entities:\n  A: {base_currency: CNY, home: true}\n  B: {base_currency: CNY, home: true}\n",
            "a.yaml",
            ["a.yaml:3: entities.B.home"],
        ),
        ("cost_centres:\n  x: {entity: Z}\n", "a.yaml", ["a.yaml:2: cost_centres.x.entity"]),
        ("kind,code\nentity,A,1\nplanet,B\n", "a.csv", ["a.csv:2", "a.csv:3: kind"]),
        ("kind,code,base_currency\nentity,A,CNY\nentity,A,CNY\n", "a.csv", ["a.csv:3: code"]),
        ("colour\nred\n", "a.csv", ["a.csv:1"]),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_lines(text: str, origin: str, fields: list[str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_declaration(text, origin)
    assert [one.field for one in refused.value.violations] == fields


def test_versions_are_kept_and_an_entity_with_vouchers_stays(group: Database, ledger: Ledger) -> None:
    with group.write() as tx:
        assert ledger.declare(tx, read_declaration(TABLE, "group.csv")).version == 1
        ledger.post(tx, event("fee", "b/1", Amount(charge="bank_fee", amount_minor=5), currency="CNY"))
        more = GROUP + "  shops: {name_en: Shops}\n"
        assert ledger.declare(tx, read_declaration(more, "group.yaml")).version == 2
        assert [one.version for one in declared.versions(tx)] == [1, 2]
    for text in (GROUP.replace("CN01", "CN02"), GROUP.replace("CNY", "JPY")):
        with pytest.raises(StateConflict) as refused, group.write() as tx:
            ledger.declare(tx, read_declaration(text, "group.yaml"))
        assert refused.value.reason == "ENTITY_IN_USE"


def test_postings_name_entities_and_centres_that_are_declared(group: Database, ledger: Ledger) -> None:
    for wrong in (
        event("fee", "b/1", Amount(charge="bank_fee", amount_minor=5), entity="CN1"),
        event("fee", "b/1", Amount(charge="bank_fee", amount_minor=5, cost_centre="logistic"), currency="CNY"),
        event(
            "fee",
            "b/1",
            Amount(charge="bank_fee", amount_minor=5, profit_centre="online"),
            entity="HK01",
            currency="HKD",
        ),
    ):
        with pytest.raises(InvalidRequest), group.write() as tx:
            ledger.post(tx, wrong)
    with group.write() as tx:
        voucher = ledger.post(tx, event("fee", "b/1", Amount(charge="bank_fee", amount_minor=5), currency="CNY"))
    assert voucher is not None
    assert voucher.entity == "CN01"


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("2026-3-1,USD,CNY,7", "r.csv:2: date"),
        ("2026-03-01,usd,CNY,7", "r.csv:2: currency"),
        ("2026-03-01,CNY,CNY,7", "r.csv:2: base"),
        ("2026-03-01,USD,CNY,-7", "r.csv:2: rate"),
        ("2026-03-01,USD,CNY,NaN", "r.csv:2: rate"),
        ("2026-03-01,USD,CNY", "r.csv:2"),
    ],
)
def test_a_wrong_rate_is_refused_with_its_line(row: str, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_rates(f"date,currency,base,rate\n{row}\n2026-03-01,EUR,CNY,8\n", "r.csv")
    assert [one.field for one in refused.value.violations] == [field]


def test_a_rate_counts_until_it_is_too_old_and_the_other_way_round(group: Database) -> None:
    with group.read() as reader:
        assert rates.rate_of(reader, "USD", "CNY", date(2026, 3, 8), 7) == Fraction(71, 10)
        assert rates.rate_of(reader, "CNY", "USD", date(2026, 3, 20), 7) == Fraction(10, 72)
        with pytest.raises(StateConflict) as refused:
            rates.rate_of(reader, "USD", "CNY", date(2026, 3, 9), 7)
    assert refused.value.reason == "RATE_UNKNOWN"


def test_a_rate_that_is_kept_never_changes(group: Database, ledger: Ledger) -> None:
    same = Rate(currency="USD", base="CNY", on=date(2026, 3, 1), rate=Decimal("7.10"))
    with group.write() as tx:
        assert ledger.keep_rates(tx, [same]) == 0
    other = Rate(currency="USD", base="CNY", on=date(2026, 3, 1), rate=Decimal("7.11"))
    with pytest.raises(StateConflict), group.write() as tx:
        ledger.keep_rates(tx, [other])


def test_amounts_are_converted_between_minor_units_of_any_size_and_halves_go_to_even() -> None:
    assert in_base(1_000, "JPY", "CNY", Fraction(48, 1000)) == 4_800
    assert in_base(4_800, "CNY", "JPY", Fraction(1000, 48)) == 1_000
    assert [in_base(amount, "USD", "CNY", Fraction(1, 2)) for amount in (1, 3)] == [0, 2]


def test_a_payment_in_dollars_realises_the_difference_of_the_rates(group: Database, ledger: Ledger) -> None:
    sale = Amount(charge="sale", amount_minor=10_000, party="amazon")
    paid = Amount(charge="payment", amount_minor=4_000, party="amazon")
    with group.write() as tx:
        ledger.post(tx, event("shipped", "s/1", sale))
        part = ledger.post(tx, event("payment_received", "p/1", paid, on=date(2026, 3, 20)))
    assert part is not None
    # 40.00 USD stood for 284.00 CNY and brought 288.00.
    assert balances(group, ledger) == {
        ("CN01", "CNY", "exchange_difference"): -400,
        ("CN01", "CNY", "receivable/amazon"): 400,
        ("CN01", "USD", "bank"): 4_000,
        ("CN01", "USD", "receivable/amazon"): 6_000,
        ("CN01", "USD", "sales"): -10_000,
    }
    with group.read() as reader:
        assert carried(reader) == [(6_000, 42_600)]
        [_, difference] = ledger.vouchers(reader, "p/1")
    assert (difference.kind, difference.follows) == ("exchange_difference", part.voucher_id)
    with pytest.raises(StateConflict) as refused, group.write() as tx:
        ledger.reverse(tx, difference.voucher_id, on=date(2026, 3, 20), reason="x")
    assert refused.value.reason == "IS_FOLLOWER"
    with group.write() as tx:
        ledger.reverse(tx, part.voucher_id, on=date(2026, 3, 20), reason="bounced")
        assert carried(tx) == [(10_000, 71_000)]
    assert ("CN01", "CNY", "exchange_difference") not in balances(group, ledger)


def test_an_event_between_two_entities_leaves_a_balanced_voucher_with_each_in_one_transaction(
    group: Database, ledger: Ledger, contents: Contents
) -> None:
    sold = event(
        "intercompany_supply",
        "ic/1",
        Amount(charge="supply", amount_minor=500, party="HK01"),
        entity="CN01",
        currency="HKD",
    )
    bought = event(
        "intercompany_receipt",
        "ic/1",
        Amount(charge="supply", amount_minor=500, party="CN01"),
        entity="HK01",
        currency="HKD",
    )
    with group.write() as tx:
        ledger.keep_rates(tx, [Rate(currency="HKD", base="CNY", on=date(2026, 3, 2), rate=Decimal("0.91"))])
        first, second = ledger.post_intercompany(tx, sold, bought)
    assert (first.entity, second.entity, second.follows) == ("CN01", "HK01", first.voucher_id)
    found = balances(group, ledger)
    assert found["CN01", "HKD", "intercompany_receivable/HK01"] == 500
    assert found["HK01", "HKD", "intercompany_payable/CN01"] == -500
    before = contents()
    other = event(
        "intercompany_receipt",
        "ic/2",
        Amount(charge="supply", amount_minor=499, party="CN01"),
        entity="HK01",
        currency="HKD",
    )
    with pytest.raises(InvalidRequest), group.write() as tx:
        ledger.post_intercompany(tx, event("intercompany_supply", "ic/2", *sold.amounts, currency="HKD"), other)
    assert contents() == before
    with group.write() as tx:
        ledger.reverse(tx, first.voucher_id, on=date(2026, 3, 3), reason="returned")
    assert balances(group, ledger) == {}
    with group.read() as reader:
        assert len(vouchers.by_source(reader, "ic/1")) == 4
