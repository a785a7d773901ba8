"""The facts the demo network is made from, read from the files in `data`."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province with its seat's coordinates and the provinces it borders."""

    code: str
    name: str
    english: str
    latitude: float
    longitude: float
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A larger city; `population_thousands` is rounded from the census of 2020."""

    code: str
    name: str
    english: str
    latitude: float
    longitude: float
    population_thousands: int

    @property
    def region_id(self) -> str:
        """The city's id in the scenario."""
        return region_id_of(self.code)

    @property
    def province_id(self) -> str:
        """The id of the province the city belongs to."""
        return region_id_of(self.code[:2] + "0000")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedThing:
    """A Chinese name with its English one: a street, a trading house."""

    name: str
    english: str


def region_id_of(code: str) -> str:
    """Administrative code -> region id."""
    return f"CN-{code}"


@cache
def provinces() -> tuple[Province, ...]:
    """The 31 provinces of the mainland."""
    rows = [row | {"neighbours": row["neighbours"].split()} for row in table("provinces")]
    return msgspec.convert(rows, tuple[Province, ...], strict=False)


@cache
def cities() -> tuple[City, ...]:
    """The cities that have stores, dealers or customers."""
    return msgspec.convert(table("cities"), tuple[City, ...], strict=False)


@cache
def city_of(code: str) -> City:
    """The city with this administrative code; KeyError when the table lacks it."""
    return {city.code: city for city in cities()}[code]


def names(noun: str) -> tuple[NamedThing, ...]:
    """The rows of a table of names."""
    return msgspec.convert(table(noun), tuple[NamedThing, ...])


def table(noun: str) -> list[dict[str, Any]]:
    """The rows of `data/<noun>.csv`, every value still a text."""
    with (_DATA / f"{noun}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def document(noun: str) -> Any:
    """The content of `data/<noun>.yaml`."""
    return msgspec.yaml.decode((_DATA / f"{noun}.yaml").read_bytes())
