"""Consignments over the wire: once each, refused with every wrong field, changing nothing then."""

from datetime import timedelta

import pytest

from solver.client import Client
from solver.client.errors import CallFailed
from solver.gen.xunyuan.stock.v1 import consignments_pb2 as pb
from solver.stock.expected.consignment_model import ArrivedUnits, ConsignmentState, SentUnits
from tests.made_world import MONDAY_AT_8
from tests.running import HOST, SECONDS, Running, fresh_id, refusal

ETA = MONDAY_AT_8 + timedelta(days=2)


def dispatch_request(units: int = 4) -> pb.DispatchTransferRequest:
    request = pb.DispatchTransferRequest(
        request_id=fresh_id(),
        consignment_id="t-1",
        from_site_id="W-WEST",
        site_id="S-EAST",
        lines=[pb.SentUnits(sku="TEA", units=units)],
    )
    request.expected_at.FromDatetime(ETA)
    return request


def test_a_transfer_from_site_to_site(service: Running) -> None:
    stub = service.warehouse.consignments
    dispatch = dispatch_request()
    for _ in range(2):
        sent = stub.DispatchTransfer(dispatch, timeout=SECONDS).consignment
    assert (sent.state, sent.expected_at.ToDatetime()) == (pb.CONSIGNMENT_STATE_IN_TRANSIT, ETA.replace(tzinfo=None))
    assert service.levels("TEA")["W-WEST", "TEA"] == (46, 0, 0)
    late = pb.RescheduleConsignmentRequest(request_id=fresh_id(), consignment_id="t-1")
    late.expected_at.FromDatetime(ETA + timedelta(days=1))
    assert stub.RescheduleConsignment(late, timeout=SECONDS).consignment.first_expected_at == sent.expected_at
    arrival = pb.ReceiveConsignmentRequest(
        request_id=fresh_id(), consignment_id="t-1", arrived=[pb.ArrivedUnits(sku="TEA", units=3, damaged_units=1)]
    )
    for _ in range(2):
        received = stub.ReceiveConsignment(arrival, timeout=SECONDS).consignment
    assert (received.lines[0].received_units, received.lines[0].damaged_units) == (3, 1)
    assert service.levels("TEA")["S-EAST", "TEA"] == (6, 0, 0)
    cancel = pb.CancelConsignmentRequest(request_id=fresh_id(), consignment_id="t-1")
    refused = refusal(lambda: stub.CancelConsignment(cancel, timeout=SECONDS))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "CONSIGNMENT_RECEIVED")
    assert service.discrepancies() == []


def test_every_wrong_field_is_named(service: Running) -> None:
    stub = service.warehouse.consignments
    stub.DispatchTransfer(dispatch_request(), timeout=SECONDS)
    before = service.contents()
    transfer = pb.DispatchTransferRequest(
        request_id=fresh_id(),
        from_site_id="nowhere",
        site_id="nowhere",
        lines=[pb.SentUnits(sku="NOTHING", units=0, lot=" ")],
    )
    assert set(refusal(lambda: stub.DispatchTransfer(transfer)).fields) == {"expected_at"}
    transfer.expected_at.FromDatetime(ETA)
    assert set(refusal(lambda: stub.DispatchTransfer(transfer)).fields) == {
        "consignment_id", "from_site_id", "site_id", "lines[0].sku", "lines[0].units", "lines[0].lot",
    }  # fmt: skip
    purchase = pb.AdvisePurchaseRequest(request_id=fresh_id(), consignment_id="po", site_id="S-EAST")
    purchase.expected_at.FromDatetime(ETA)
    assert set(refusal(lambda: stub.AdvisePurchase(purchase)).fields) == {"lines"}
    arrived = [pb.ArrivedUnits(sku="NOTHING", units=-1), pb.ArrivedUnits(sku="TEA", damaged_units=-1, zone="\n")]
    arrival = pb.ReceiveConsignmentRequest(request_id=fresh_id(), consignment_id="t-1", arrived=arrived)
    assert set(refusal(lambda: stub.ReceiveConsignment(arrival)).fields) == {
        "arrived[0].sku", "arrived[0].units", "arrived[1].damaged_units", "arrived[1].zone",
    }  # fmt: skip
    nothing = pb.ReceiveConsignmentRequest(request_id=fresh_id(), consignment_id="t-1", more_to_come=True)
    assert set(refusal(lambda: stub.ReceiveConsignment(nothing)).fields) == {"arrived"}
    never = pb.RescheduleConsignmentRequest(request_id=fresh_id(), consignment_id="t-1")
    assert set(refusal(lambda: stub.RescheduleConsignment(never)).fields) == {"expected_at"}
    short = dispatch_request(47)
    short.consignment_id = "t-2"
    refused = refusal(lambda: stub.DispatchTransfer(short))
    assert (refused.code, refused.metadata) == ("FAILED_PRECONDITION", {"W-WEST/TEA": "wanted 47, available 46"})
    assert service.contents() == before


def test_the_client_speaks_of_consignments_in_the_domains_words(service: Running) -> None:
    with Client(f"{HOST}:{service.server.port}") as client:
        consignments = client.warehouse.consignments
        advised = consignments.advise("po-7", "S-EAST", [SentUnits(sku="RARE", units=5)], ETA)
        assert (advised.expected_at, advised.coming()) == (ETA, {"RARE": 5})
        assert consignments.reschedule("po-7", ETA + timedelta(days=1)).expected_at == ETA + timedelta(days=1)
        part = consignments.receive("po-7", [ArrivedUnits(sku="RARE", units=2)], more_to_come=True)
        assert part.coming() == {"RARE": 3}
        assert consignments.cancel("po-7", "sold out").remark == "sold out"
        consignments.dispatch("t-1", "W-WEST", "S-EAST", [SentUnits(sku="TEA", units=1)], ETA)
        assert [one.consignment_id for one in consignments.all()] == ["po-7", "t-1"]
        found = consignments.all(["S-EAST"], [ConsignmentState.IN_TRANSIT])
        assert [one.consignment_id for one in found] == ["t-1"]
        assert consignments.get("po-7").state is ConsignmentState.CANCELLED
        with pytest.raises(CallFailed):
            consignments.receive("po-7", [])
