"""Published rate cards alone, as scenarios with carriers, services and the regions they name, and nothing else."""

from pathlib import Path

from solver.importers.cn.places import read_gazetteer
from solver.importers.intake import Intake
from solver.importers.rate_cards import fedex
from solver.importers.rate_cards.wuxi import read_cards
from solver.importers.rate_cards.wuxi_services import carriers_of, wuxi_services
from solver.importers.result import ImportResult
from solver.network.model import Carrier, Service
from solver.scenario.model import Scenario


def import_wuxi_cards(data: Path) -> ImportResult:
    """The cards of SF, STO, ANE and Xinliang from Wuxi, out of `cn_tariffs` and `cn_geo` under `data`; money is fen.

    Raises NotFound when a file is missing, InvalidRequest when one lacks a column or is not UTF-8.
    """
    intake = Intake()
    services, regions = wuxi_services(read_cards(data, intake), read_gazetteer(data, intake), intake)
    return intake.result(
        Scenario(
            name="wuxi-cards",
            title="Parcel and freight rate cards from Wuxi, 2025",
            currency="CNY",
            description="Four carriers' cards to provinces and cities, as their calculators state them.",
            assumptions=_assumptions(services),
            regions=regions,
            carriers=tuple(
                Carrier(carrier_id=carrier_id, name=name) for carrier_id, name in carriers_of(services).items()
            ),
            services=services,
        )
    )


def import_fedex_cards(data: Path) -> ImportResult:
    """FedEx Ground's list prices, out of `us_tariffs` under `data`; money is US cents.

    Raises NotFound when the file is missing or holds no prices, InvalidRequest when it lacks a column or is not UTF-8.
    """
    intake = Intake()
    services = (fedex.read_service(data, intake),)
    return intake.result(
        Scenario(
            name="fedex-cards",
            title="FedEx Ground list prices, 2025",
            currency="USD",
            description="Prices for each begun pound up to 150, in seven zones of distance.",
            assumptions=_assumptions(services),
            carriers=(Carrier(carrier_id=fedex.CARRIER_ID, name="FedEx"),),
            services=services,
        )
    )


def _assumptions(services: tuple[Service, ...]) -> tuple[str, ...]:
    return tuple(f"{service.service_id}: {text}." for service in services for text in service.assumed)
