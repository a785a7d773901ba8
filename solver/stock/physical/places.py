"""Places: where within a site units lie, in which lot, and until which day they may be sold."""

from dataclasses import dataclass
from datetime import date

from solver.stock.physical.states import StockState

_SEPARATORS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StockPlace:
    """A zone and bin of a site, and the lot in it. A site's default place has none of these.

    `expires_on` is the last day, by the site's calendar, on which the units may be sold; None: they do not expire.
    """

    site_id: str
    zone: str = ""
    bin: str = ""
    lot: str = ""
    expires_on: date | None = None

    @property
    def place_id(self) -> str:
        """Its fields in one line, such as `shanghai|A|A-01|L7|2026-09-30`; a default place is called as its site."""
        day = "" if self.expires_on is None else self.expires_on.isoformat()
        line = f"{self.site_id}|{self.zone}|{self.bin}|{self.lot}|{day}"
        if "%" in line or line.count("|") > _SEPARATORS:
            line = "|".join(_escaped(one) for one in (self.site_id, self.zone, self.bin, self.lot, day))
        return line.rstrip("|")

    def covers(self, other: "StockPlace") -> bool:
        """True where the other place is one of those that this one's fields describe; an empty field means any."""
        return (
            self.site_id == other.site_id
            and self.zone in ("", other.zone)
            and self.bin in ("", other.bin)
            and self.lot in ("", other.lot)
            and self.expires_on in (None, other.expires_on)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLevel:
    """Units of a SKU that lie at a place in one state. GOOD counts the units that are held or committed as well."""

    place: StockPlace
    sku: str
    state: StockState
    units: int


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("|", "%7C")
