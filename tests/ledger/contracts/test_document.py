"""Contracts as documents: read whole, or refused with every line that is wrong."""

from fractions import Fraction

import pytest

from solver.errors import InvalidRequest, Violations
from solver.ledger.contracts.document import parse, read_document
from solver.ledger.contracts.model import Band, Basis, Period, Role
from tests.ledger.contracts.agreed import DEALER, PLATFORM, STORE

HEAD = """\
contract: wang
version: 1
role: dealer
party: wang
currency: CNY
from: 2026-01-01
"""


def faults(text: str) -> list[str]:
    violations = Violations()
    assert read_document(text, "c.yaml", violations) is None
    return [f"{one.field} | {one.remedy}" for one in violations.found]


def test_a_contract_says_what_its_document_says() -> None:
    contract = parse(
        HEAD + "rebate: {period: quarter, bands: [{from: 0, to: 100000 CNY, rate: 1%}, {from: 100000 CNY, rate: 2.5%}],"
        " growth: [{from: 0%, to: 20%, rate: 0%}, {from: 20%, rate: 50 bp}]}\n"
        "guarantee: {period: month, minimum: 5000.00 CNY}\n"
        "settlement: {period: week, holdback: 10%, return_days: 7, minimum_payout: 100.00 CNY, netting: no}\n",
        "c.yaml",
    )
    assert contract.role is Role.DEALER
    assert contract.rebate is not None
    assert contract.rebate.bands == (
        Band(start=Fraction(0), end=Fraction(10_000_000), rate=Fraction(1, 100)),
        Band(start=Fraction(10_000_000), end=None, rate=Fraction(1, 40)),
    )
    assert contract.rebate.growth[1] == Band(start=Fraction(1, 5), end=None, rate=Fraction(1, 200))
    assert contract.guarantee is not None
    assert contract.guarantee.minimum_minor == 500_000
    settling = contract.settling
    assert (settling.period, settling.holdback, settling.return_days) == (Period.WEEK, Fraction(1, 10), 7)
    assert (settling.minimum_payout_minor, settling.netting) == (10_000, False)


def test_json_is_read_as_well() -> None:
    text = """{"contract": "c", "version": 1, "role": "store", "party": "s", "currency": "CNY", "from": "2026-01-01",
               "share": {"of": "list", "rate": "10%"}}"""
    share = parse(text, "c.json").share
    assert share is not None
    assert (share.of, share.rate) == (Basis.LIST, Fraction(1, 10))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (PLATFORM.replace("5%", "-5%"), "8: commission.rate | is -5%; must lie between 0% and 100%"),
        (PLATFORM.replace("5%", "105%", 1), "8: commission.rate | is 105%; must lie between 0% and 100%"),
        (PLATFORM.replace("0.60 CNY", "-0.60 CNY"), "12: commission.service_fee | must lie between 0 and"),
        (PLATFORM.replace("0.60 CNY", "0.605 CNY"), "12: commission.service_fee | is no whole number"),
        (PLATFORM.replace("50.00 CNY", "0.50 CNY"), "11: commission.cap | is below the minimum, 100"),
        (PLATFORM.replace("50.00 CNY", "50.00 EUR"), "11: commission.cap | the contract is in CNY"),
        (PLATFORM.replace("currency: CNY", "currency: Yuan"), "5: currency | give an ISO 4217 code"),
        (
            PLATFORM.replace("service_fee: 0", "servce_fee: 0"),
            "12: commission.servce_fee | there is no such field; did you mean service_fee?",
        ),
        (PLATFORM.replace("role: platform", "role: dealer"), "8: commission | belongs into the contract of a"),
        (
            PLATFORM.replace("from: 2026-01-01", "from: 2026-01-01\nuntil: 2025-12-31"),
            "7: until | ends before it begins",
        ),
        (PLATFORM.replace("version: 1\n", ""), "1: version | say `version: ...`"),
        (DEALER.replace("of: list", "of: paid"), "12: share.bears.discount | what is paid has discounts taken off"),
        (
            STORE.replace("from: 3 km", "from: 2 km"),
            "13: share.by_distance[1].from | overlaps the band before, which ends",
        ),
        (STORE.replace("from: 3 km", "from: 4 km"), "13: share.by_distance[1].from | leaves a gap: begin at 3,000"),
        (STORE.replace("from: 0,", "from: 1 km,"), "12: share.by_distance[0].from | leaves a gap: begin at 0"),
        (
            STORE.replace("from: 3 km,", "from: 3 km, to: 9 km,"),
            "13: share.by_distance[1].to | leave `to` out of the last band",
        ),
        (
            STORE.replace("from: 0, to: 3 km,", "from: 0,"),
            "13: share.by_distance[1].from | overlaps the band before, which has",
        ),
        (HEAD + "settlement: {holdback: 10%}\n", "7: settlement.holdback | say until when: `return_days: 7`"),
        (HEAD + "settlement: {collects: yes}\n", "7: settlement.collects | only a platform has the buyers' money"),
        (HEAD + "rebate: {period: month}\n", "7: rebate.bands | say `bands:`, or `growth:`, or both"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, fault: str) -> None:
    assert [one for one in faults(text) if one.startswith(f"c.yaml:{fault}")], faults(text)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    text = (
        PLATFORM.replace("rate: 5%", "rate: 500%")
        .replace("3.5%", "350%")
        .replace("1.00 CNY", "-1")
        .replace("version: 1", "version: one")
    )
    with pytest.raises(InvalidRequest) as refused:
        parse(text, "c.yaml")
    assert [one.field for one in refused.value.violations] == [
        "c.yaml:2: version",
        "c.yaml:8: commission.rate",
        "c.yaml:9: commission.categories.tea",
        "c.yaml:10: commission.minimum",
    ]
