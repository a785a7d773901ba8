"""Returns over the wire: once each, refused with every wrong field, changing nothing then."""

from solver.client import Client
from solver.gen.xunyuan.stock.v1 import returns_pb2 as pb
from solver.stock.physical.return_model import AnnouncedUnits, Grade, GradedUnits, ReturnedUnits, ReturnState
from tests.running import HOST, SECONDS, Running, fresh_id, refusal


def announced(service: Running) -> pb.CustomerReturn:
    request = pb.AnnounceReturnRequest(
        request_id=fresh_id(),
        return_id="r-1",
        order_id="order-7",
        site_id="S-EAST",
        lines=[pb.AnnouncedUnits(sku="TEA", units=2)],
    )
    return service.warehouse.returns.AnnounceReturn(request, timeout=SECONDS).customer_return


def test_a_unit_that_comes_back_is_sold_again(service: Running) -> None:
    stub = service.warehouse.returns
    assert announced(service).state == pb.RETURN_STATE_ANNOUNCED
    arrival = pb.ReceiveReturnRequest(
        request_id=fresh_id(), return_id="r-1", arrived=[pb.ReturnedUnits(sku="TEA", units=2)]
    )
    for _ in range(2):
        stub.ReceiveReturn(arrival, timeout=SECONDS)
    assert service.levels("TEA")["S-EAST", "TEA"] == (3, 0, 0)
    graded = [
        pb.GradedUnits(sku="TEA", units=1, grade=pb.GRADE_RESELL),
        pb.GradedUnits(sku="TEA", units=1, grade=pb.GRADE_SCRAP),
    ]
    grades = pb.GradeReturnRequest(request_id=fresh_id(), return_id="r-1", graded=graded)
    for _ in range(2):
        done = stub.GradeReturn(grades, timeout=SECONDS).customer_return
    assert (done.state, done.lines[0].resell_units, done.lines[0].scrap_units) == (pb.RETURN_STATE_GRADED, 1, 1)
    assert service.levels("TEA")["S-EAST", "TEA"] == (4, 0, 0)
    assert service.discrepancies() == []


def test_every_wrong_field_is_named(service: Running) -> None:
    stub = service.warehouse.returns
    announced(service)
    before = service.contents()
    announcement = pb.AnnounceReturnRequest(
        request_id=fresh_id(), order_id=" ", site_id="nowhere", lines=[pb.AnnouncedUnits(sku="NOTHING", units=0)]
    )
    assert set(refusal(lambda: stub.AnnounceReturn(announcement)).fields) == {
        "return_id", "order_id", "site_id", "lines[0].sku", "lines[0].units",
    }  # fmt: skip
    arrival = pb.ReceiveReturnRequest(
        request_id=fresh_id(), return_id="r-1", arrived=[pb.ReturnedUnits(sku="NOTHING", units=-1, bin=" ")]
    )
    assert set(refusal(lambda: stub.ReceiveReturn(arrival)).fields) == {
        "arrived[0].sku", "arrived[0].units", "arrived[0].bin",
    }  # fmt: skip
    ungraded = pb.GradeReturnRequest(
        request_id=fresh_id(), return_id="r-1", graded=[pb.GradedUnits(sku="TEA", units=1)]
    )
    assert set(refusal(lambda: stub.GradeReturn(ungraded)).fields) == {"graded[0].grade"}
    early = pb.GradeReturnRequest(
        request_id=fresh_id(),
        return_id="r-1",
        graded=[pb.GradedUnits(sku="TEA", units=1, grade=pb.GRADE_RESELL)],
    )
    refused = refusal(lambda: stub.GradeReturn(early))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "RETURN_ANNOUNCED")
    assert service.contents() == before


def test_the_client_speaks_of_returns_in_the_domains_words(service: Running) -> None:
    with Client(f"{HOST}:{service.server.port}") as client:
        returns = client.warehouse.returns
        returns.announce("r-1", "S-EAST", [AnnouncedUnits(sku="TEA", units=1)], order_id="order-7")
        returns.announce("r-2", "S-EAST", [AnnouncedUnits(sku="TEA", units=1)])
        assert returns.receive("r-1", [ReturnedUnits(sku="TEA", units=1)]).lines[0].ungraded_units == 1
        graded = returns.grade("r-1", [GradedUnits(sku="TEA", units=1, grade=Grade.BACK_TO_SUPPLIER)])
        assert (graded.order_id, graded.state) == ("order-7", ReturnState.GRADED)
        assert returns.cancel("r-2", "lost").remark == "lost"
        assert [one.return_id for one in returns.all(states=[ReturnState.GRADED])] == ["r-1"]
        assert returns.get("r-1") == graded
