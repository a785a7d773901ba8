"""What comes for a hold that was promised it: in the layers above the sites no one else gets a share of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from solver.journal.journal import Journal
from solver.journal.model import Transfer
from solver.stock.layers.accounts import REST, channel_pool, site_pool
from solver.stock.layers.channel_model import ANYWHERE
from solver.stock.layers.draft import Draft
from solver.stock.layers.wanted import Wanted
from solver.stock.rows import Place
from solver.storage.database import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Earmarked:
    """What is to be posted with units that come to a site, and what the hold that gets them then takes."""

    posted: list[Transfer]
    held: list[Transfer]


def earmarked(journal: Journal, reader: Reader, seller: str, units: Mapping[Place, int]) -> Earmarked:
    """Units that come to sites, in the pools that divide them: added to what is no one's own, and taken out again.

    They count against no ceiling and no one's share, so that a promise never fails for a quota made after it.
    """
    skus = {sku for _, sku in units}
    wanted, draft = Wanted.read(reader, skus), Draft(journal, reader, skus)
    posted, held = [], []
    for (site_id, sku), amount in units.items():
        of_site, of_all = site_pool(site_id, sku), channel_pool(ANYWHERE, sku)
        for pool, parts, taker in (
            (of_site, wanted.of_site(site_id, sku), REST),
            (of_all, wanted.of_pool(of_all), seller),
        ):
            if parts or draft.is_divided(pool):
                rest = pool.account(REST)
                posted.append(Transfer(debit=rest, credit=pool.fell(), amount=amount))
                held.append(Transfer(debit=pool.taken(taker), credit=rest, amount=amount))
    return Earmarked(posted=posted, held=held)
