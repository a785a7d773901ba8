"""Places over the wire: once each, refused with every wrong field, changing nothing then."""

from datetime import timedelta

import pytest

from solver.client import Client
from solver.client.errors import CallFailed
from solver.clock import ManualClock
from solver.gen.xunyuan.stock.v1 import places_pb2 as pb
from solver.gen.xunyuan.stock.v1 import state_pb2, stock_pb2
from solver.stock.model import Movement
from solver.stock.physical.moves import StateChange, StockMove
from solver.stock.physical.states import StockState
from tests.running import HOST, SECONDS, Running, fresh_id, refusal


def received(service: Running, **fields: object) -> None:
    movement = stock_pb2.Movement(site_id="S-EAST", sku="RARE", units=3, **fields)  # type: ignore[arg-type]  # by name
    request = stock_pb2.ReceiveStockRequest(request_id=fresh_id(), reference="po", movements=[movement])
    service.stock.ReceiveStock(request, timeout=SECONDS)


def places(service: Running, sku: str = "RARE") -> dict[tuple[str, str, str, str], int]:
    """(zone, bin, lot, state) -> units."""
    answer = service.warehouse.places.ListPlaces(pb.ListPlacesRequest(skus=[sku], site_ids=["S-EAST"]), timeout=SECONDS)
    return {
        (one.place.zone, one.place.bin, one.place.lot, state_pb2.StockState.Name(one.state)[12:]): one.units
        for one in answer.levels
    }


def test_units_go_from_the_dock_to_a_bin_into_inspection_and_back(service: Running) -> None:
    received(service, zone="dock", lot="L7", expires_on="2026-09-30")
    move = pb.MoveStockRequest(
        request_id=fresh_id(),
        reference="put-away",
        moves=[
            pb.StockMove(site_id="S-EAST", sku="RARE", units=2, from_zone="dock", to_zone="A", to_bin="A-01", lot="L7")
        ],
    )
    first = service.warehouse.places.MoveStock(move, timeout=SECONDS)
    assert service.warehouse.places.MoveStock(move, timeout=SECONDS) == first
    assert places(service) == {("A", "A-01", "L7", "GOOD"): 2, ("dock", "", "L7", "GOOD"): 1}
    change = pb.ChangeStockStateRequest(
        request_id=fresh_id(),
        changes=[
            pb.StateChange(
                site_id="S-EAST",
                sku="RARE",
                units=3,
                lot="L7",
                from_state=state_pb2.STOCK_STATE_GOOD,
                to_state=state_pb2.STOCK_STATE_INSPECTION,
            )
        ],
    )
    for _ in range(2):
        service.warehouse.places.ChangeStockState(change, timeout=SECONDS)
    assert places(service) == {("A", "A-01", "L7", "INSPECTION"): 2, ("dock", "", "L7", "INSPECTION"): 1}
    assert service.levels("RARE") == {("S-EAST", "RARE"): (0, 0, 0)}
    assert service.discrepancies() == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"site_id": "nowhere"}, "movements[0].site_id"),
        ({"sku": "NOTHING"}, "movements[0].sku"),
        ({"units": -1}, "movements[0].units"),
        ({"zone": " A"}, "movements[0].zone"),
        ({"bin": "b" * 129}, "movements[0].bin"),
        ({"lot": "L\n"}, "movements[0].lot"),
        ({"expires_on": "30.9.2026"}, "movements[0].expires_on"),
        ({"expires_on": "2026-03-01"}, "movements[0].expires_on"),
        ({"state": state_pb2.STOCK_STATE_RESERVED}, "movements[0].state"),
        ({"state": 77}, "movements[0].state"),
    ],
)
def test_every_wrong_field_of_a_receipt_is_named(service: Running, fields: dict[str, object], wrong: str) -> None:
    before = service.contents()
    given = {"site_id": "S-EAST", "sku": "RARE", "units": 1} | fields
    movement = stock_pb2.Movement(**given)  # type: ignore[arg-type]  # by name
    request = stock_pb2.ReceiveStockRequest(request_id=fresh_id(), movements=[movement])
    refused = refusal(lambda: service.stock.ReceiveStock(request, timeout=SECONDS))
    assert (refused.code, list(refused.fields)) == ("INVALID_ARGUMENT", [wrong])
    assert refused.fields[wrong] != ""
    assert service.contents() == before


