"""The table of errors, row by row, as a caller sees it through gRPC."""

import logging
from collections.abc import Sequence

import pytest

from solver import errors
from solver.api.errors import CODES
from solver.errors import FieldViolation, XunyuanError
from solver.fulfilment.planner import ATTEMPTS
from solver.gen.xunyuan.stock.v1 import stock_pb2
from solver.stock.holding.planned_holds import PlannedHold
from solver.stock.stock import Stock
from solver.storage.database import Transaction
from solver.storage.errors import ConstraintRefused, StorageFailed, StorageUnusable
from tests.made_world import order_of
from tests.running import SECONDS, Running, fresh_id, plan_request, refusal

ROWS: list[tuple[XunyuanError, str, str, int | None]] = [
    (
        errors.InvalidRequest("it", [FieldViolation(field="a[2].b", value="-1", remedy="give more")]),
        "INVALID_ARGUMENT", "INVALID_REQUEST", None,
    ),
    (errors.Unauthenticated("no token"), "UNAUTHENTICATED", "UNAUTHENTICATED", None),
    (errors.PermissionDenied("not for you"), "PERMISSION_DENIED", "PERMISSION_DENIED", None),
    (errors.NotFound("no such plan"), "NOT_FOUND", "NOT_FOUND", None),
    (errors.RequestIdReused("used before"), "ALREADY_EXISTS", "REQUEST_ID_REUSED", None),
    (errors.StateConflict("gone", reason="HOLD_EXPIRED"), "FAILED_PRECONDITION", "HOLD_EXPIRED", None),
    (errors.StockShort("too few"), "FAILED_PRECONDITION", "STOCK_SHORT", None),
    (errors.LostRace("others were faster"), "ABORTED", "LOST_RACE", 50),
    (errors.DeadlineTooShort("no time left"), "DEADLINE_EXCEEDED", "DEADLINE_TOO_SHORT", None),
    (errors.TooBusy("full", retry_seconds=1.5), "RESOURCE_EXHAUSTED", "TOO_BUSY", 1500),
    (StorageFailed("disk full"), "UNAVAILABLE", "STORAGE_FAILED", None),
    (StorageUnusable("closed"), "UNAVAILABLE", "STORAGE_UNUSABLE", None),
    (errors.BrokenInvariant("our bug"), "INTERNAL", "BROKEN_INVARIANT", None),
    (ConstraintRefused("our bug"), "INTERNAL", "CONSTRAINT_REFUSED", None),
]  # fmt: skip


def fail_with(monkeypatch: pytest.MonkeyPatch, service: Running, error: Exception) -> None:
    def fail(plan_id: str) -> None:
        raise error

    monkeypatch.setattr(service.application.made_plans, "get", fail)


@pytest.mark.parametrize(("error", "code", "reason", "retry_ms"), ROWS, ids=lambda value: type(value).__name__)
def test_every_error_has_its_code_reason_and_details(
    service: Running, monkeypatch: pytest.MonkeyPatch, error: XunyuanError, code: str, reason: str, retry_ms: int | None
) -> None:
    fail_with(monkeypatch, service, error)
    refused = refusal(lambda: service.state("any"))
    assert (refused.code, refused.reason, refused.retry_ms) == (code, reason, retry_ms)
    assert (refused.domain, refused.text) == ("xunyuan", str(error))
    assert refused.fields == ({"a[2].b": "-1: give more"} if code == "INVALID_ARGUMENT" else {})


def test_no_row_of_the_table_and_no_branch_of_the_tree_is_untested() -> None:
    tested = {type(error) for error, *_ in ROWS}
    assert {kind for kind, _ in CODES} <= tested
    tree = {kind for kind in XunyuanError.__subclasses__() if kind.__module__ == errors.__name__}
    assert tree <= tested


