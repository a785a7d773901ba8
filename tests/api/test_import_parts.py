"""A long file whose good rows are wanted is loaded part by part, each once, however often it is sent."""

import pytest

from solver.errors import XunyuanError
from solver.fulfilment.warehousing import importing
from solver.gen.xunyuan.stock.v1 import imports_pb2 as pb
from solver.gen.xunyuan.stock.v1 import stock_pb2
from solver.stock.stock import Stock
from tests.running import SECONDS, Running, fresh_id, refusal


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 3)


def file(request_id: str, *lines: int, bad: tuple[int, ...] = (), whole: bool = False) -> pb.ImportStockRequest:
    rows = [
        pb.ImportedRow(
            line=line,
            movement=stock_pb2.Movement(site_id="nowhere" if line in bad else "S-EAST", sku="RARE", units=1),
        )
        for line in lines
    ]
    return pb.ImportStockRequest(request_id=request_id, rows=rows, good_rows_only=not whole, reference="file.csv")


def load(service: Running, request: pb.ImportStockRequest) -> tuple[int, list[int]]:
    outcome = service.warehouse.imports.ImportStock(request, timeout=SECONDS).outcome
    return outcome.loaded_rows, [one.line for one in outcome.refused]


def on_hand(service: Running) -> int:
    return sum(level[0] for level in service.levels("RARE").values())


class Broken:
    """Lets so many receipts through, and then none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, receipts: int) -> None:
        plain = Stock.receive
        self.left = receipts

        def receive(*given: object) -> object:
            if self.left == 0:
                raise XunyuanError("the process is gone")
            self.left -= 1
            return plain(*given)  # type: ignore[arg-type]  # passed on as it came

        monkeypatch.setattr(Stock, "receive", receive)


def test_every_part_is_an_entry_and_the_answer_is_of_all(service: Running) -> None:
    request = file(fresh_id(), *range(2, 10), bad=(3, 9))
    before = service.contents()
    assert load(service, request) == (6, [3, 9])
    loaded = service.contents()
    assert loaded != before
    assert on_hand(service) == 6
    assert load(service, request) == (6, [3, 9])
    assert service.contents() == loaded


def test_a_part_of_bad_rows_alone_does_not_keep_the_others_from_being_loaded(service: Running) -> None:
    request = file(fresh_id(), *range(2, 10), bad=(2, 3, 4))
    assert load(service, request) == (5, [2, 3, 4])
    assert on_hand(service) == 5


def test_a_file_of_bad_rows_alone_leaves_nothing_behind(service: Running) -> None:
    before = service.contents()
    assert load(service, file(fresh_id(), *range(2, 7), bad=tuple(range(2, 7)))) == (0, [2, 3, 4, 5, 6])
    assert service.contents() == before


def test_what_broke_off_is_completed_by_the_same_request_and_nothing_is_loaded_twice(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = file(fresh_id(), *range(2, 10), bad=(9,))
    with monkeypatch.context() as patch:
        Broken(patch, receipts=2)
        refusal(lambda: load(service, request))
    assert on_hand(service) == 6
    assert load(service, request) == (7, [9])
    assert load(service, request) == (7, [9])
    assert on_hand(service) == 7


def test_what_broke_off_is_not_loaded_again_by_another_body_under_its_id(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = file(fresh_id(), *range(2, 10))
    with monkeypatch.context() as patch:
        Broken(patch, receipts=1)
        refusal(lambda: load(service, request))
    whole = file(request.request_id, *range(2, 10), whole=True)
    assert refusal(lambda: load(service, whole)).reason == "REQUEST_ID_REUSED"
    assert on_hand(service) == 3


def test_all_or_nothing_is_one_entry_of_all_rows(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        Broken(patch, receipts=1)
        assert load(service, file(fresh_id(), *range(2, 10), whole=True)) == (8, [])
    assert on_hand(service) == 8
    assert load(service, file(fresh_id(), *range(2, 10), bad=(9,), whole=True)) == (0, [9])
    assert on_hand(service) == 8
