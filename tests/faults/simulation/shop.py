"""What clients find when they come, and the proof of the books when they have gone."""

from datetime import datetime

from solver.app import Application
from solver.scenario.load import load
from solver.stock.layers.channel_model import Channel, Feed, LogicalWarehouse, Quota
from solver.stock.model import BackorderLimit
from solver.storage.once import request_for
from tests.faults.simulation.calls import OF_A_PLAN, Call
from tests.faults.simulation.client import MORE_PLACES, PLACES, PROMISED_AHEAD
from tests.faults.simulation.contents import Contents
from tests.faults.simulation.model import Known
from tests.made_world import made_world

OPENING_UNITS = 8
CEILINGS = {("web", "TEA"): 6}
AHEAD = {PROMISED_AHEAD: 5}
PLAN_STATES = dict.fromkeys(("PARTLY_SHIPPED", "SHIPPED", "CANCELLED"), "CONFIRMED")  # and then shipped or cancelled


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
    limits = [BackorderLimit(site_id=site_id, sku=sku, units=units) for (site_id, sku), units in AHEAD.items()]
    application.holding.set_backorder_limits(request_for("b", name), limits)


def opening(units: int = OPENING_UNITS, *, everywhere: bool = False) -> Call:
    """The first receipt."""
    places = MORE_PLACES if everywhere else PLACES
    return Call(request_id="opening", verb="receive", rows=tuple((*place, units) for place in places))


def prove_books(application: Application, known: Known) -> None:
    """Every layer is in step, and stock is to the unit what was acknowledged; every request must have its answer."""
    with application.database.read() as reader:
        broken = (*application.journal.audit(reader), *application.stock.audit(reader))
        now, levels = application.stock.now(reader), application.stock.levels(reader)
    assert not broken, broken
    known.prove_exact(
        {(one.site_id, one.sku): (one.on_hand, one.held, one.committed, one.backordered) for one in levels},
        {hold_id: _state(application, hold_id) for hold_id in Contents(known.done.values(), known.told).hold_ids},
        now,
    )


def _state(application: Application, hold_id: str) -> tuple[str, datetime]:
    """Where a hold of a caller or of a plan stands, and when it expires."""
    if not hold_id.startswith(OF_A_PLAN):
        hold = application.holding.get(hold_id)
        return hold.state.name, hold.expires_at
    plan = application.made_plans.get(hold_id.removeprefix(OF_A_PLAN))
    assert plan.hold_expires_at is not None
    return PLAN_STATES.get(plan.state.name, plan.state.name), plan.hold_expires_at
