"""What channels may take: exclusive, shared and overflowing units, ceilings, tiers; and what they are told."""

import pytest

from solver.errors import InvalidRequest, StockShort
from solver.journal.journal import Journal
from solver.stock.holding.commitment_model import CommitmentRow
from solver.stock.holding.commitments import Commitments
from solver.stock.holding.standing import HoldName
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.channel_rows import quotas
from solver.stock.stock import Stock
from solver.storage.database import Database
from tests.stock.divided_world import Divided


@pytest.fixture
def world(database: Database, stock: Stock, journal: Journal) -> Divided:
    """20 teas at s1; channels A, B and C of tiers 1, 2 and 3; C may sell what A and B have of their own."""
    divided = Divided(database, stock, journal)
    divided.receive(20)
    divided.channels(
        Channel(channel_id="A", tier=1),
        Channel(channel_id="B", tier=2),
        Channel(channel_id="C", tier=3, overflow=("B", "A")),
    )
    return divided


def quota(channel_id: str, units: int = 0, **changes: int | bool | str) -> Quota:
    return Quota(channel_id=channel_id, sku="tea", exclusive_units=units, **changes)  # type: ignore[arg-type]  # of mixed types


def test_a_channel_draws_on_its_own_then_on_what_is_shared_then_on_what_overflows_in_order(world: Divided) -> None:
    world.quotas(quota("A", 5), quota("B", 4), quota("C", 3))
    world.hold("own", 2, "C")
    assert world.in_pool() == {"": (8, 0), "A": (5, 0), "B": (4, 0), "C": (3, 2)}
    world.hold("shared", 5, "C")
    assert world.in_pool() == {"": (8, 4), "A": (5, 0), "B": (4, 0), "C": (3, 3)}
    world.hold("overflow", 9, "C")
    assert world.in_pool() == {"": (8, 8), "A": (5, 1), "B": (4, 4), "C": (3, 3)}
    assert world.sellable("A", "B", "C", "", "unknown") == [4, 0, 4, 0, 0]
    for name in ("own", "shared", "overflow"):
        world.end(name)
    assert world.in_pool() == {"": (8, 0), "A": (5, 0), "B": (4, 0), "C": (3, 0)}


def test_shops_of_a_tier_have_a_quota_of_their_own_and_share_the_channels(world: Divided) -> None:
    world.quotas(quota("A", 5, ceiling_units=9), quota("A", 3, shop_tier=2, ceiling_units=6), quota("B", 12))
    assert world.sellable("A", "A#2", "A#7", "B") == [5, 6, 5, 12]
    world.hold("tier", 5, "A#2")
    assert world.in_pool() == {"": (0, 0), "A": (5, 2), "A#2": (3, 3), "B": (12, 0)}
    assert world.sellable("A", "A#2") == [3, 1]  # 9 less 5 bounds neither: what is left of its own does, and of 6
    assert world.audited()


def test_tiers_are_served_in_order_where_a_re_balance_finds_too_few(world: Divided) -> None:
    world.quotas(quota("B", 8), quota("C", 4), quota("A", 8))
    for name, units, seller in (("a", 8, "A"), ("b", 5, "B")):
        world.hold(name, units, seller)
        world.end(name, confirms=True)
    assert world.in_pool() == {"": (0, 0), "A": (0, 0), "B": (3, 0), "C": (4, 0)}
    assert world.rebalance() == 7
    assert world.in_pool() == {"": (0, 0), "A": (7, 0), "B": (0, 0), "C": (0, 0)}


def test_a_fall_leaves_the_first_tier_its_own_the_longest(world: Divided) -> None:
    world.quotas(quota("A", 8), quota("B", 8))
    world.lose(14)
    assert world.in_pool() == {"": (0, 0), "A": (6, 0), "B": (0, 0)}
    assert world.audited()


def test_a_share_is_of_what_the_amounts_leave_and_receipts_are_shared_by_it(world: Divided) -> None:
    world.quotas(quota("A", 10), quota("B", exclusive_permille=300))
    assert world.in_pool() == {"": (7, 0), "A": (10, 0), "B": (3, 0)}
    world.receive(10)
    assert world.in_pool() == {"": (14, 0), "A": (10, 0), "B": (6, 0)}


def test_a_quota_that_rebalances_is_filled_up_by_a_receipt(world: Divided) -> None:
    world.quotas(quota("A", 10, rebalances=True))
    world.hold("sale", 9, "A")
    world.end("sale", confirms=True)
    assert world.in_pool() == {"": (10, 0), "A": (1, 0)}
    world.receive(1)
    assert world.in_pool() == {"": (2, 0), "A": (10, 0)}


def test_lowering_a_quota_leaves_what_is_held(world: Divided) -> None:
    world.quotas(quota("A", 10))
    world.hold("cart", 6, "A")
    world.quotas(quota("A", 2))
    assert world.in_pool() == {"": (14, 0), "A": (6, 6)}
    world.quotas(quota("A"))
    assert world.in_pool() == {"": (14, 0), "A": (6, 6)}
    world.end("cart", confirms=True)
    assert world.in_pool() == {"": (14, 0), "A": (0, 0)}
    assert world.audited()


def test_a_ceiling_that_is_taken_away_binds_no_more_and_counts_on_when_it_returns(world: Divided) -> None:
    world.quotas(quota("A", ceiling_units=4))
    world.hold("sale", 4, "A")
    world.end("sale", confirms=True)
    assert world.sellable("A") == [0]
    world.quotas(quota("A"))
    world.hold("more", 3, "A")
    assert world.sellable("A") == [13]
    world.quotas(quota("A", ceiling_units=9))
    assert world.sellable("A") == [2]
    assert world.audited()


