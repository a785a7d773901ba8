"""The stock that a decision saw comes back from its bytes as it was, and from what earlier builds wrote."""

import random
import zlib
from collections.abc import Mapping
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from solver.app import Application
from solver.fulfilment.question_kept import question_of
from solver.fulfilment.stock_seen import MOST_PLAIN_BYTES, packed_units, unpacked_units
from solver.orders.model import OrderLine
from solver.site_units import Sites, SiteUnits
from solver.sourcing.policy import DEFAULT_POLICY
from solver.storage.versions import packed, version
from tests.fulfilment.test_explain import plan
from tests.made_world import order_of


@pytest.mark.parametrize("most", [0, 1, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**62])
def test_units_of_any_size_come_back(most: int, seed: int) -> None:
    draw, sites = random.Random(f"{seed} {most}"), Sites()
    names = [f"S-{number}" for number in range(draw.randint(1, 40))]
    columns = sites.of([*names[::-1], "elsewhere"])
    units, known = np.zeros(len(columns), dtype=np.int64), np.zeros(len(columns), dtype=np.bool_)
    for column in draw.sample(columns, draw.randint(1, len(columns))):
        units[column], known[column] = draw.choice([0, most, draw.randint(0, most)]), True
    view = SiteUnits(sites, units, known)
    body, elsewhere = packed_units(view, {name: number for number, name in enumerate(names)})
    assert unpacked_units(body, names) == {name: count for name, count in view.items() if name != "elsewhere"}
    assert elsewhere == {name: count for name, count in view.items() if name == "elsewhere"}


def test_less_than_nothing_comes_back_as_well() -> None:
    sites = Sites()
    sites.of(["A", "B"])
    view = SiteUnits(sites, np.array([-3, 2**40]), np.array([True, True]))
    assert unpacked_units(packed_units(view, {"A": 0, "B": 1})[0], ["A", "B"]) == {"A": -3, "B": 2**40}


@pytest.mark.parametrize("names_its_policy", [True, False])
@pytest.mark.parametrize("stock_as_bytes", [True, False])
def test_a_question_that_an_earlier_build_kept_is_found_as_it_was(
    application: Application, names_its_policy: bool, stock_as_bytes: bool
) -> None:
    """Its policy and its network's versions stood there, its stock too, as bytes or source by source."""
    plan(application, order_of(("TEA", 1), order_id="before"))  # so that something is held
    question = application.planner.asking.question(order_of(("TEA", 2)), DEFAULT_POLICY)
    assert question.on_hand != question.available
    standing = plan(application, order_of(("TEA", 2)))
    with application.database.write() as tx:
        [(body,)] = tx.query("SELECT body FROM plan_question WHERE plan_id = ?", (standing.plan_id,))
        kept = msgspec.to_builtins(question_of(body))
        if not names_its_policy:
            kept |= msgspec.json.decode(version(tx, kept.pop("grounds")))
        del kept["stock_bytes"]
        if not stock_as_bytes:
            del kept["stock"]
            kept["available"] = {sku: dict(of) for sku, of in question.available.items()}
            kept["on_hand"] = {sku: dict(of) for sku, of in question.on_hand.items()}
            kept["held"] = {}
        older = packed(msgspec.json.encode(kept))
        tx.execute("UPDATE plan_question SET body = ? WHERE plan_id = ?", (older, standing.plan_id))
    with application.database.read() as reader:
        found = application.planner.questions.find(reader, standing.plan_id)
    assert found is not None
    assert (found.available, found.on_hand) == (question.available, question.on_hand)
    assert (found.policy, found.network.sources) == (question.policy, question.network.sources)


@pytest.mark.parametrize("lines", [1, 100])  # kept as it is, and packed
def test_a_question_of_few_or_many_lines_is_found_as_it_was_asked(application: Application, lines: int) -> None:
    order = replace(
        order_of(("TEA", 1)), lines=tuple(OrderLine(line_id=str(at), sku="TEA", quantity=1) for at in range(lines))
    )
    standing = plan(application, order)
    with application.database.read() as reader:
        [(body,)] = reader.query("SELECT body FROM plan_question WHERE plan_id = ?", (standing.plan_id,))
        found = application.planner.questions.find(reader, standing.plan_id)
        asked = application.planner.questions.asked(reader, standing.plan_id)
    assert body.startswith(b"\x01") == (lines == 1)
    assert found is not None
    assert found.order == order
    assert asked == (order, found.policy)
    assert {sku: len(of) for sku, of in found.available.items()} == {"TEA": len(application.network.network.sources)}


def units_of(units: Mapping[str, int]) -> SiteUnits:
    """The view of a SKU that is at these sites."""
    sites = Sites()
    sites.of(list(units))
    return SiteUnits(sites, np.array(list(units.values())), np.full(len(units), fill_value=True))


@pytest.mark.parametrize("least", [0, -7, 1_000_000, 2**62])
@pytest.mark.parametrize(("span", "bytes_each"), [(255, 1), (256, 2), (65_535, 2), (65_536, 4), (2**32 - 1, 4)])
def test_units_take_as_many_bytes_as_they_differ(least: int, span: int, bytes_each: int) -> None:
    view = units_of({"A": least, "C": least + span})
    body, _ = packed_units(view, {"A": 0, "B": 1, "C": 2})
    assert len(body) == 1 + 8 + 1 + 2 * bytes_each
    assert unpacked_units(body, ["A", "B", "C"]) == {"A": least, "C": least + span}


def test_what_is_long_is_compressed() -> None:
    names = [f"S{number}" for number in range(MOST_PLAIN_BYTES)]
    view = units_of(dict.fromkeys(names, 5))
    body, _ = packed_units(view, {name: number for number, name in enumerate(names)})
    assert len(body) < 100
    assert unpacked_units(body, names) == dict.fromkeys(names, 5)


@pytest.mark.parametrize(("width", "kind"), [(0, "<u1"), (1, "<u2"), (2, "<u4"), (3, "<i8")])
def test_what_earlier_builds_kept_is_read(width: int, kind: str) -> None:
    body = zlib.compress(bytes([width, 0b1010_0000]) + np.array([3, 120], kind).tobytes(), level=1)
    assert unpacked_units(body, ["A", "B", "C"]) == {"A": 3, "C": 120}
