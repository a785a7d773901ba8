"""Stock of dealers and drop-shippers over the wire: once each, refused with every wrong field."""

from dataclasses import replace
from datetime import timedelta

import pytest

from solver.client import Client
from solver.clock import ManualClock
from solver.fulfilment.warehousing.partners import DropshipReport
from solver.gen.xunyuan.stock.v1 import partners_pb2 as pb
from solver.network.model import SourceKind
from solver.stock.model import Movement
from solver.stock.partners.dealer_rows import DealerTerms
from solver.stock.partners.dealers import DealerSale
from solver.stock.partners.dropship import SkuLevel
from solver.storage.once import request_for
from tests.made_world import EAST_STORE, MONDAY_AT_8
from tests.running import HOST, SECONDS, Running, fresh_id, refusal

DEALER = replace(EAST_STORE, source_id="D-EAST", kind=SourceKind.DEALER)
DROP_SHIPPER = replace(EAST_STORE, source_id="X-EAST", kind=SourceKind.DROP_SHIPPER)


@pytest.fixture
def partners(service: Running) -> Running:
    """The made world with a dealer and a drop-shipper."""
    named = request_for("UpsertSources", fresh_id())
    service.application.network.upsert_sources(named, [DEALER, DROP_SHIPPER])
    return service


def test_terms_with_a_dealer_and_his_own_sales(partners: Running) -> None:
    with Client(f"{HOST}:{partners.server.port}") as client:
        terms = DealerTerms(site_id="D-EAST", sku="TEA", reserve_units=2, settlement_minor=1500, currency="CNY")
        client.warehouse.partners.set_terms([terms], "contract 7")
        assert list(client.warehouse.partners.terms(["D-EAST"])) == [terms]
        client.receive_stock([Movement(site_id="D-EAST", sku="TEA", units=5)], "po")
        (level,) = client.stock_levels(["TEA"], ["D-EAST"])
        assert (level.available, level.reserved) == (3, 2)
        sale = DealerSale(site_id="D-EAST", sku="TEA", units=1)
        request_id = fresh_id()
        first = client.warehouse.partners.record_sales([sale], request_id=request_id)
        assert client.warehouse.partners.record_sales([sale], request_id=request_id) == first
        (level,) = client.stock_levels(["TEA"], ["D-EAST"])
        assert (level.available, level.reserved) == (2, 2)
    assert partners.discrepancies() == []


def test_a_drop_shippers_report_and_its_end(partners: Running, clock: ManualClock) -> None:
    with Client(f"{HOST}:{partners.server.port}") as client:
        report = DropshipReport(site_id="X-EAST", as_of=MONDAY_AT_8, levels=(SkuLevel(sku="TEA", units=5),))
        client.warehouse.partners.report(report)
        (said,) = client.warehouse.partners.reports()
        assert (said.units, said.fresh_until) == (5, MONDAY_AT_8 + timedelta(days=1))
        assert partners.levels("TEA")["X-EAST", "TEA"] == (5, 0, 0)
        clock.advance(timedelta(days=1))
        assert partners.levels("TEA")["X-EAST", "TEA"] == (0, 0, 0)
    assert partners.discrepancies() == []


def test_every_wrong_field_of_terms_and_sales_is_named(partners: Running) -> None:
    stub = partners.warehouse.partners
    before = partners.contents()
    terms = [
        pb.DealerTerms(site_id="S-EAST", sku="NOTHING", reserve_units=-1, settlement_minor=-1, currency="EUR"),
        pb.DealerTerms(site_id="D-EAST", sku="TEA", settlement_minor=1),
        pb.DealerTerms(site_id="D-EAST", sku="TEA"),
    ]
    refused = refusal(lambda: stub.SetDealerTerms(pb.SetDealerTermsRequest(request_id=fresh_id(), terms=terms)))
    assert set(refused.fields) == {
        "terms[0].site_id", "terms[0].sku", "terms[0].reserve_units", "terms[0].settlement_minor",
        "terms[0].currency", "terms[1].currency", "terms[2]",
    }  # fmt: skip
    sales = [pb.DealerSale(site_id="nowhere", sku="TEA", units=0)]
    refused = refusal(lambda: stub.RecordDealerSales(pb.RecordDealerSalesRequest(request_id=fresh_id(), sales=sales)))
    assert set(refused.fields) == {"sales[0].site_id", "sales[0].units"}
    sales = [pb.DealerSale(site_id="D-EAST", sku="TEA", units=1)]
    refused = refusal(lambda: stub.RecordDealerSales(pb.RecordDealerSalesRequest(request_id=fresh_id(), sales=sales)))
    assert (refused.code, refused.metadata) == (
        "FAILED_PRECONDITION",
        {"D-EAST/TEA/reserved": "wanted 1, available 0"},
    )
    assert partners.contents() == before


def test_every_wrong_field_of_a_report_is_named(partners: Running) -> None:
    stub = partners.warehouse.partners
    before = partners.contents()
    report = pb.ReportDropshipStockRequest(
        request_id=fresh_id(),
        site_id="D-EAST",
        levels=[pb.SkuLevel(sku="NOTHING", units=-1), pb.SkuLevel(sku="TEA"), pb.SkuLevel(sku="TEA")],
    )
    assert set(refusal(lambda: stub.ReportDropshipStock(report)).fields) == {"as_of"}
    report.as_of.FromDatetime(MONDAY_AT_8 + timedelta(seconds=1))
    report.fresh_for.FromTimedelta(timedelta(days=8))
    assert set(refusal(lambda: stub.ReportDropshipStock(report)).fields) == {
        "site_id", "levels[0].sku", "levels[0].units", "levels[2]", "fresh_for",
    }  # fmt: skip
    early = pb.ReportDropshipStockRequest(request_id=fresh_id(), site_id="X-EAST", levels=[pb.SkuLevel(sku="TEA")])
    early.as_of.FromDatetime(MONDAY_AT_8 + timedelta(seconds=1))
    assert set(refusal(lambda: stub.ReportDropshipStock(early, timeout=SECONDS)).fields) == {"as_of"}
    assert partners.contents() == before
