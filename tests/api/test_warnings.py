"""Thresholds and warnings over the wire, by client and by command."""

import json
from collections.abc import Iterator

import pytest

from solver.cli.main import main
from solver.client import Claim, Client
from solver.gen.xunyuan.stock.v1 import warnings_pb2 as pb
from solver.gen.xunyuan.stock.v1 import warnings_pb2_grpc
from solver.stock.warnings.warning_model import StockThreshold, StockWarning, WarningKind
from tests.running import HOST, SECONDS, Running, fresh_id, refusal

LOW_TEA = StockThreshold(sku="TEA", site_id="W-EAST", least_units=11, least_cover_days=100)


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with Client(f"{HOST}:{service.server.port}") as connected:
        yield connected


def stub(service: Running) -> warnings_pb2_grpc.WarningServiceStub:
    return warnings_pb2_grpc.WarningServiceStub(service.channel)


def test_a_sale_and_a_threshold_lead_to_warnings_with_their_numbers(client: Client) -> None:
    client.warnings.set_thresholds([LOW_TEA])
    client.hold_stock("order", [Claim(site_id="W-EAST", sku="TEA", units=7)])
    client.confirm_hold("order")
    assert list(client.warnings.warnings()) == [
        StockWarning(
            kind=WarningKind.SHORT_COVER,
            sku="TEA",
            site_id="W-EAST",
            figures={
                "available_units": 3,
                "cover_days": 12,
                "demand_days": 28,
                "least_cover_days": 100,
                "sold_units": 7,
            },
            text="TEA at W-EAST: 3 units last for 12 days at 7 in 28 days, not for 100",
        ),
        StockWarning(
            kind=WarningKind.BELOW_LEAST,
            sku="TEA",
            site_id="W-EAST",
            figures={"available_units": 3, "least_units": 11},
            text="TEA at W-EAST: 3 units are available, fewer than 11",
        ),
    ]
    assert list(client.warnings.warnings(["CUP"])) == []


def test_thresholds_are_kept_replaced_and_ended(client: Client) -> None:
    everywhere = StockThreshold(sku="CUP", least_units=5)
    client.warnings.set_thresholds([LOW_TEA, everywhere])
    assert list(client.warnings.thresholds()) == [everywhere, LOW_TEA]
    client.warnings.set_thresholds([StockThreshold(sku="CUP"), StockThreshold(sku="TEA", least_units=1)])
    assert list(client.warnings.thresholds()) == [StockThreshold(sku="TEA", least_units=1), LOW_TEA]


def test_a_repeated_request_changes_nothing(client: Client) -> None:
    request_id = fresh_id()
    client.warnings.set_thresholds([LOW_TEA], request_id=request_id)
    client.warnings.set_thresholds([StockThreshold(sku="TEA", site_id="W-EAST")])
    client.warnings.set_thresholds([LOW_TEA], request_id=request_id)
    assert list(client.warnings.thresholds()) == []


def test_everything_that_is_wrong_with_thresholds_is_named_and_nothing_is_kept(service: Running) -> None:
    request = pb.SetStockThresholdsRequest(request_id=fresh_id())
    request.thresholds.add(sku="NONE", site_id="W-NONE", least_units=-1)
    request.thresholds.add(sku="TEA", channel_id="jd", least_cover_days=400, lead_days=-1)
    request.thresholds.add(sku="TEA", site_id="W-EAST", least_units=1)
    request.thresholds.add(sku="TEA", site_id="W-EAST", least_units=2)
    before = service.contents()
    refused = refusal(lambda: stub(service).SetStockThresholds(request, timeout=SECONDS))
    assert (refused.code, refused.reason) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    assert refused.fields == {
        "thresholds[0].sku": "'NONE': there is no such material; name one that exists, or add it first",
        "thresholds[0].site_id": "'W-NONE': there is no such source; name one that exists, or add it first",
        "thresholds[0].least_units": "-1: must lie between 0 and 1,000,000",
        "thresholds[1].channel_id": "'jd': there is no such channel; name one that exists, or add it first",
        "thresholds[1].least_cover_days": "400: must lie between 0 and 365",
        "thresholds[1].lead_days": "-1: must lie between 0 and 365",
        "thresholds[3]": "'TEA/W-EAST/': stands twice; name it once",
    }
    assert service.contents() == before


def test_a_query_beyond_the_limits_is_refused(service: Running) -> None:
    request = pb.ListStockWarningsRequest(skus=["x"] * 1_001, demand_days=93)
    refused = refusal(lambda: stub(service).ListStockWarnings(request, timeout=SECONDS))
    assert refused.fields == {
        "demand_days": "93: must lie between 1 and 92",
        "skus": "'1001 rows': send at most 1,000",
    }


def test_pages_meet_every_warning_once_in_order(service: Running, client: Client) -> None:
    client.warnings.set_thresholds(
        [
            StockThreshold(sku=sku, site_id=site, least_units=100)
            for sku in ("CUP", "TEA")
            for site in ("W-EAST", "W-WEST")
        ]
    )
    met, token = [], ""
    while True:
        request = pb.ListStockWarningsRequest(page_size=1, page_token=token)
        answer = stub(service).ListStockWarnings(request, timeout=SECONDS)
        met += [(one.sku, one.site_id) for one in answer.warnings]
        token = answer.next_page_token
        if not token:
            break
    assert met == [(sku, site) for sku in ("CUP", "TEA") for site in ("W-EAST", "W-WEST")]


def test_the_command_prints_warnings_and_says_where_there_are_none(
    service: Running, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    target = ["--target", f"{HOST}:{service.server.port}"]
    assert main(["stock", "warnings", *target]) == 0
    assert capsys.readouterr().out == "no warnings\n"
    client.warnings.set_thresholds([LOW_TEA])
    assert main(["stock", "warnings", *target]) == 0
    printed = capsys.readouterr().out
    assert "below least" in printed
    assert "10 units are available" in printed
    assert main(["stock", "warnings", "--json", "--sku", "TEA", *target]) == 0
    [warning] = json.loads(capsys.readouterr().out)
    assert warning["figures"] == {"available_units": 10, "least_units": 11}
