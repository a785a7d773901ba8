"""A log of a service whose stock was shared out, promised beyond what was there, and on its way."""

from dataclasses import replace
from pathlib import Path

from solver.scenario.files import read_scenario
from solver.scenario.load import load
from solver.scenario.model import Consigned, Scenario
from solver.stock.expected.consignment_model import ArrivedUnits, SentUnits
from solver.stock.expected.consignments import Consignments
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.model import BackorderLimit
from solver.storage.once import request_for
from tests.made_world import MONDAY_AT_8, made_world
from tests.replay.test_log import HOUR, Shop, ways
from tests.replay.test_replay import outcomes


class Market(Shop):
    """A service that sells through two channels from one logical warehouse, and awaits goods."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        feeds = (Feed(site_id="W-EAST", share_permille=800),)
        quota = Quota(channel_id="web", sku="TEA", logical_id="ONLINE", exclusive_permille=500, ceiling_units=60)
        scenario = made_world(
            name="market",
            stock=(),
            sources=tuple(replace(one, days_to_ship=2) for one in made_world().sources),
            logical_warehouses=(LogicalWarehouse(logical_id="ONLINE", feeds=feeds),),
            channels=(Channel(channel_id="web", logical_ids=("ONLINE",)), Channel(channel_id="shop")),
            quotas=(quota,),
            backorders=(BackorderLimit(site_id="W-EAST", sku="POT", units=3),),
        )
        load(self.application, scenario)
        self.consignments = Consignments(self.application.journal, self.application.stock)

    def expect(self, consignment_id: str, sku: str, units: int, hours: int, of: str = "") -> None:
        """Goods for the east are on their way, so many hours after Monday at eight."""
        sent, expected_at = [SentUnits(sku=sku, units=units)], MONDAY_AT_8 + hours * HOUR
        with self.application.database.write() as tx:
            if of:
                self.consignments.dispatch(tx, consignment_id, of, "W-EAST", sent, expected_at)
            else:
                self.consignments.advise(tx, consignment_id, "W-EAST", sent, expected_at)

    def arrive(self, consignment_id: str, sku: str, units: int, hours: int) -> None:
        """They are there."""
        self.clock.advance(MONDAY_AT_8 + hours * HOUR - self.clock.now())
        with self.application.database.write() as tx:
            rows = [ArrivedUnits(sku=sku, units=units)]
            self.consignments.arrive(tx, consignment_id, rows, more_to_come=False)

    def sold(self, hours: int, channel: str, *wanted: tuple[str, int]) -> None:
        """A confirmed plan for a channel."""
        self.channel = channel
        self.plan(hours, *wanted)


def logged(folder: Path, market: Market) -> Scenario:
    market.imported(folder)
    return read_scenario(folder / "log")


def test_a_replay_of_a_log_with_layers_makes_the_logged_plans_again(tmp_path: Path) -> None:
    market = Market(tmp_path / "data")
    market.receive("W-EAST", "TEA", 30)
    market.expect("PO-1", "CUP", 40, 30)
    market.sold(0, "shop", ("TEA", 3), ("CUP", 1))
    market.sold(1, "web", ("TEA", 20))
    market.expect("MV-2", "CUP", 15, 12, of="W-WEST")
    market.sold(2, "shop", ("CUP", 12))
    market.sold(3, "", ("POT", 9))
    market.sold(4, "web", ("TEA", 70))
    market.arrive("MV-2", "CUP", 15, 12)
    market.sold(13, "", ("CUP", 9))
    market.receive("W-EAST", "POT", 5)
    market.sold(14, "shop", ("POT", 1), ("TEA", 4))
    market.arrive("PO-1", "CUP", 40, 36)
    market.sold(40, "web", ("CUP", 20))
    scenario = logged(tmp_path, market)
    assert scenario.consignments == (
        Consigned(
            consignment_id="MV-2",
            source_id="W-EAST",
            sku="CUP",
            units=15,
            expected_at=MONDAY_AT_8 + 12 * HOUR,
            sent_at=MONDAY_AT_8 + HOUR,
            from_source_id="W-WEST",
        ),
        Consigned(
            consignment_id="PO-1",
            source_id="W-EAST",
            sku="CUP",
            units=40,
            expected_at=MONDAY_AT_8 + 30 * HOUR,
            arrives_at=MONDAY_AT_8 + 36 * HOUR,
        ),
    )
    assert scenario.backorders == (BackorderLimit(site_id="W-EAST", sku="POT", units=3),)
    assert [one.logical_id for one in scenario.logical_warehouses] == ["ONLINE"]
    assert ways(outcomes(scenario, tmp_path / "again")) == market.plans


def test_a_log_of_plain_stock_names_no_channel(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "data")
    set_channels = shop.application.channels.set_channels
    set_channels(request_for("SetChannels", "c"), [Channel(channel_id="web")])
    shop.plan(0, ("TEA", 1))
    shop.imported(tmp_path)
    scenario = read_scenario(tmp_path / "log")
    assert (scenario.channels, scenario.is_layered) == ((), False)


def test_what_was_divided_only_later_is_left_out_and_told(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "data")
    shop.plan(0, ("TEA", 1))
    channels = shop.application.channels
    channels.set_channels(request_for("SetChannels", "c"), [Channel(channel_id="web")])
    quota = Quota(channel_id="web", sku="TEA", exclusive_units=2)
    channels.set_quotas(request_for("SetQuotas", "q"), [quota])
    shop.plan(1, ("TEA", 1))
    shop.imported(tmp_path)
    scenario = read_scenario(tmp_path / "log")
    assert not scenario.is_layered
    assert scenario.assumptions[-1] == (
        "1 logical warehouses and quotas are left out: they had nothing to divide then."
    )