def sell(world: Divided, name: str, units: int, seller: str = "A") -> None:
    world.hold(name, units, seller)
    world.end(name, confirms=True)


def cancel(world: Divided, name: str, units: int) -> None:
    rows = [CommitmentRow(site_id="s1", sku="tea", units=units)]
    with world.database.write() as tx:
        Commitments(world.journal, world.stock.places).cancel(tx, HoldName.of_plan(name), rows)


def test_a_ceiling_that_counts_anew_forgets_what_was_sold_and_counts_what_is_held(world: Divided) -> None:
    world.quotas(quota("A", ceiling_units=9))
    sell(world, "sold", 5)
    world.hold("cart", 3, "A")
    assert world.sellable("A") == [1]
    world.quotas(quota("A", ceiling_units=6, counts_anew=True))
    assert world.sellable("A") == [3]
    with pytest.raises(StockShort):
        world.hold("more", 4, "A")
    world.end("cart", confirms=True)
    sell(world, "next", 3)
    assert world.sellable("A") == [0]
    assert world.audited()


def test_a_ceiling_below_what_is_held_is_refused_even_where_it_counts_anew(world: Divided) -> None:
    world.quotas(quota("A", ceiling_units=9))
    sell(world, "sold", 5)
    world.hold("cart", 3, "A")
    with pytest.raises(InvalidRequest) as refused:
        world.quotas(quota("A", ceiling_units=4))
    assert [(one.field, one.remedy) for one in refused.value.violations] == [
        ("quotas[0].ceiling_units", "A has 8 of tea held or sold; give at least that, or let it count anew")
    ]
    with pytest.raises(InvalidRequest) as held:
        world.quotas(quota("A", ceiling_units=2, counts_anew=True))
    assert [one.remedy for one in held.value.violations] == ["A has 3 of tea held or sold; give at least that"]
    assert world.sellable("A") == [1]


def test_what_was_sold_before_a_ceiling_counted_anew_gives_nothing_back_to_it(world: Divided) -> None:
    world.quotas(quota("A", ceiling_units=9))
    sell(world, "old", 5)
    world.quotas(quota("A", ceiling_units=6, counts_anew=True))
    sell(world, "new", 4)
    cancel(world, "old", 5)
    assert world.sellable("A") == [2]
    cancel(world, "new", 3)
    assert world.sellable("A") == [5]
    world.quotas(quota("A", ceiling_units=9))
    assert world.sellable("A") == [8]
    assert world.audited()


def test_a_ceiling_may_begin_to_count_anew_long_after_it_was_taken_away(world: Divided) -> None:
    world.quotas(quota("A", ceiling_units=9))
    sell(world, "sold", 5)
    world.quotas(quota("A"))
    sell(world, "unlimited", 7)
    with pytest.raises(InvalidRequest):
        world.quotas(quota("A", ceiling_units=3))
    world.quotas(quota("A", ceiling_units=3, counts_anew=True))
    assert world.sellable("A") == [3]
    with world.database.read() as reader:
        assert [(one.ceiling_units, one.counts_anew) for one in quotas(reader)] == [(3, False)]
    assert world.audited()


def test_a_quota_may_end_and_its_count_with_it(world: Divided) -> None:
    world.quotas(quota("A", ceiling_units=9))
    sell(world, "sold", 5)
    world.quotas(quota("A", counts_anew=True), quota("B", counts_anew=True))
    world.quotas(quota("A", ceiling_units=3))
    assert world.sellable("A", "B") == [3, 15]
    assert world.audited()


def test_a_ceiling_of_nothing_lets_nothing_be_taken_also_of_what_is_free(world: Divided) -> None:
    world.quotas(quota("A", ceiling_units=0))
    assert world.sellable("A", "B") == [0, 20]
    with pytest.raises(StockShort) as short:
        world.hold("cart", 1, "A")
    assert short.value.metadata == {"s1/tea": "wanted 1, available 0"}


def test_quotas_of_a_logical_warehouse_and_of_all_sites_bind_both(world: Divided) -> None:
    world.receive(30, "s2")
    world.warehouses(LogicalWarehouse(logical_id="web", feeds=(Feed(site_id="s1", share_permille=500),)))
    world.quotas(quota("A", 6, logical_id="web"), quota("B", 40))
    assert world.sellable("A", "B", "C") == [10, 44, 50]  # of all sites 10 are shared; of web A's 6 are not B's
    world.hold("b", 14, "B")  # 10 unallotted, then 4 of what is shared in web
    assert world.in_pool("web") == {"": (4, 4), "A": (6, 0)}
    with pytest.raises(StockShort) as short:
        world.hold("more", 1, "B")
    assert short.value.metadata == {"s1/tea": "wanted 1, available 0"}
    world.hold("elsewhere", 1, "B", "s2")
    assert world.audited()


def test_a_plan_that_wants_more_than_a_seller_may_take_is_told_what_sums_to_that(world: Divided) -> None:
    world.receive(30, "s2")
    world.quotas(quota("A", ceiling_units=25))
    assert world.told("A", 25) == {"s1": 20, "s2": 25}
    assert world.told("A", 26) == {"s1": 0, "s2": 25}
    assert world.told("B", 60) == {"s1": 20, "s2": 30}
