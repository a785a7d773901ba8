"""Calendars and transfers through the service: written, read by pages, and felt by the next plan."""

from dataclasses import replace
from datetime import date
from typing import Any

from solver.gen.xunyuan.network.v1 import network_pb2, source_pb2
from solver.network.calendar import Calendar
from solver.network.transfer import Transfer
from solver.wire.codec import to_proto
from tests.made_world import EAST_STORE, EAST_WAREHOUSE, MONDAY_AT_8, order_of
from tests.running import SECONDS, Running, fresh_id, plan_request, refusal

HOLIDAY = Calendar(calendar_id="X", closed_days=(date(2026, 3, 2), date(2026, 3, 3)))
ENDS = (("S-EAST", "W-EAST"), ("W-EAST", "S-EAST"), ("W-EAST", "W-WEST"))


def upsert_calendars(service: Running, *calendars: source_pb2.Calendar) -> int:
    request = network_pb2.UpsertCalendarsRequest(request_id=fresh_id(), calendars=calendars)
    return service.network.UpsertCalendars(request, timeout=SECONDS).written


def upsert_transfers(service: Running, *transfers: source_pb2.Transfer) -> int:
    request = network_pb2.UpsertTransfersRequest(request_id=fresh_id(), transfers=transfers)
    return service.network.UpsertTransfers(request, timeout=SECONDS).written


def transfer(ends: tuple[str, str], **more: Any) -> source_pb2.Transfer:
    from_source_id, to_source_id = ends
    said = Transfer(from_source_id=from_source_id, to_source_id=to_source_id, transit_minutes=60, **more)
    return to_proto(said, source_pb2.Transfer)


def test_a_source_follows_its_calendar_from_the_next_plan_on(service: Running) -> None:
    assert upsert_calendars(service, to_proto(HOLIDAY, source_pb2.Calendar)) == 1
    closed = [replace(source, calendar_id="X") for source in (EAST_STORE, EAST_WAREHOUSE)]
    sources = [to_proto(source, source_pb2.Source) for source in closed]
    request = network_pb2.UpsertSourcesRequest(request_id=fresh_id(), sources=sources)
    assert service.network.UpsertSources(request, timeout=SECONDS).written == 2
    order = order_of(("TEA", 2))
    [package] = service.plan(plan_request(order, validate_only=True)).packages
    arrives = package.arrives_at.ToDatetime(tzinfo=MONDAY_AT_8.tzinfo)
    # The store opens again on Wednesday at 02:00 UTC, takes half an hour, and the parcel ten hours.
    assert (package.source_id, arrives.isoformat()) == ("S-EAST", "2026-03-04T12:30:00+00:00")


def test_a_day_that_is_none_is_told_and_nothing_is_written(service: Running) -> None:
    before = service.contents()
    spoiled = source_pb2.Calendar(calendar_id="X", closed_days=["2026-02-30"], open_days=["20260310"])
    refused = refusal(lambda: upsert_calendars(service, spoiled))
    assert (refused.code, refused.fields) == (
        "INVALID_ARGUMENT",
        {
            "calendars[0].closed_days[0]": "'2026-02-30': give a day as YYYY-MM-DD",
            "calendars[0].open_days[0]": "'20260310': give a day as YYYY-MM-DD",
        },
    )
    assert service.contents() == before


def test_calendars_are_read_by_pages_in_the_order_of_their_ids(service: Running) -> None:
    written = [source_pb2.Calendar(calendar_id=name, closed_days=["2026-10-01"]) for name in ("US", "BR", "CN")]
    upsert_calendars(service, *written)
    first = service.network.ListCalendars(network_pb2.ListCalendarsRequest(page_size=2), timeout=SECONDS)
    rest = service.network.ListCalendars(
        network_pb2.ListCalendarsRequest(page_token=first.next_page_token), timeout=SECONDS
    )
    assert list(first.calendars) == [written[1], written[2]]
    assert list(rest.calendars) == [written[0]]
    assert rest.next_page_token == ""


def test_transfers_are_read_by_pages_in_the_order_of_their_ends(service: Running) -> None:
    written = [transfer(ends, per_package_minor=10) for ends in ENDS]
    assert upsert_transfers(service, *reversed(written)) == 3
    first = service.network.ListTransfers(network_pb2.ListTransfersRequest(page_size=1), timeout=SECONDS)
    rest = service.network.ListTransfers(
        network_pb2.ListTransfersRequest(page_token=first.next_page_token), timeout=SECONDS
    )
    assert [*first.transfers, *rest.transfers] == written
    assert rest.next_page_token == ""


def test_a_transfer_to_nowhere_is_refused(service: Running) -> None:
    refused = refusal(lambda: upsert_transfers(service, transfer(("W-EAST", "MOON"))))
    assert set(refused.fields) == {"transfers[0].to_source_id"}
    listed = service.network.ListTransfers(network_pb2.ListTransfersRequest(), timeout=SECONDS)
    assert list(listed.transfers) == []
