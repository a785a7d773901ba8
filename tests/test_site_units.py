"""Units of a SKU by site are read like the dictionary that they stand for."""

import pickle
import random

import numpy as np
import pytest

from solver.site_units import Sites, SiteUnits

NAMES = [f"site-{number}" for number in range(12)]


def of_dict(sites: Sites, units: dict[str, int]) -> SiteUnits:
    columns = sites.of(list(units))
    row, known = np.zeros(len(sites.names), dtype=np.int64), np.zeros(len(sites.names), dtype=np.bool_)
    row[columns], known[columns] = list(units.values()), True
    return SiteUnits(sites, row, known)


def drawn(draw: random.Random) -> dict[str, int]:
    return {name: draw.randint(0, 9) for name in draw.sample(NAMES, draw.randint(0, len(NAMES)))}


def test_it_is_read_like_a_dictionary_whatever_sites_are_met_later(seed: int) -> None:
    draw, sites = random.Random(seed), Sites()
    made = [(of_dict(sites, units), units) for units in (drawn(draw) for _ in range(40))]
    for view, units in made:
        assert view == units
        assert units == view
        assert (dict(view), len(view), set(view)) == (units, len(units), set(units))
        assert [view.get(name) for name in NAMES] == [units.get(name) for name in NAMES]
        assert [view.get(name, 7) for name in NAMES] == [units.get(name, 7) for name in NAMES]
        assert [name in view for name in NAMES] == [name in units for name in NAMES]
        assert {name: view[name] for name in view} == units
        assert repr(view) == repr(dict(view.items()))
        assert pickle.loads(pickle.dumps(view)) == units
        assert type(pickle.loads(pickle.dumps(view))) is dict
    for one, units in made[:10]:
        for other, others in made[:10]:
            assert (one == other) == (units == others)


def test_what_is_not_there_is_refused_as_a_dictionary_refuses_it() -> None:
    sites = Sites()
    view = of_dict(sites, {"east": 1})
    sites.of(["west"])
    for name in ("west", "nowhere"):
        with pytest.raises(KeyError):
            view[name]
    assert view.__contains__(5) is False
    with pytest.raises(TypeError):
        hash(view)


def test_more_units_are_added_where_the_site_is_known_and_told_as_what_is_other(seed: int) -> None:
    draw, sites = random.Random(seed), Sites()
    for _ in range(40):
        units, more = drawn(draw), {name: count for name, count in drawn(draw).items() if count}
        view = of_dict(sites, units)
        held = {name: count for name, count in more.items() if name in units}
        total = view.plus(more)
        assert total == {name: count + held.get(name, 0) for name, count in units.items()}
        assert view == units
        assert view.plus(more) is total
        assert total.is_like(view)
        assert total.other_than(view) == {name: units[name] + count for name, count in held.items()}
    assert view.plus({}) is view


def test_units_are_told_by_number_for_any_numbering(seed: int) -> None:
    draw, sites = random.Random(seed), Sites()
    for _ in range(40):
        units = drawn(draw)
        view = of_dict(sites, units)
        names = draw.sample([*NAMES, "never met"], draw.randint(1, len(NAMES) + 1))
        numbering = {name: number for number, name in enumerate(names)}
        sites.of([f"later-{len(sites.names)}"])
        layout, counts = view.at_numbers(numbering)
        there = [number for number, name in enumerate(names) if name in units]
        assert layout.numbers.tolist() == there
        assert counts.tolist() == [units[names[number]] for number in there]
        bits = np.unpackbits(np.frombuffer(layout.bits, dtype=np.uint8), count=len(names))
        assert np.flatnonzero(bits).tolist() == there
        assert layout.is_all == (units.keys() <= numbering.keys())
        assert view.worked_out(SiteUnits.at_numbers, numbering) is view.worked_out(SiteUnits.at_numbers, numbering)


def test_where_a_sku_is_among_numbered_sites_is_laid_out_once_for_all_its_units() -> None:
    sites = Sites()
    view = of_dict(sites, {"east": 1, "west": 2})
    numbering = {"north": 0, "west": 1, "east": 2}
    layout, counts = view.at_numbers(numbering)
    later, more = view.plus({"east": 3}).at_numbers(numbering)
    assert later is layout
    assert (counts.tolist(), more.tolist()) == ([2, 1], [2, 4])
    other, _ = view.at_numbers({"east": 0, "west": 1})
    assert (layout.numbers.tolist(), other.numbers.tolist()) == ([1, 2], [0, 1])
