"""What a sound scenario says of channels' stock, backorders and goods on their way.

Whether amounts are there is known once stock is divided: quotas above it are refused then, with the numbers.
"""

from collections.abc import Mapping
from datetime import datetime

from solver.errors import Violations
from solver.scenario.model import Consigned, Scenario
from solver.scenario.names import Names
from solver.stock.layers.channel_model import Channel, LogicalWarehouse, Quota, channel_of
from solver.stock.layers.dividing_check import MOST_TIERS, check_seller_id
from solver.stock.model import BackorderLimit
from solver.validation import MOST_UNITS, check_between, check_id, check_reference

_WHOLE = 1_000


class LayerChecks:
    """Checks of rows by themselves; their fields are recorded below `path`."""

    def __init__(self, scenario: Scenario, names: Names, path: str) -> None:
        self._names, self._path, self._horizon = names, path, scenario.horizon
        self._first: dict[str, Consigned] = {}
        for row in scenario.consignments:
            self._first.setdefault(row.consignment_id, row)
        self._quotas: dict[tuple[str, str, str], Quota] = {}
        self._limits: dict[tuple[str, str], BackorderLimit] = {}

    def warehouse(self, row: LogicalWarehouse, found: Violations) -> None:
        """Its feeds are of sources and SKUs that exist, each a share or so many units."""
        check_seller_id(row.logical_id, f"{self._path}.logical_id", found)
        check_between(row.rank, 0, MOST_TIERS, f"{self._path}.rank", found)
        for number, feed in enumerate(row.feeds):
            at = f"{self._path}.feeds[{number}]"
            check_reference(feed.site_id, self._names.sources, "source", f"{at}.site_id", found)
            if feed.sku:
                check_reference(feed.sku, self._names.skus, "material", f"{at}.sku", found)
            check_between(feed.share_permille, 0, _WHOLE, f"{at}.share_permille", found)
            check_between(feed.units, 0, MOST_UNITS, f"{at}.units", found)
            one_of = (feed.share_permille > 0) != (feed.units > 0)
            found.require(one_of, at, f"{feed.share_permille}, {feed.units}", "give either share_permille or units")
            found.require(not feed.units or bool(feed.sku), f"{at}.sku", feed.sku, "say of which SKU the units are")

    def channel(self, row: Channel, found: Violations) -> None:
        """It sells from warehouses that exist, and overflows into channels that exist."""
        check_seller_id(row.channel_id, f"{self._path}.channel_id", found)
        check_between(row.tier, 0, MOST_TIERS, f"{self._path}.tier", found)
        for number, logical_id in enumerate(row.logical_ids):
            at = f"{self._path}.logical_ids[{number}]"
            check_reference(logical_id, self._names.warehouses, "logical warehouse", at, found)
        for number, seller in enumerate(row.overflow):
            at = f"{self._path}.overflow[{number}]"
            check_reference(channel_of(seller), self._names.channels, "channel", at, found)

    def quota(self, row: Quota, found: Violations) -> None:
        """It is of a channel, a SKU and, if wanted, a logical warehouse that exist, and says something."""
        check_reference(row.channel_id, self._names.channels, "channel", f"{self._path}.channel_id", found)
        check_reference(row.sku, self._names.skus, "material", f"{self._path}.sku", found)
        if row.logical_id:
            at = f"{self._path}.logical_id"
            check_reference(row.logical_id, self._names.warehouses, "logical warehouse", at, found)
        check_between(row.shop_tier, 0, MOST_TIERS, f"{self._path}.shop_tier", found)
        check_between(row.exclusive_units, 0, MOST_UNITS, f"{self._path}.exclusive_units", found)
        check_between(row.exclusive_permille, 0, _WHOLE, f"{self._path}.exclusive_permille", found)
        check_between(row.ceiling_units or 0, 0, MOST_UNITS, f"{self._path}.ceiling_units", found)
        remedy = "give exclusive_units, exclusive_permille or ceiling_units"
        found.require(not row.says_nothing, self._path, row.sku, remedy)
        key = row.seller, row.logical_id, row.sku
        found.require(self._quotas.setdefault(key, row) is row, self._path, row.seller, "stands twice; say it once")

    def backorder(self, row: BackorderLimit, found: Violations) -> None:
        """It is of a source and a SKU that exist, once."""
        check_reference(row.site_id, self._names.sources, "source", f"{self._path}.site_id", found)
        check_reference(row.sku, self._names.skus, "material", f"{self._path}.sku", found)
        check_between(row.units, 1, MOST_UNITS, f"{self._path}.units", found)
        is_first = self._limits.setdefault((row.site_id, row.sku), row) is row
        found.require(is_first, self._path, f"{row.site_id}/{row.sku}", "stands twice; say it once")

    def consigned(self, row: Consigned, found: Violations) -> None:
        """It comes from elsewhere, is sent before it is expected and arrives, and says what its other rows say."""
        check_id(row.consignment_id, f"{self._path}.consignment_id", found)
        check_reference(row.source_id, self._names.sources, "source", f"{self._path}.source_id", found)
        check_reference(row.sku, self._names.skus, "material", f"{self._path}.sku", found)
        check_between(row.units, 1, MOST_UNITS, f"{self._path}.units", found)
        if row.from_source_id:
            at = f"{self._path}.from_source_id"
            check_reference(row.from_source_id, self._names.sources, "source", at, found)
            found.require(row.from_source_id != row.source_id, at, row.from_source_id, "name another source")
        for name, moment in self._times(row).items():
            at = f"{self._path}.{name}"
            if row.sent_at is not None and moment <= row.sent_at:
                found.add(at, moment.isoformat(), f"is not later than sent_at, {row.sent_at.isoformat()}")
            if self._horizon is not None and moment < self._horizon.starts_at:
                found.add(at, moment.isoformat(), f"is before the horizon, {self._horizon.starts_at.isoformat()}")
        first = self._first[row.consignment_id]
        for name in ("source_id", "expected_at", "arrives_at", "sent_at", "from_source_id"):
            said, before = getattr(row, name), getattr(first, name)
            remedy = f"an earlier row of {row.consignment_id} says {before}; a consignment has one {name}"
            found.require(said == before, f"{self._path}.{name}", said, remedy)

    @staticmethod
    def _times(row: Consigned) -> Mapping[str, datetime]:
        return {"expected_at": row.expected_at} | ({"arrives_at": row.arrives_at} if row.arrives_at else {})
