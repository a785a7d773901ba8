"""What a carrier is paid for packages: its tariff, or what was agreed of it."""

from solver.ledger.contracts.facts import ShippedPackage
from solver.ledger.contracts.model import WHOLE, Contract, Logistics, Role
from solver.ledger.contracts.rounding import rounded, shown_rate
from solver.ledger.contracts.sharing import Step, step

_TARIFF = Logistics()


def package_steps(contract: Contract | None, package: ShippedPackage) -> list[Step]:
    """The steps of one package; without a contract the carrier is paid its tariff."""
    clause = _TARIFF if contract is None or contract.logistics is None else contract.logistics
    if contract is None:
        return _by_tariff(package)
    minor = rounded(package.tariff_minor * clause.rate, contract.rounding)
    steps = [
        step(
            contract,
            "logistics_fee",
            minor,
            line_id=package.package_id,
            base="tariff",
            base_minor=package.tariff_minor,
            rate=shown_rate(clause.rate),
        )
    ]
    if minor < clause.minimum_minor:
        steps.append(
            step(
                contract,
                "logistics_minimum",
                clause.minimum_minor - minor,
                line_id=package.package_id,
                base="minimum",
                base_minor=clause.minimum_minor,
            )
        )
    if clause.per_package_minor:
        steps.append(step(contract, "package_fee", clause.per_package_minor, line_id=package.package_id))
    return steps


def _by_tariff(package: ShippedPackage) -> list[Step]:
    return [
        Step(
            rule="logistics_fee",
            role=Role.CARRIER,
            party=package.carrier_id,
            line_id=package.package_id,
            base="tariff",
            base_minor=package.tariff_minor,
            rate=shown_rate(WHOLE),
            amount_minor=package.tariff_minor,
        )
    ]
