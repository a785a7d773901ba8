"""docs/policies.md shows policies and errors as they are."""

import re
from pathlib import Path

import pytest

from solver.errors import InvalidRequest
from solver.policies.amounts import WRITTEN
from solver.policies.document import parse

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_example_is_sound_and_says_what_its_comments_say() -> None:
    [example] = EXAMPLES
    document = parse(example, "policies.md")
    assert (document.policy_id, document.version, document.currency) == ("double-eleven", 1, "CNY")
    assert [(level.measure, level.tolerance) for level in document.policy.levels] == [
        ("unfilled_units", 0),
        ("packages", 0),
        ("distance_meters", 50_000),
    ]
    assert (document.policy.split_minor, document.policy.settings["carbon_minor_per_kg"]) == (200, 10)
    assert document.policy.off == ("packaging", "safety_stock_is_kept")


def test_the_errors_shown_are_the_errors_told() -> None:
    spoiled = (
        EXAMPLES[0]
        .replace("split_minor:", "split_minr:")
        .replace("tolerance: 50 km", "tolerance: 50 kg")
        .replace("max_packages: 3", "max_packages: 99")
    )
    with pytest.raises(InvalidRequest) as refused:
        parse(spoiled, "mine.yaml")
    told = {re.sub(r":\d+:", ":", str(violation)) for violation in refused.value.violations}
    shown = {re.sub(r":\d+:", ":", line) for line in PAGE.splitlines() if line.startswith("mine.yaml:")}
    assert told == shown


def test_every_unit_is_listed() -> None:
    [table] = re.findall(r"^\| unit in the name.*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    listed = set(re.findall(r"`([\w%]+)`", table))
    known = {*WRITTEN, *(unit for written in WRITTEN.values() for unit in written)}
    assert known <= listed
