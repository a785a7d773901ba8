"""Everything that the page says is there in both languages."""

import json
import re
from pathlib import Path

import solver.report
from solver.network.model import SourceKind
from solver.report.headline import SERIES
from solver.scenario.metric_names import ALL_METRICS

PAGE = Path(solver.report.__file__).parent / "page"
WORDS: dict[str, list[str]] = json.loads((PAGE / "words.json").read_text("utf-8"))
SCRIPTS = "\n".join(path.read_text("utf-8") for path in sorted(PAGE.glob("*.js")))
SAID = re.compile(r'say\("(\w+)"|say\([^()"]*\? "(\w+)" : "(\w+)"')
IN_PAGE = re.compile(r'data-(?:text|label)="(\w+)"')
PLACES = re.compile(r"\{(\w+)\}")


def test_each_text_has_both_languages_and_the_same_places_for_values() -> None:
    for name, texts in WORDS.items():
        assert len(texts) == 2, name
        assert all(texts), name
        assert set(PLACES.findall(texts[0])) == set(PLACES.findall(texts[1])), name


def test_whatever_scripts_and_page_say_is_a_text() -> None:
    said = {name for found in SAID.findall(SCRIPTS) for name in found if name}
    said |= set(IN_PAGE.findall((PAGE / "page.html").read_text("utf-8")))
    assert len(said) > 70
    assert said - WORDS.keys() == set()


def test_every_metric_and_every_paired_series_has_a_name() -> None:
    assert {f"metric_{name}" for name in ALL_METRICS} - WORDS.keys() == set()
    assert {f"paired_{name}" for name in SERIES} - WORDS.keys() == set()


def test_every_kind_of_source_has_a_name() -> None:
    assert {f"kind_{kind}" for kind in SourceKind} - WORDS.keys() == set()
