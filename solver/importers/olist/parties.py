"""Customers and sellers: where they live, as a region and, when their zip prefix is usable, as coordinates."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solver.importers.intake import Intake
from solver.importers.olist.geography import Geography, Point
from solver.network.model import Region

CUSTOMERS = "olist/sample_a/olist_customers_dataset.csv.gz"
SELLERS = "olist/reference/olist_sellers_dataset.csv.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A customer or seller. `point` None: the zip prefix has no usable coordinates."""

    party_id: str
    city: str
    region: Region
    point: Point | None

    @property
    def place(self) -> Point:
        """The coordinates, or the centre of the region."""
        return self.point or (self.region.latitude, self.region.longitude)


def read_customers(data: Path, geography: Geography, intake: Intake) -> Mapping[str, Party]:
    """Customers by the id that orders carry."""
    return _read(data, CUSTOMERS, "customer", geography, intake)


def read_sellers(data: Path, geography: Geography, intake: Intake) -> Mapping[str, Party]:
    """Sellers by id."""
    return _read(data, SELLERS, "seller", geography, intake)


def _read(data: Path, file: str, noun: str, geography: Geography, intake: Intake) -> Mapping[str, Party]:
    columns = (f"{noun}_id", f"{noun}_zip_code_prefix", f"{noun}_city", f"{noun}_state")
    parties: dict[str, Party] = {}
    for row in intake.rows(data, file, columns):
        party_id, zip_prefix, city, state = (row[column] for column in columns)
        region, point = geography.region_of(state, city), geography.point(zip_prefix)
        if not party_id or party_id in parties:
            intake.reject(row, f"repeated_{noun}", f"{noun}_id={party_id}")
        elif region is None:
            intake.reject(row, "unknown_state", f"{noun}_state={state}")
        else:
            parties[party_id] = Party(party_id=party_id, city=city, region=region, point=point)
            if not region.parent_id:
                intake.repair(f"{noun} city: no municipality of that name in its state, the state is the region")
            if point is None:
                intake.repair(f"{noun} zip prefix: no usable coordinates, the centre of the region stands in")
    return parties
