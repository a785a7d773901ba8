"""Counts over the wire: blind until they are counted, done once, refused with every wrong field."""

import pytest

from solver.client import Client
from solver.client.errors import CallFailed
from solver.gen.xunyuan.stock.v1 import counts_pb2 as pb
from solver.gen.xunyuan.stock.v1 import state_pb2
from solver.stock.model import Claim
from solver.stock.physical.count_model import CountLine, CountState, CountWarning
from tests.running import HOST, SECONDS, Running, fresh_id, refusal


def opened(service: Running, count_id: str = "c1") -> pb.Count:
    request = pb.OpenCountRequest(request_id=fresh_id(), count_id=count_id, site_id="S-EAST", skus=["TEA"])
    return service.warehouse.counts.OpenCount(request, timeout=SECONDS).count


def submit_request(units: int, *, request_id: str = "") -> pb.SubmitCountRequest:
    return pb.SubmitCountRequest(
        request_id=request_id or fresh_id(), count_id="c1", lines=[pb.CountLine(sku="TEA", counted_units=units)]
    )


def test_a_count_from_its_sheet_to_the_corrected_books(service: Running) -> None:
    (line,) = opened(service).lines
    assert (line.sku, line.state) == ("TEA", state_pb2.STOCK_STATE_GOOD)
    assert not line.HasField("counted_units")
    assert not line.HasField("expected_units")
    submit = submit_request(1)
    for _ in range(2):
        counted = service.warehouse.counts.SubmitCount(submit, timeout=SECONDS).count
        assert (counted.state, counted.lines[0].expected_units) == (pb.COUNT_STATE_COUNTED, 3)
    approve = pb.ApproveCountRequest(request_id=fresh_id(), count_id="c1")
    first = service.warehouse.counts.ApproveCount(approve, timeout=SECONDS).count
    assert service.warehouse.counts.ApproveCount(approve, timeout=SECONDS).count == first
    assert first.state == pb.COUNT_STATE_APPROVED
    assert service.levels("TEA")["S-EAST", "TEA"] == (1, 0, 0)
    again = refusal(
        lambda: service.warehouse.counts.ApproveCount(pb.ApproveCountRequest(request_id=fresh_id(), count_id="c1"))
    )
    assert (again.code, again.reason) == ("FAILED_PRECONDITION", "COUNT_APPROVED")
    assert service.discrepancies() == []


def test_every_wrong_field_of_a_count_is_named(service: Running) -> None:
    opened(service)
    before = service.contents()
    scope = pb.OpenCountRequest(request_id=fresh_id(), site_id="nowhere", zone=" ", skus=["NOTHING", "TEA", "TEA"])
    refused = refusal(lambda: service.warehouse.counts.OpenCount(scope))
    assert set(refused.fields) == {"count_id", "site_id", "zone", "skus[0]", "skus[2]"}
    lines = [
        pb.CountLine(sku="NOTHING", counted_units=-1),
        pb.CountLine(sku="TEA", bin="\n", counted_units=1_000_001),
    ]
    submit = pb.SubmitCountRequest(request_id=fresh_id(), count_id="c1", lines=lines)
    assert set(refusal(lambda: service.warehouse.counts.SubmitCount(submit)).fields) == {
        "lines[0].sku", "lines[0].counted_units", "lines[1].bin", "lines[1].counted_units",
    }  # fmt: skip
    unsaid = pb.SubmitCountRequest(request_id=fresh_id(), count_id="c1", lines=[pb.CountLine(sku="TEA")])
    assert set(refusal(lambda: service.warehouse.counts.SubmitCount(unsaid)).fields) == {"lines[0].counted_units"}
    states = pb.ListCountsRequest(states=[pb.COUNT_STATE_OPEN, pb.COUNT_STATE_UNSPECIFIED, 77])  # type: ignore[list-item]  # no state
    assert set(refusal(lambda: service.warehouse.counts.ListCounts(states)).fields) == {"states[1]", "states[2]"}
    unknown = refusal(lambda: service.warehouse.counts.GetCount(pb.GetCountRequest(count_id="c9")))
    assert (unknown.code, unknown.metadata) == ("NOT_FOUND", {"count_id": "c9"})
    assert service.contents() == before


def test_counts_are_listed_by_site_and_state(service: Running) -> None:
    for count_id in ("c2", "c1"):
        opened(service, count_id)
    service.warehouse.counts.SubmitCount(submit_request(3), timeout=SECONDS)

    def listed(**filters: list[object]) -> list[str]:
        request = pb.ListCountsRequest(**filters)  # type: ignore[arg-type]  # by name
        return [count.count_id for count in service.warehouse.counts.ListCounts(request, timeout=SECONDS).counts]

    assert listed() == ["c1", "c2"]
    assert listed(states=[pb.COUNT_STATE_OPEN]) == ["c2"]
    assert listed(site_ids=["W-EAST"]) == []


def test_the_client_counts_in_the_domains_words(service: Running) -> None:
    with Client(f"{HOST}:{service.server.port}") as client:
        client.hold_stock("cart", [Claim(site_id="S-EAST", sku="TEA", units=3)])
        sheet = client.warehouse.counts.open("c1", "S-EAST", skus=["TEA"])
        assert sheet.lines == (CountLine(sku="TEA"),)
        counted = client.warehouse.counts.submit("c1", [CountLine(sku="TEA", counted_units=1)])
        assert counted.lines[0].difference_units == -2
        approved = client.warehouse.counts.approve("c1")
        assert approved.warnings == (
            CountWarning(sku="TEA", on_hand_units=1, held_units=3, committed_units=0, missing_units=2),
        )
        client.warehouse.counts.open("c2", "S-EAST")
        assert client.warehouse.counts.reject("c2", "wrong aisle").remark == "wrong aisle"
        assert [count.count_id for count in client.warehouse.counts.all(states=[CountState.REJECTED])] == ["c2"]
        assert client.warehouse.counts.get("c1") == approved
        with pytest.raises(CallFailed):
            client.warehouse.counts.approve("c2")