def test_an_unexpected_exception_tells_the_caller_nothing_and_the_log_everything(
    service: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fail_with(monkeypatch, service, KeyError("secret of the house"))
    with caplog.at_level(logging.ERROR):
        refused = refusal(lambda: service.state("any"))
    assert (refused.code, refused.reason) == ("INTERNAL", "INTERNAL")
    assert "secret" not in refused.text
    assert refused.metadata == {}
    assert "secret of the house" in caplog.text


@pytest.mark.parametrize(
    ("error", "logged"), [(errors.BrokenInvariant("own fault"), True), (errors.NotFound("their fault"), False)]
)
def test_only_our_own_faults_are_logged(
    service: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, logged: bool
) -> None:
    fail_with(monkeypatch, service, error)
    with caplog.at_level(logging.INFO):
        refusal(lambda: service.state("any"))
    assert (str(error) in caplog.text) is logged


@pytest.mark.parametrize("letter", ["x", "茶"])
def test_an_error_too_long_for_the_headers_is_cut_and_says_so(
    service: Running, monkeypatch: pytest.MonkeyPatch, letter: str
) -> None:
    violations = [
        FieldViolation(field=f"lines[{number}].sku", value=letter * 60, remedy=letter * 100) for number in range(1000)
    ]
    fail_with(monkeypatch, service, errors.InvalidRequest("the order", violations))
    refused = refusal(lambda: service.state("any"))
    assert refused.code == "INVALID_ARGUMENT"
    told = len(refused.fields)
    assert list(refused.fields) == [f"lines[{number}].sku" for number in range(told)]
    assert told >= 5
    assert refused.metadata == {"violations_left_out": str(1000 - told)}
    assert refused.text.startswith("the order is not valid: lines[0].sku: ")
    assert refused.text.endswith("...")


def test_metadata_too_long_for_the_headers_is_cut(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = {f"site-{number}/SKU": "wanted 9, available 8" for number in range(1000)}
    fail_with(monkeypatch, service, errors.StockShort("short " * 1000, metadata=metadata))
    refused = refusal(lambda: service.state("any"))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "STOCK_SHORT")
    assert refused.metadata["site-0/SKU"] == "wanted 9, available 8"
    assert 50 < len(refused.metadata) < 1000


def test_an_adjustment_below_what_is_available_names_every_shortage_and_changes_nothing(service: Running) -> None:
    service.plan(plan_request(order_of(("TEA", 2))))
    before = service.contents()
    request = stock_pb2.AdjustStockRequest(request_id=fresh_id(), reference="count")
    request.movements.add(site_id="S-EAST", sku="TEA", units=-2)
    request.movements.add(site_id="S-EAST", sku="CUP", units=-2)
    request.movements.add(site_id="W-EAST", sku="CUP", units=-1)
    refused = refusal(lambda: service.stock.AdjustStock(request, timeout=SECONDS))
    assert (refused.code, refused.reason) == ("FAILED_PRECONDITION", "STOCK_SHORT")
    assert refused.metadata == {
        "S-EAST/TEA": "wanted 2, available 1",
        "S-EAST/CUP": "wanted 2, available 1",
    }
    assert service.contents() == before


def test_a_race_lost_every_time_is_aborted_and_holds_nothing(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    def always_short(self: Stock, tx: Transaction, wanted: Sequence[PlannedHold]) -> list[errors.StockShort]:
        attempts.append(wanted)
        return [errors.StockShort("another order was faster") for _ in wanted]

    before = service.contents()
    monkeypatch.setattr(Stock, "hold_each", always_short)
    refused = refusal(lambda: service.plan(plan_request(order_of(("TEA", 1)))))
    assert (refused.code, refused.reason, refused.retry_ms) == ("ABORTED", "LOST_RACE", 50)
    assert refused.metadata == {"order_id": "O-1"}
    assert len(attempts) == ATTEMPTS
    assert service.contents() == before


def test_a_closed_database_is_unavailable(service: Running) -> None:
    service.application.database.close()
    refused = refusal(lambda: service.plan(plan_request(order_of(("TEA", 1)))))
    assert (refused.code, refused.reason) == ("UNAVAILABLE", "STORAGE_UNUSABLE")
