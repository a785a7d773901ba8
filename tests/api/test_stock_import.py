"""ImportStock: an answer for every bad row, remembered only where something was loaded."""

from solver.fulfilment.warehousing.importing import MOST_IMPORTED_ROWS
from solver.gen.xunyuan.stock.v1 import imports_pb2 as pb
from solver.gen.xunyuan.stock.v1 import stock_pb2
from tests.running import SECONDS, Running, fresh_id, refusal


def row(line: int, *, site_id: str = "S-EAST", units: int = 1, lot: str = "") -> pb.ImportedRow:
    movement = stock_pb2.Movement(site_id=site_id, sku="RARE", units=units, lot=lot)
    return pb.ImportedRow(line=line, movement=movement)


def test_a_file_that_loaded_nothing_may_be_sent_again(service: Running) -> None:
    stub = service.warehouse.imports
    request = pb.ImportStockRequest(request_id=fresh_id(), rows=[row(2), row(3, site_id="nowhere")])
    before = service.contents()
    answer = stub.ImportStock(request, timeout=SECONDS).outcome
    assert [(one.line, one.field) for one in answer.refused] == [(3, "site_id")]
    assert (answer.loaded_rows, answer.entry_id) == (0, 0)
    assert service.contents() == before
    request.good_rows_only = True
    first = stub.ImportStock(request, timeout=SECONDS).outcome
    assert (first.loaded_rows, len(first.refused)) == (1, 1)
    assert stub.ImportStock(request, timeout=SECONDS).outcome == first
    assert service.levels("RARE") == {("S-EAST", "RARE"): (1, 0, 0)}
    request.good_rows_only = False
    again = refusal(lambda: stub.ImportStock(request, timeout=SECONDS))
    assert (again.code, again.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")


def test_no_rows_too_many_rows_and_no_name_are_refused(service: Running) -> None:
    stub = service.warehouse.imports
    none = pb.ImportStockRequest(request_id=fresh_id())
    assert set(refusal(lambda: stub.ImportStock(none)).fields) == {"rows"}
    many = pb.ImportStockRequest(request_id=fresh_id(), rows=[row(2)] * (MOST_IMPORTED_ROWS + 1))
    assert set(refusal(lambda: stub.ImportStock(many)).fields) == {"rows"}
    unnamed = pb.ImportStockRequest(rows=[row(2)])
    assert set(refusal(lambda: stub.ImportStock(unnamed)).fields) == {"request_id"}


def test_a_check_says_what_is_wrong_and_loads_nothing(service: Running) -> None:
    before = service.contents()
    request = pb.ImportStockRequest(
        request_id=fresh_id(), rows=[row(2), row(3, units=0), row(4, lot=" ")], validate_only=True, good_rows_only=True
    )
    answer = service.warehouse.imports.ImportStock(request, timeout=SECONDS).outcome
    assert [(one.line, one.field) for one in answer.refused] == [(3, "units"), (4, "lot")]
    assert answer.loaded_rows == 0
    assert service.contents() == before
