"""The Python client of CombinationService against a running server."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from solver.catalog.combinations.basket import Basket, BasketLine, Chosen
from solver.catalog.combinations.kept import KeptCombination
from solver.catalog.combinations.prices import Fixed, Price
from solver.catalog.combinations.returning import ReturnedUnits
from solver.catalog.life import LifeState
from solver.catalog.sharing.returns import PaidPart
from solver.client import CallFailed, Client
from solver.client.combinations import QuotedReturn
from solver.clock import ManualClock
from solver.fulfilment.exploding.command import ReturnQuestion
from solver.scenario.load import load
from tests.fulfilment.coffee import COFFEE, STOCK, TASTING, coffee_world
from tests.made_world import MONDAY_AT_8
from tests.running import HOST, Running

CHOICE = (Chosen(slot="cup", option="red", units=1), Chosen(slot="cup", option="blue", units=1))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder: Path = tmp_path_factory.mktemp("client")
    running = Running(folder / "data", ManualClock(MONDAY_AT_8))
    load(running.application, coffee_world(**STOCK))
    with Client(f"{HOST}:{running.server.port}") as connected:
        assert connected.combinations.upsert([COFFEE, KeptCombination(combination=TASTING)]) == 2
        yield connected
    running.close()


def basket(item_id: str, chosen: tuple[Chosen, ...] = ()) -> Basket:
    line = BasketLine(line_id="1", item_id=item_id, quantity=1, chosen=chosen)
    return Basket(order_id="O-1", lines=(line,))


def test_what_was_kept_reads_as_it_was_given(client: Client) -> None:
    tasting, coffee = client.combinations.get(["TASTING", "COFFEE"])
    assert tasting == KeptCombination(combination=TASTING, version=1)
    assert coffee == KeptCombination(combination=COFFEE, version=1)


def test_the_same_request_changes_nothing_and_another_makes_the_next_version(client: Client) -> None:
    promoted = replace(TASTING, combination_id="PROMOTED")
    dearer = replace(promoted, price=Price(fixed=Fixed(unit_minor=6_000)))
    for one in (promoted, promoted, dearer):
        client.combinations.upsert([one], request_id=f"of-{one.price}".replace(" ", ""))
    assert [one.version for one in client.combinations.get(["PROMOTED"])] == [2]
    assert client.combinations.get(["PROMOTED"], version=1) == [KeptCombination(combination=promoted, version=1)]

    assert client.combinations.change_state(["PROMOTED"], LifeState.PAUSED) == 1
    with pytest.raises(CallFailed, match="PROMOTED is paused"):
        client.combinations.explode([basket("PROMOTED", CHOICE)], "CNY")


def test_orders_are_exploded_counted_and_given_back(client: Client) -> None:
    (exploded,) = client.combinations.explode([basket("TASTING", CHOICE)], "CNY")
    assert exploded.explosion.demand == {"RED": 1, "BLUE": 1}
    assert [line.unit_price_minor for line in exploded.lines] == [5_500]

    tasting, coffee = client.combinations.availability(["TASTING", "COFFEE"])
    assert (tasting.combination_id, tasting.units, tasting.is_proven) == ("TASTING", 4, True)
    assert (coffee.units, coffee.short_skus) == (9, ())

    question = ReturnQuestion(
        order=basket("TASTING", CHOICE),
        currency="CNY",
        returned=(ReturnedUnits(line_id="1", sku="RED", units=1),),
    )
    assert client.combinations.quote_return(question) == QuotedReturn(
        share_minor=2_750,
        repriced_minor=0,
        refund_minor=2_750,
        worth=(PaidPart(part_id="1/BLUE", units=1, share_minor=2_750),),
    )


def test_a_refusal_names_the_field(client: Client) -> None:
    with pytest.raises(CallFailed) as refused:
        client.combinations.explode([basket("NONE")], "CNY")
    assert [one.field for one in refused.value.violations] == ["orders[0].lines[0].item_id"]
