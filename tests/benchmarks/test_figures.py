"""The page of figures: its sections name commands that there are."""

import shlex
from importlib.util import find_spec

import pytest

from benchmarks.sections import SECTIONS, Section


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_a_section_is_made_by_a_command_that_there_is_in_short_as_well(section: Section) -> None:
    module, *_ = shlex.split(section.arguments)
    assert shlex.split(section.short)[0] == module
    assert find_spec(module) is not None


def test_no_two_sections_have_the_same_title() -> None:
    assert len({section.title for section in SECTIONS}) == len(SECTIONS)
