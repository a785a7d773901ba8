"""The worked example of the docs runs as it is printed: one file, its test, its line."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import invalidate_caches
from pathlib import Path
from types import ModuleType

import pytest

from solver.sourcing import dimensions
from solver.sourcing import terms as terms_room
from solver.sourcing.policy import Level
from tests.sourcing.terms.shipping import asked, in_two_packages, term_named
from tests.sourcing.test_dimensions import stated, written

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "adding-a-dimension.md").read_text()
NAME = "heavy_lifting"
KEPT = (
    dimensions.all_terms,
    dimensions.all_rules,
    dimensions.term_of_measure,
    dimensions.settings,
    dimensions.words,
)


def printed(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def forget() -> None:
    for kept in KEPT:
        kept.cache_clear()


@pytest.fixture
def written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The printed file lies in the folder of terms for as long as a test runs."""
    (tmp_path / f"{NAME}.py").write_text(printed("python")[0])
    monkeypatch.setattr(terms_room, "__path__", [*terms_room.__path__, str(tmp_path)])
    invalidate_caches()
    forget()
    yield
    sys.modules.pop(f"{terms_room.__name__}.{NAME}", None)
    vars(terms_room).pop(NAME, None)
    forget()


def test_the_page_prints_a_term_its_test_and_its_line() -> None:
    assert (len(printed("python")), len(printed("markdown"))) == (2, 1)
    assert f"solver/sourcing/terms/{NAME}.py" in PAGE
    assert f"tests/sourcing/terms/test_{NAME}.py" in PAGE


def test_the_example_is_none_of_the_terms_that_exist() -> None:
    assert NAME not in {term.name for term in dimensions.all_terms()}


@pytest.mark.usefixtures("written_down")
def test_the_printed_test_passes_on_the_printed_file() -> None:
    test = ModuleType(f"test_{NAME}")
    exec(compile(printed("python")[1], test.__name__, "exec"), vars(test))  # it is our own page
    found = [value for name, value in vars(test).items() if name.startswith("test_")]
    assert len(found) == 3
    for check in found:
        check()


@pytest.mark.usefixtures("written_down")
def test_a_policy_can_price_it_switch_it_off_and_minimise_it_without_another_change() -> None:
    name, setting, measure = NAME, f"{NAME}_minor_per_unit", "heavy_units"
    assert dimensions.settings()[setting].default == 0
    problem = asked(settings={setting: 1_500})
    off = replace(problem, policy=replace(problem.policy, off=(name,)))
    first = replace(problem, policy=replace(problem.policy, levels=(Level(measure=measure),)))
    assert name not in in_two_packages(off).cost_minor
    assert [level.measure for level in in_two_packages(first).levels] == [measure, "cost_minor"]


@pytest.mark.usefixtures("written_down")
def test_the_printed_line_is_the_terms_own() -> None:
    name, chinese, measure, settings, *_ = (
        cell.strip() for cell in printed("markdown")[0].strip().strip("|").split("|")
    )
    term = term_named(NAME)
    assert (name, chinese, measure) == (f"`{term.name}`", term.chinese, f"`{term.measure}`")
    assert written(settings) == stated(term.settings, term.words)
