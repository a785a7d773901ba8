"""Settlement as a service: orders and refunds recorded once, runs that are begun, go on after a kill, and end once."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import msgspec

from solver.clock import Clock
from solver.errors import NotFound, StateConflict, Violations
from solver.journal.journal import Journal
from solver.ledger.books.model import Amount, Event
from solver.ledger.contracts.book import ContractBook
from solver.ledger.contracts.facts import Refund, SettledOrder, check_order, check_refund
from solver.ledger.contracts.periods import first_day, last_day
from solver.ledger.contracts.sharing import Sharing
from solver.ledger.ledger import Ledger
from solver.ledger.settlement import item_rows, recording, run_rows
from solver.ledger.settlement.closing import closing
from solver.ledger.settlement.items import COLLECTED
from solver.ledger.settlement.model import Item, Payment, SettlementState, Statement
from solver.ledger.settlement.terms import Terms, terms_of
from solver.money import is_currency
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, answered_before, once, refuse_unnamed
from solver.validation import check_id, check_rows, check_unique

ITEMS_A_STEP = 500
_encode = msgspec.json.Encoder(order="deterministic").encode
_statement = msgspec.json.Decoder(Statement)


class Settlements:
    """What parties have of orders, and the runs that settle with them."""

    def __init__(
        self, *, database: Database, clock: Clock, journal: Journal, ledger: Ledger, book: Callable[[], ContractBook]
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._ledger = ledger
        self._book = book

    def record_orders(self, request: Request, orders: Sequence[SettledOrder]) -> int:
        """Take in settled orders, all or none; how many are new.

        Raises InvalidRequest with every violation, StateConflict (ORDER_RECORDED, CONTRACTS_OVERLAP), RequestIdReused.
        """
        violations = Violations()
        check_rows(orders, "orders", violations)
        for position, order in enumerate(orders):
            check_order(order, f"orders[{position}]", violations)
        check_unique([order.order_id for order in orders], "orders", violations)
        violations.refuse_any("the list of settled orders")
        book = self._book()
        return int(self._once(request, lambda tx: str(recording.record_orders(tx, book, orders)).encode()))

    def record_refunds(self, request: Request, refunds: Sequence[Refund]) -> int:
        """Take in refunds, all or none; how many are new. Raises as `record_orders`, and REFUND_RECORDED."""
        violations = Violations()
        check_rows(refunds, "refunds", violations)
        for position, refund in enumerate(refunds):
            check_refund(refund, f"refunds[{position}]", violations)
        check_unique([refund.refund_id for refund in refunds], "refunds", violations)
        violations.refuse_any("the list of refunds")
        book = self._book()

        def act(tx: Transaction) -> bytes:
            return str(sum(recording.record_refund(tx, book, refund) for refund in refunds)).encode()

        return int(self._once(request, act))

    def run(self, request: Request, party: str, currency: str, day: date) -> Statement:
        """Settle with a party for the period in which a day lies. A run that was interrupted goes on; one that is
        closed is told again.

        Each step is a transaction of its own: items taken and posted, what is due of earlier holdbacks released, and in
        the end what is netted, paid and carried forward. Raises StateConflict (PERIOD_NOT_OVER, RUN_OPEN, RUN_PASSED,
        SETTLEMENT_TERMS_DIFFER, and PERIOD_CLOSED of the books), RequestIdReused.
        """
        refuse_unnamed(request)
        self._check_asked(party, currency)
        with self._database.read() as reader:
            before = answered_before(reader, request)
        if before is not None:
            return _statement.decode(before)
        run, terms = self._database.run(partial(self._open, party, currency, day))
        while self._database.run(partial(self._take, run.run_id)):
            pass
        while self._database.run(partial(self._release, run.run_id)):
            pass
        return _statement.decode(self._once(request, lambda tx: _encode(self._close(tx, run.run_id, terms))))

    def statement(self, run_id: str) -> Statement:
        """A run as it stands. Raises NotFound."""
        with self._database.read() as reader:
            found = run_rows.run(reader, run_id)
        if found is None:
            raise NotFound(f"there is no settlement run {run_id!r}", metadata={"run_id": run_id[:128]})
        return found[0]

    def statements(self, party: str, after: str, most: int) -> list[Statement]:
        """Runs of a party (empty: of all) behind an id, by id."""
        with self._database.read() as reader:
            return run_rows.runs(reader, party, after, most)

    def items(self, run_id: str, after: int, most: int) -> list[tuple[int, Item]]:
        """What a run took, order by order, behind a number. Raises NotFound."""
        self.statement(run_id)
        with self._database.read() as reader:
            return item_rows.items_of_run(reader, run_id, after, most)

    def payments(self, begin: date, end: date) -> list[Payment]:
        """The payment list: what runs that end on these days pay and ask for."""
        with self._database.read() as reader:
            return run_rows.payments(reader, begin, end)

    def parties(self) -> list[tuple[str, str]]:
        """Every party with its currency that has anything of an order."""
        with self._database.read() as reader:
            return item_rows.parties(reader)

    def sharing(self, order_id: str) -> Sharing:
        """How a recorded order is shared out as it stands, with every step. Raises NotFound."""
        with self._database.read() as reader:
            found = recording.sharing_of(reader, self._book(), order_id)
        if found is None:
            raise NotFound(f"there is no settled order {order_id!r}", metadata={"order_id": order_id[:128]})
        return found

    def _once(self, request: Request, act: Callable[[Transaction], bytes]) -> bytes:
        return once(self._database, self._clock, request, act).body

    def _check_asked(self, party: str, currency: str) -> None:
        violations = Violations()
        check_id(party, "party", violations)
        violations.require(is_currency(currency), "currency", currency, "give an ISO 4217 code such as CNY")
        violations.refuse_any("the settlement run")

    def _open(self, party: str, currency: str, day: date, tx: Transaction) -> tuple[Statement, Terms]:
        """The run of the period, begun now or before."""
        terms = terms_of(self._book(), party, currency, day)
        first, last = first_day(terms.settling.period, day), last_day(terms.settling.period, day)
        run_id = f"{party}.{currency}.{first}.{last}"
        known = run_rows.run(tx, run_id)
        if known is not None:
            return known[0], terms
        if last >= self._journal.now(tx).date():
            raise _refused(f"the period ends on {last} only; settle after it", "PERIOD_NOT_OVER", run_id)
        before = run_rows.last_run(tx, party, currency)
        if before is not None and before.state is SettlementState.OPEN:
            text = f"{before.run_id} was begun and is not closed; finish it first: run {before.last_day}"
            raise _refused(text, "RUN_OPEN", run_id)
        if before is not None and first <= before.last_day:
            text = f"{party} is settled with until {before.last_day}; what came later goes into the next period"
            raise _refused(text, "RUN_PASSED", run_id)
        run = Statement(
            run_id=run_id,
            party=party,
            currency=currency,
            first_day=first,
            last_day=last,
            state=SettlementState.OPEN,
            opening_minor=0 if before is None else before.carried_minor,
        )
        run_rows.put_run(tx, run, 0)
        return run, terms

    def _take(self, run_id: str, tx: Transaction) -> bool:
        """Take and post the next items; False where none is left, or the run is closed."""
        run, steps = _the_run(tx, run_id)
        if run.state is SettlementState.CLOSED:
            return False
        items = item_rows.untaken(tx, run.party, run.currency, run.last_day, ITEMS_A_STEP)
        if not items:
            return False
        held = [(number, item.held_minor if item.release_on > run.last_day else 0) for number, item in items]
        amounts = [_amount(item, item.charge, item.amount_minor) for _, item in items]
        amounts += [
            _amount(item, "holdback", minor) for (_, item), (_, minor) in zip(items, held, strict=True) if minor
        ]
        self._post(tx, run, f"take-{steps + 1}", amounts)
        item_rows.take(tx, run_id, held)
        run_rows.put_run(tx, run, steps + 1)
        return True

    def _release(self, run_id: str, tx: Transaction) -> bool:
        """Release and post the next holdbacks that are due; False where none is left, or the run is closed."""
        run, steps = _the_run(tx, run_id)
        if run.state is SettlementState.CLOSED:
            return False
        items = item_rows.unreleased(tx, run.party, run.currency, run.last_day, ITEMS_A_STEP)
        if not items:
            return False
        amounts = [_amount(item, "holdback_released", item.held_minor) for _, item in items]
        self._post(tx, run, f"release-{steps + 1}", amounts)
        item_rows.release(tx, run_id, [number for number, _ in items])
        run_rows.put_run(tx, run, steps + 1)
        return True

    def _close(self, tx: Transaction, run_id: str, terms: Terms) -> Statement:
        run, steps = _the_run(tx, run_id)
        if run.state is SettlementState.CLOSED:
            return run
        end = closing(tx, self._journal, run, terms)
        self._ledger.post(tx, end.event)
        run_rows.put_run(tx, end.statement, steps + 1)
        return end.statement

    def _post(self, tx: Transaction, run: Statement, step: str, amounts: Sequence[Amount]) -> None:
        self._ledger.post(
            tx,
            Event(
                kind="settlement",
                entity="",
                currency=run.currency,
                on=run.last_day,
                source=f"settlement/{run.run_id}/{step}",
                amounts=tuple(amounts),
            ),
        )


def _the_run(tx: Transaction, run_id: str) -> tuple[Statement, int]:
    found = run_rows.run(tx, run_id)
    assert found is not None, "a run is opened before its steps"
    return found


def _amount(item: Item, charge: str, minor: int) -> Amount:
    """What a platform collected is taken off the receivable of those who paid, so that account is named first."""
    collected = charge == COLLECTED
    return Amount(
        charge=charge,
        amount_minor=minor,
        party=item.counterparty if collected else item.party,
        counterparty=item.party if collected else "",
        order_id=item.order_id,
        channel=item.channel,
    )


def _refused(text: str, reason: str, run_id: str) -> StateConflict:
    return StateConflict(text, reason=reason, metadata={"run_id": run_id[:128]})
