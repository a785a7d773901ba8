"""docs/sharing.md shows contracts, errors, columns and rules as they are."""

import re
from pathlib import Path

import pytest

from solver.errors import InvalidRequest
from solver.ledger.contracts.document import CLAUSES, NEEDED, OPTIONAL, parse
from solver.ledger.contracts.model import Role
from solver.ledger.contracts.order_file import COLUMNS
from solver.ledger.contracts.sentences import RULES

PAGE = (Path(__file__).parents[3] / "docs" / "sharing.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def table_below(heading: str) -> str:
    """The first column of the first table below a heading."""
    rows = PAGE.split(f"## {heading}", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    return "\n".join(row.split("|")[1] for row in rows.splitlines() if row.startswith("|"))


def test_the_examples_are_sound() -> None:
    dealer, platform = (parse(example, "sharing.md") for example in EXAMPLES)
    assert (dealer.role, dealer.version, dealer.rebate is not None, dealer.guarantee is not None) == (
        Role.DEALER, 3, True, True
    )  # fmt: skip
    assert platform.settling.collects


def test_the_errors_shown_are_the_errors_told() -> None:
    spoiled = (
        EXAMPLES[0].replace("{from: 3 km, rate: 62%}", "{from: 2 km, rate: 62%}").replace("rate: 60%", "rate: 160%")
    )
    with pytest.raises(InvalidRequest) as refused:
        parse(spoiled, "mine.yaml")
    told = {re.sub(r":\d+:", ":", str(violation)) for violation in refused.value.violations}
    shown = {re.sub(r":\d+:", ":", line) for line in PAGE.splitlines() if line.startswith("mine.yaml:")}
    assert told == shown


def test_every_name_of_a_contract_has_its_row() -> None:
    named = set(re.findall(r"`(\w+)`", table_below("A contract")))
    assert named >= {*NEEDED, *OPTIONAL, *CLAUSES} - {"title", "title_zh"}


def test_every_column_of_a_file_of_orders_has_its_row() -> None:
    assert set(re.findall(r"`(\w+)`", table_below("Settled orders"))) == set(COLUMNS)


def test_every_rule_has_its_row() -> None:
    assert set(re.findall(r"`(\w+)`", table_below("Each step"))) == set(RULES)
