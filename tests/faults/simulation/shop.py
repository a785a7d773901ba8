"""What clients find when they come, and the proof of the books when they have gone."""

from solver.app import Application
from solver.scenario.load import load
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.storage.once import request_for
from tests.faults.simulation.calls import Call
from tests.faults.simulation.client import PLACES
from tests.faults.simulation.model import Known
from tests.made_world import made_world

OPENING_UNITS = 8
CEILINGS = {("web", "TEA"): 6}


def open_shop(application: Application) -> None:
    """Tea is divided between two channels, cups are not. Nothing is in stock yet."""
    load(application, made_world(stock=()))
    channels, name = application.channels, "opening"
    feeds = (Feed(site_id="W-EAST", sku="TEA", share_permille=700),)
    channels.set_warehouses(request_for("w", name), [LogicalWarehouse(logical_id="online", feeds=feeds)])
    channels.set_channels(
        request_for("c", name),
        [Channel(channel_id="app", tier=1), Channel(channel_id="web", tier=2, logical_ids=("online",))],
    )
    ceilings = [
        Quota(channel_id=channel_id, sku=sku, ceiling_units=units) for (channel_id, sku), units in CEILINGS.items()
    ]
    channels.set_quotas(request_for("q", name), [Quota(channel_id="app", sku="TEA", exclusive_permille=300), *ceilings])


def opening(units: int = OPENING_UNITS) -> Call:
    """The first receipt."""
    return Call(request_id="opening", verb="receive", rows=tuple((*place, units) for place in PLACES))


def prove_books(application: Application, known: Known) -> None:
    """Every layer is in step, and stock is to the unit what was acknowledged; every request must have its answer."""
    with application.database.read() as reader:
        broken = (*application.journal.audit(reader), *application.stock.audit(reader))
        now, levels = application.stock.now(reader), application.stock.levels(reader)
    assert not broken, broken
    holds = [application.holding.get(call.hold_id) for call in known.done.values() if call.verb == "hold"]
    known.prove_exact(
        {(one.site_id, one.sku): (one.on_hand, one.held, one.committed) for one in levels},
        {hold.hold_id: (hold.state.name, hold.expires_at) for hold in holds},
        now,
    )