def test_every_wrong_field_of_moves_and_changes_is_named(service: Running) -> None:
    received(service)
    before = service.contents()
    moves = [
        pb.StockMove(site_id="nowhere", sku="NOTHING", units=0, to_bin=" "),
        pb.StockMove(site_id="S-EAST", sku="RARE", units=1, to_zone="A", state=state_pb2.STOCK_STATE_STALE),
    ]
    moved = refusal(lambda: service.warehouse.places.MoveStock(pb.MoveStockRequest(request_id=fresh_id(), moves=moves)))
    assert set(moved.fields) == {
        "moves[0].site_id", "moves[0].sku", "moves[0].units", "moves[0].to_bin", "moves[1].state",
    }  # fmt: skip
    nowhere = pb.MoveStockRequest(
        request_id=fresh_id(), moves=[pb.StockMove(site_id="S-EAST", sku="RARE", units=1, lot="unknown")]
    )
    assert set(refusal(lambda: service.warehouse.places.MoveStock(nowhere)).fields) == {
        "moves[0].to_bin",
        "moves[0].lot",
    }
    unsaid = pb.StateChange(site_id="S-EAST", sku="RARE", units=1)
    changed = refusal(
        lambda: service.warehouse.places.ChangeStockState(
            pb.ChangeStockStateRequest(request_id=fresh_id(), changes=[unsaid])
        )
    )
    assert set(changed.fields) == {"changes[0].from_state", "changes[0].to_state"}
    for call in (
        lambda: service.warehouse.places.MoveStock(pb.MoveStockRequest(request_id=fresh_id())),
        lambda: service.warehouse.places.ChangeStockState(pb.ChangeStockStateRequest(request_id=fresh_id())),
    ):
        assert refusal(call).code == "INVALID_ARGUMENT"
    assert service.contents() == before


def test_a_lot_that_expired_is_shown_frozen_by_the_sites_own_calendar(service: Running, clock: ManualClock) -> None:
    received(service, lot="today", expires_on="2026-03-02")
    clock.advance(timedelta(hours=7, minutes=59))  # Monday 23:59 in Shanghai
    assert places(service) == {("", "", "today", "GOOD"): 3}
    clock.advance(timedelta(minutes=1))
    assert places(service) == {("", "", "today", "FROZEN"): 3}
    assert service.levels("RARE") == {("S-EAST", "RARE"): (0, 0, 0)}


def test_pages_follow_each_other(service: Running) -> None:
    for zone in ("C", "A", "B"):
        received(service, zone=zone)
    request, zones = pb.ListPlacesRequest(skus=["RARE"], page_size=2), []
    while True:
        answer = service.warehouse.places.ListPlaces(request, timeout=SECONDS)
        zones.append([one.place.zone for one in answer.levels])
        if not answer.next_page_token:
            break
        request.page_token = answer.next_page_token
    assert zones == [["A", "B"], ["C"]]


def test_the_client_speaks_of_places_in_the_domains_words(service: Running) -> None:
    with Client(f"{HOST}:{service.server.port}") as client:
        client.receive_stock([Movement(site_id="S-EAST", sku="RARE", units=3, zone="dock")], "po-7")
        client.warehouse.places.move([StockMove(site_id="S-EAST", sku="RARE", units=3, from_zone="dock", to_bin="7")])
        change = StateChange(
            site_id="S-EAST", sku="RARE", units=1, from_state=StockState.GOOD, to_state=StockState.DEFECTIVE
        )
        client.warehouse.places.change_states([change], "broken")
        found = [(one.place.bin, one.state, one.units) for one in client.warehouse.places.all(["RARE"])]
        assert found == [("7", StockState.GOOD, 2), ("7", StockState.DEFECTIVE, 1)]
        with pytest.raises(CallFailed):
            client.warehouse.places.change_states([change] * 3)
