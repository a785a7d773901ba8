"""How much of what is there and of what arrives a channel may take, day after day."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from solver.journal.journal import Journal
from solver.stock.expected.atp_model import AtpDay
from solver.stock.expected.incoming import Expected
from solver.stock.layers.allotment import follow
from solver.stock.layers.channel_rows import channels
from solver.stock.layers.draft import Draft
from solver.stock.layers.entitlement import Drawing
from solver.stock.layers.wanted import Wanted
from solver.stock.rows import Place
from solver.storage.database import Reader


class Shares:
    """The most that a seller may take at each site: now, and once what nobody was promised has arrived until a day.

    Arrivals are shared out as the quotas say now, at all sites together; where nothing is divided nothing binds.
    """

    def __init__(
        self, journal: Journal, reader: Reader, seller: str, skus: Collection[str], awaited: Sequence[Expected]
    ) -> None:
        self._journal = journal
        self._reader = reader
        self._seller = seller
        self._awaited = [one for one in awaited if one.free_units]
        self._wanted = Wanted.read(reader, skus)
        self._channels = channels(reader)
        self._drawings: dict[tuple[str, date | None], Drawing] = {}

    def now(self, place: Place, there: int) -> int:
        """Of what is available at a site, how much the seller may take now."""
        return min(there, self._drawing(place[1], None).most(place))

    def bounded(self, place: Place, steps: Sequence[AtpDay]) -> list[AtpDay]:
        """The steps with no more than the seller may take by then."""
        return [
            replace(step, atp_units=min(step.atp_units, self._drawing(place[1], step.day).most(place)))
            for step in steps
        ]

    def _drawing(self, sku: str, until: date | None) -> Drawing:
        found = self._drawings.get((sku, until))
        if found is None:
            draft = Draft(self._journal, self._reader, [sku])
            changes: dict[Place, int] = {}
            for one in self._awaited:
                if until is not None and one.place[1] == sku and one.day <= until:
                    changes[one.place] = changes.get(one.place, 0) + one.free_units
            follow(draft, self._wanted, changes)
            found = self._drawings[sku, until] = Drawing(draft, self._seller, self._channels)
        return found
