"""The day at each site, by its source's time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from solver.fulfilment.sources import NetworkSource
from solver.stock.physical.days import DayOf, utc_day


def days_of(network: NetworkSource) -> DayOf:
    """The day at a site by the network of the moment; in UTC where the site is not known any more."""

    def day_of(site_id: str, moment: datetime) -> date:
        source = network.network.sources.get(site_id)
        return utc_day(site_id, moment) if source is None else moment.astimezone(ZoneInfo(source.time_zone)).date()

    return day_of
