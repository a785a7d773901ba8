"""NetworkService."""

import grpc

from solver.api.lookup import look_up
from solver.api.paging import page
from solver.api.reading import read_all
from solver.gen.xunyuan.network.v1 import network_pb2 as pb
from solver.gen.xunyuan.network.v1 import network_pb2_grpc, source_pb2, tariff_pb2
from solver.network.calendar import Calendar
from solver.network.model import Carrier, Region, Service, Source
from solver.network.store import NetworkStore
from solver.network.transfer import Transfer
from solver.storage.once import request_for
from solver.wire.codec import to_proto

MOST_SOURCES_A_PAGE = 1_000
MOST_SERVICES_A_PAGE = 100
MOST_CALENDARS_A_PAGE = 100
MOST_TRANSFERS_A_PAGE = 1_000


class NetworkServicer(network_pb2_grpc.NetworkServiceServicer):
    """Regions, sources, carriers, services, calendars and transfers."""

    def __init__(self, store: NetworkStore) -> None:
        self._store = store

    def UpsertRegions(
        self, request: pb.UpsertRegionsRequest, context: grpc.ServicerContext
    ) -> pb.UpsertRegionsResponse:
        """Add or replace regions."""
        regions = read_all(request.regions, Region, "regions")
        named = request_for("UpsertRegions", request.request_id, regions)
        return pb.UpsertRegionsResponse(written=self._store.upsert_regions(named, regions))

    def UpsertSources(
        self, request: pb.UpsertSourcesRequest, context: grpc.ServicerContext
    ) -> pb.UpsertSourcesResponse:
        """Add or replace sources."""
        sources = read_all(request.sources, Source, "sources")
        named = request_for("UpsertSources", request.request_id, sources)
        return pb.UpsertSourcesResponse(written=self._store.upsert_sources(named, sources))

    def UpsertCarriers(
        self, request: pb.UpsertCarriersRequest, context: grpc.ServicerContext
    ) -> pb.UpsertCarriersResponse:
        """Add or replace carriers."""
        carriers = read_all(request.carriers, Carrier, "carriers")
        named = request_for("UpsertCarriers", request.request_id, carriers)
        return pb.UpsertCarriersResponse(written=self._store.upsert_carriers(named, carriers))

    def UpsertCalendars(
        self, request: pb.UpsertCalendarsRequest, context: grpc.ServicerContext
    ) -> pb.UpsertCalendarsResponse:
        """Add or replace calendars."""
        calendars = read_all(request.calendars, Calendar, "calendars")
        named = request_for("UpsertCalendars", request.request_id, calendars)
        return pb.UpsertCalendarsResponse(written=self._store.upsert_calendars(named, calendars))

    def UpsertTransfers(
        self, request: pb.UpsertTransfersRequest, context: grpc.ServicerContext
    ) -> pb.UpsertTransfersResponse:
        """Add or replace transfers."""
        transfers = read_all(request.transfers, Transfer, "transfers")
        named = request_for("UpsertTransfers", request.request_id, transfers)
        return pb.UpsertTransfersResponse(written=self._store.upsert_transfers(named, transfers))

    def UpsertServices(
        self, request: pb.UpsertServicesRequest, context: grpc.ServicerContext
    ) -> pb.UpsertServicesResponse:
        """Add or replace services with their tariffs."""
        services = read_all(request.services, Service, "services")
        named = request_for("UpsertServices", request.request_id, services)
        return pb.UpsertServicesResponse(written=self._store.upsert_services(named, services))

    def BatchGetRegions(
        self, request: pb.BatchGetRegionsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetRegionsResponse:
        """Read regions."""
        found = look_up(self._store.network.regions, request.region_ids, "region_ids", "region")
        return pb.BatchGetRegionsResponse(regions=[to_proto(region, source_pb2.Region) for region in found])

    def ListSources(self, request: pb.ListSourcesRequest, context: grpc.ServicerContext) -> pb.ListSourcesResponse:
        """Read sources, page by page."""
        shown, token = page(
            list(self._store.network.sources.values()),
            lambda source: source.source_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_SOURCES_A_PAGE,
        )
        return pb.ListSourcesResponse(
            sources=[to_proto(source, source_pb2.Source) for source in shown], next_page_token=token
        )

    def ListCarriers(self, request: pb.ListCarriersRequest, context: grpc.ServicerContext) -> pb.ListCarriersResponse:
        """Read every carrier."""
        carriers = sorted(self._store.network.carriers.values(), key=lambda carrier: carrier.carrier_id)
        return pb.ListCarriersResponse(carriers=[to_proto(carrier, tariff_pb2.Carrier) for carrier in carriers])

    def ListCalendars(
        self, request: pb.ListCalendarsRequest, context: grpc.ServicerContext
    ) -> pb.ListCalendarsResponse:
        """Read calendars, page by page."""
        shown, token = page(
            sorted(self._store.network.calendars.values(), key=lambda calendar: calendar.calendar_id),
            lambda calendar: calendar.calendar_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_CALENDARS_A_PAGE,
        )
        calendars = [to_proto(calendar, source_pb2.Calendar) for calendar in shown]
        return pb.ListCalendarsResponse(calendars=calendars, next_page_token=token)

    def ListTransfers(
        self, request: pb.ListTransfersRequest, context: grpc.ServicerContext
    ) -> pb.ListTransfersResponse:
        """Read transfers, page by page."""
        shown, token = page(
            list(self._store.network.transfers.values()),
            lambda transfer: transfer.transfer_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_TRANSFERS_A_PAGE,
        )
        transfers = [to_proto(transfer, source_pb2.Transfer) for transfer in shown]
        return pb.ListTransfersResponse(transfers=transfers, next_page_token=token)

    def ListServices(self, request: pb.ListServicesRequest, context: grpc.ServicerContext) -> pb.ListServicesResponse:
        """Read services, page by page."""
        shown, token = page(
            list(self._store.network.services.values()),
            lambda service: service.service_id,
            page_size=request.page_size,
            page_token=request.page_token,
            most=MOST_SERVICES_A_PAGE,
        )
        return pb.ListServicesResponse(
            services=[to_proto(service, tariff_pb2.Service) for service in shown], next_page_token=token
        )
