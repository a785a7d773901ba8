"""Holds and limits of backorders as callers send them: checked against catalog and network, done once."""

from collections.abc import Sequence
from datetime import timedelta

from solver.clock import Clock
from solver.errors import Violations
from solver.fulfilment.hold_batch import outcomes_of, place_batch, wanted_of
from solver.fulfilment.hold_model import MOST_BATCH_CLAIMS, HoldOutcome, HoldWish
from solver.fulfilment.model import DEFAULT_HOLD, LONGEST_HOLD
from solver.fulfilment.sources import CatalogSource, NetworkSource
from solver.stock.holding.holds import Holds
from solver.stock.layers import channel_rows
from solver.stock.layers.channel_model import channel_of
from solver.stock.model import BackorderLimit, Claim, StockHold
from solver.stock.stock import Stock
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, once
from solver.storage.once_each import OnceEach, one_by_one
from solver.validation import (
    MOST_UNITS,
    check_between,
    check_id,
    check_lasts,
    check_reference,
    check_rows,
    check_unique,
)


class Holding:
    """Stand-alone holds, for callers who plan themselves. Every method answers with the hold as it stands now."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: CatalogSource,
        network: NetworkSource,
        stock: Stock,
        holds: Holds,
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalog = catalog
        self._network = network
        self._stock = stock
        self._holds = holds
        self._changes = holds.changes
        self._placed_once = OnceEach(database, clock, holds.place_each)
        self._extended_once = OnceEach(database, clock, one_by_one(self._extend))
        self._confirmed_once = OnceEach(database, clock, holds.confirm_each)
        self._released_once = OnceEach(database, clock, one_by_one(self._release))

    def hold(self, request: Request, wish: HoldWish) -> StockHold:
        """Hold exactly what is wished, in place of what the hold had. Nothing is changed where it is refused.

        Raises InvalidRequest, RequestIdReused, StateConflict (HOLD_CONFIRMED), StockShort.
        """
        violations = Violations()
        self._check_wish(wish, "", violations)
        violations.refuse_any("the hold")
        return self._placed_once.run(request, wanted_of(wish)) or self.get(wish.hold_id)

    def hold_batch(
        self, request: Request, wishes: Sequence[HoldWish], *, all_or_none: bool = False
    ) -> tuple[HoldOutcome, ...]:
        """Hold each wish or refuse it by itself; or with `all_or_none` hold every one, or raise.

        Raises InvalidRequest for a field that is wrong, RequestIdReused; with `all_or_none` also StateConflict
        (HOLD_CONFIRMED) and StockShort naming what every one of them is short of.
        """
        violations = Violations()
        check_rows(wishes, "wishes", violations)
        check_unique([wish.hold_id for wish in wishes], "wishes", violations)
        in_all = sum(len(wish.claims) for wish in wishes)
        few = in_all <= MOST_BATCH_CLAIMS
        violations.require(few, "wishes", f"{in_all:,} claims", f"send at most {MOST_BATCH_CLAIMS:,} claims together")
        for position, wish in enumerate(wishes):
            self._check_wish(wish, f"wishes[{position}].", violations)
        violations.refuse_any("the batch")
        outcomes: tuple[HoldOutcome, ...] = ()

        def act(tx: Transaction) -> bytes:
            nonlocal outcomes
            answer, outcomes = place_batch(self._holds, tx, wishes, all_or_none=all_or_none)
            return answer

        answer = once(self._database, self._clock, request, act)
        if answer.fresh:
            return outcomes
        with self._database.read() as reader:
            return outcomes_of(self._holds, reader, wishes, answer.body)

    def extend(self, request: Request, hold_id: str, hold_for: timedelta = DEFAULT_HOLD) -> StockHold:
        """Let a hold stand for so long from now; one that stands for longer already stays as it is.

        Raises InvalidRequest, NotFound, RequestIdReused, StateConflict (HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED).
        """
        violations = Violations()
        check_lasts(hold_for, LONGEST_HOLD, "hold_for", violations)
        violations.refuse_any("the extension")
        return self._extended_once.run(request, (hold_id, hold_for)) or self.get(hold_id)

    def split(
        self, request: Request, hold_id: str, to_hold_id: str, claims: Sequence[Claim], order_id: str = ""
    ) -> tuple[StockHold, StockHold]:
        """Move units to a new hold; what is left of the hold, and the new one.

        Raises InvalidRequest for more than is held, StateConflict (HOLD_EXISTS), and what `extend` raises.
        """
        violations = Violations()
        check_id(to_hold_id, "to_hold_id", violations)
        check_note(order_id, "order_id", violations)
        check_rows(claims, "claims", violations)
        for position, claim in enumerate(claims):
            check_between(claim.units, 1, MOST_UNITS, f"claims[{position}].units", violations)
        violations.refuse_any("the split")

        def act(tx: Transaction) -> bytes:
            self._changes.split(tx, hold_id, to_hold_id, claims, order_id)
            return b""

        once(self._database, self._clock, request, act)
        return self.get(hold_id), self.get(to_hold_id)

    def transfer(self, request: Request, hold_id: str, to_hold_id: str, order_id: str = "") -> StockHold:
        """Pass a hold on to another name, to another order, or both. Raises what `split` raises."""
        violations = Violations()
        check_id(to_hold_id, "to_hold_id", violations)
        check_note(order_id, "order_id", violations)
        violations.refuse_any("the transfer")

        def act(tx: Transaction) -> bytes:
            self._changes.transfer(tx, hold_id, to_hold_id, order_id)
            return b""

        once(self._database, self._clock, request, act)
        return self.get(to_hold_id)

    def get(self, hold_id: str) -> StockHold:
        """Raises NotFound."""
        with self._database.read() as reader:
            return self._holds.find(reader, hold_id)

    def confirm(self, request: Request, hold_id: str) -> StockHold:
        """Commit what is held.

        Raises NotFound, RequestIdReused, StateConflict (HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED).
        """
        return self._confirmed_once.run(request, hold_id) or self.get(hold_id)

    def release(self, request: Request, hold_id: str, claims: Sequence[Claim] = ()) -> StockHold:
        """Give back these units, or all. Raises InvalidRequest for more than is held, and what `confirm` raises."""
        violations = Violations()
        if claims:
            check_rows(claims, "claims", violations)
        for position, claim in enumerate(claims):
            check_between(claim.units, 1, MOST_UNITS, f"claims[{position}].units", violations)
        violations.refuse_any("the release")
        return self._released_once.run(request, (hold_id, claims)) or self.get(hold_id)

    def set_backorder_limits(self, request: Request, limits: Sequence[BackorderLimit]) -> None:
        """Limit what sites may have promised beyond what is there.

        Raises InvalidRequest, RequestIdReused, StockShort.
        """
        violations = Violations()
        check_rows(limits, "limits", violations)
        self._check_rows(limits, "limits", 0, violations)
        violations.refuse_any("the list of limits")

        def act(tx: Transaction) -> bytes:
            self._stock.limit_backorders(tx, limits, request.request_id)
            return b""

        once(self._database, self._clock, request, act)

    def _extend(self, tx: Transaction, extension: tuple[str, timedelta]) -> StockHold:
        hold_id, hold_for = extension
        self._changes.extend(tx, hold_id, hold_for)
        return self._holds.find(tx, hold_id)

    def _release(self, tx: Transaction, part: tuple[str, Sequence[Claim]]) -> StockHold:
        return self._holds.release(tx, *part)

    def _check_wish(self, wish: HoldWish, prefix: str, violations: Violations) -> None:
        check_id(wish.hold_id, f"{prefix}hold_id", violations)
        check_rows(wish.claims, f"{prefix}claims", violations)
        self._check_rows(wish.claims, f"{prefix}claims", 1, violations)
        check_lasts(wish.hold_for, LONGEST_HOLD, f"{prefix}hold_for", violations)
        self._check_channel(wish.channel, f"{prefix}channel", violations)
        check_note(wish.order_id, f"{prefix}order_id", violations)

    def _check_channel(self, seller: str, path: str, violations: Violations) -> None:
        """Nobody, or a channel that was set, or its shops of one tier."""
        if seller:
            with self._database.read() as reader:
                known = channel_rows.channels(reader)
            check_reference(channel_of(seller), known, "channel", path, violations)

    def _check_rows(
        self, rows: Sequence[Claim | BackorderLimit], path: str, least: int, violations: Violations
    ) -> None:
        materials, sources = self._catalog.catalog.materials, self._network.network.sources
        if all(
            one.site_id in sources
            and one.sku in materials
            and type(one.units) is int
            and least <= one.units <= MOST_UNITS
            for one in rows
        ):
            return  # nothing to be said, and no path to be spelt out, as nearly always
        for position, row in enumerate(rows):
            at = f"{path}[{position}]"
            check_reference(row.site_id, sources, "source", f"{at}.site_id", violations)
            check_reference(row.sku, materials, "material", f"{at}.sku", violations)
            check_between(row.units, least, MOST_UNITS, f"{at}.units", violations)


def check_note(value: str, path: str, violations: Violations) -> None:
    """An id that may be left out."""
    if value:
        check_id(value, path, violations)
