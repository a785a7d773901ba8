"""The page of dimensions names every term, every rule and every setting, as they are."""

import re
from pathlib import Path

import pytest

from solver.sourcing.dimensions import all_rules, all_terms
from solver.sourcing.rule import Rule
from solver.sourcing.setting import Setting, WordsSetting
from solver.sourcing.term import Term

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "dimensions.md").read_text()


def rows(section: str) -> dict[str, list[str]]:
    """The cells of a section's table by the name in the first of them."""
    part = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    lines = [line.strip().strip("|").split("|") for line in part.splitlines() if line.startswith("| `")]
    assert len({line[0] for line in lines}) == len(lines)
    return {line[0].strip().strip("`"): [cell.strip() for cell in line] for line in lines}


def stated(settings: tuple[Setting, ...], words: tuple[WordsSetting, ...]) -> set[tuple[str, str]]:
    return {(one.name, str(one.default)) for one in settings} | {(one.name, "words") for one in words}


def written(cell: str) -> set[tuple[str, str]]:
    """Settings with their defaults and lists of words, as a cell of the table has them."""
    numbers = re.findall(r"`(\w+)`(?:\\\*)? \((\d+)\)", cell)
    return {(name, default) for name, default in numbers} | {
        (name, "words") for name in re.findall(r"words `(\w+)`", cell)
    }


def test_the_page_has_a_row_for_each_term_and_none_for_another() -> None:
    assert set(rows("Cost terms")) == {term.name for term in all_terms()}


@pytest.mark.parametrize("term", all_terms(), ids=lambda term: term.name)
def test_a_terms_row_tells_its_name_in_chinese_its_measure_and_its_settings(term: Term) -> None:
    _, chinese, measure, settings, *_ = rows("Cost terms")[term.name]
    assert (chinese, measure) == (term.chinese, f"`{term.measure}`")
    assert written(settings) == stated(term.settings, term.words)


def test_the_page_has_a_row_for_each_rule_and_none_for_another() -> None:
    assert set(rows("Rules")) == {rule.name for rule in all_rules()}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_a_rules_row_tells_its_name_in_chinese_and_its_settings(rule: Rule) -> None:
    row = rows("Rules")[rule.name]
    assert rule.chinese in row
    text = " ".join(row)
    for name, _ in stated(rule.settings, rule.words):
        assert f"`{name}`" in text
