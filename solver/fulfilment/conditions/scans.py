"""What happened to parcels, as far as lateness needs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from solver.clock import from_micros, to_micros
from solver.errors import Violations
from solver.network.lateness import Parcel
from solver.network.network import Network
from solver.storage.database import Reader, Transaction
from solver.validation import check_id, check_reference, check_rows, check_time

PARCEL_SCHEMA = """
CREATE TABLE IF NOT EXISTS parcel (
    parcel_id TEXT PRIMARY KEY,
    service_id TEXT NOT NULL,
    due_micros INTEGER NOT NULL,
    delivered_micros INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS parcel_by_service ON parcel (service_id, due_micros);
"""


class ScanEvent(StrEnum):
    """What happened to a parcel."""

    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What happened to one parcel. `due_at`, when it should be at the door, is stated as it is handed over."""

    parcel_id: str
    service_id: str
    event: ScanEvent
    at: datetime
    due_at: datetime | None = None


def check_scans(scans: Sequence[Scan], network: Network, path: str, violations: Violations) -> None:
    """Known services, sound times; what is handed over says when it is due."""
    check_rows(scans, path, violations)
    for position, scan in enumerate(scans):
        at = f"{path}[{position}]"
        check_id(scan.parcel_id, f"{at}.parcel_id", violations)
        check_reference(scan.service_id, network.services, "service", f"{at}.service_id", violations)
        check_time(scan.at, f"{at}.at", violations)
        if scan.due_at is not None:
            check_time(scan.due_at, f"{at}.due_at", violations)
        elif scan.event is ScanEvent.HANDED_OVER:
            violations.add(f"{at}.due_at", scan.due_at, "say when it should be at the door, as the plan's package does")


def keep(tx: Transaction, scans: Sequence[Scan]) -> None:
    """Write scans, in any sequence. The delivery of a parcel that nobody saw handed over is passed over."""
    for scan in scans:
        if scan.event is ScanEvent.HANDED_OVER and scan.due_at is not None:
            tx.execute(
                """INSERT INTO parcel (parcel_id, service_id, due_micros) VALUES (?, ?, ?)
                   ON CONFLICT (parcel_id) DO UPDATE
                   SET service_id = excluded.service_id, due_micros = excluded.due_micros""",
                (scan.parcel_id, scan.service_id, to_micros(scan.due_at)),
            )
    for scan in scans:
        if scan.event is ScanEvent.DELIVERED:
            tx.execute(
                "UPDATE parcel SET delivered_micros = ? WHERE parcel_id = ?", (to_micros(scan.at), scan.parcel_id)
            )


def parcels_of(reader: Reader, service_id: str, since: datetime, until: datetime) -> list[Parcel]:
    """Parcels of the service that were due in between."""
    rows = reader.query(
        "SELECT due_micros, delivered_micros FROM parcel WHERE service_id = ? AND due_micros > ? AND due_micros <= ?",
        (service_id, to_micros(since), to_micros(until)),
    )
    return [
        Parcel(due_at=from_micros(due), delivered_at=None if delivered is None else from_micros(delivered))
        for due, delivered in rows
    ]
