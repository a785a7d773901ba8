"""The page of figures: its sections name commands that there are, and it was written from these sections."""

import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.figures import renewed
from benchmarks.section import Section
from benchmarks.sections import SECTIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "figures.md"


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_a_section_is_made_by_a_command_that_there_is_in_short_as_well(section: Section) -> None:
    module, *_ = shlex.split(section.arguments)
    assert shlex.split(section.short)[0] == module
    assert find_spec(module) is not None


def test_no_two_sections_have_the_same_title() -> None:
    assert len({section.title for section in SECTIONS}) == len(SECTIONS)


def test_the_page_has_the_sections_with_their_commands_and_what_they_say() -> None:
    page = PAGE.read_text("utf-8")
    titles = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]
    assert titles == [section.title for section in SECTIONS], "make the page anew"
    for section in SECTIONS:
        assert f"`python -m {section.arguments}`" in page
        assert section.text.strip() in page


def test_no_command_of_the_page_found_fault() -> None:
    assert "found fault" not in PAGE.read_text("utf-8")


def test_a_section_that_is_made_again_takes_the_place_of_the_old_one() -> None:
    page = "# Figures\n\ntoday\n\n## One\n\nold 1\n\n## Two\n\nold 2\n"
    assert renewed(page, {}) == page
    assert renewed(page, {"One": "## One\n\nnew 1\n"}) == page.replace("old 1", "new 1")
    assert renewed(page, {"Two": "## Two\n\nnew 2\n"}) == page.replace("old 2", "new 2")


def test_a_new_section_stands_after_the_one_that_it_follows() -> None:
    first, second, third = (section.title for section in SECTIONS[:3])
    page = f"# Figures\n\ntoday\n\n## {first}\n\none\n\n## {third}\n\nthree\n"
    with_second = f"# Figures\n\ntoday\n\n## {first}\n\none\n\n## {second}\n\ntwo\n\n## {third}\n\nthree\n"
    assert renewed(page, {second: f"## {second}\n\ntwo\n"}) == with_second


def test_new_sections_stand_after_the_last_one_before_them_that_the_page_has() -> None:
    first, second, third, fourth = (section.title for section in SECTIONS[:4])
    page = f"# Figures\n\ntoday\n\n## {first}\n\none\n\n## {fourth}\n\nfour\n"
    made = {title: f"## {title}\n\nnew\n" for title in (second, third)}
    assert renewed(page, {third: made[third]}) == page.replace(f"\n## {fourth}", f"\n{made[third]}\n## {fourth}")
    both = page.replace(f"\n## {fourth}", f"\n{made[second]}\n{made[third]}\n## {fourth}")
    assert renewed(page, made) == both
