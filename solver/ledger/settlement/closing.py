"""The last step of a run: what the period as a whole brought, what is paid, and the statement."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from solver.journal.journal import Journal
from solver.journal.model import Book
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.posting import parts_of
from solver.ledger.contracts.model import Contract, Period
from solver.ledger.contracts.periods import first_day
from solver.ledger.contracts.rebates import Volume, guarantee_steps, rebate_steps
from solver.ledger.contracts.sentences import in_chinese, in_english
from solver.ledger.contracts.sharing import Step
from solver.ledger.settlement import item_rows, order_rows
from solver.ledger.settlement.balance import Ending, ending
from solver.ledger.settlement.model import ChargeSum, SettlementState, Statement
from solver.ledger.settlement.terms import Terms, ends_within
from solver.storage.database import Reader

_CHARGES = {"rebate": "rebate", "rebate_growth": "rebate", "guarantee": "guarantee"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The statement of a run that ends, and what its last voucher says."""

    statement: Statement
    event: Event


def closing(reader: Reader, journal: Journal, run: Statement, terms: Terms) -> Closing:
    """How a run ends of which every item was taken and released."""
    steps = list(_period_steps(reader, run, terms))
    charges, held, released, owed, due = item_rows.sums(reader, run.run_id)
    extra: dict[str, list[int]] = {}
    for step in steps:
        extra.setdefault(_CHARGES[step.rule], []).append(step.amount_minor)
    charges += tuple(
        ChargeSum(charge=charge, items=len(minors), amount_minor=sum(minors)) for charge, minors in extra.items()
    )
    owed += sum(step.amount_minor for step in steps) + max(0, run.opening_minor)
    due += max(0, -run.opening_minor)
    receivable = _receivable(reader, journal, run) if terms.owes_of_its_own else 0
    end = ending(terms.settling, owed_minor=owed, due_minor=due, receivable_minor=receivable)
    return Closing(
        statement=replace(
            run,
            state=SettlementState.CLOSED,
            charges=charges,
            held_minor=held,
            released_minor=released,
            receivable_netted_minor=end.netted_minor,
            payout_minor=end.payout_minor,
            collect_minor=end.collect_minor,
            carried_minor=end.carried_minor,
            steps=tuple(in_english(step, run.currency) for step in steps),
            steps_zh=tuple(in_chinese(step, run.currency) for step in steps),
        ),
        event=Event(
            kind="settlement",
            entity="",
            currency=run.currency,
            on=run.last_day,
            source=f"settlement/{run.run_id}",
            amounts=tuple(_amounts(run.party, steps, end)),
        ),
    )


def _period_steps(reader: Reader, run: Statement, terms: Terms) -> Iterator[Step]:
    """Rebates and guarantees of periods that end within the run."""
    for contract in terms.contracts:
        if contract.rebate is not None:
            for first, last in ends_within(contract.rebate.period, run.first_day, run.last_day):
                yield from rebate_steps(contract, _volume(reader, run, contract.rebate.period, first, last))
        yield from _guarantees(reader, run, contract)


def _guarantees(reader: Reader, run: Statement, contract: Contract) -> Iterator[Step]:
    if contract.guarantee is not None:
        for first, last in ends_within(contract.guarantee.period, run.first_day, run.last_day):
            yield from guarantee_steps(contract, _volume(reader, run, contract.guarantee.period, first, last))


def _volume(reader: Reader, run: Statement, period: Period, first: date, last: date) -> Volume:
    before_ends = first - timedelta(days=1)
    before_begins = first_day(period, before_ends)
    before = order_rows.volume(reader, run.party, run.currency, before_begins, before_ends)
    volume = order_rows.volume(reader, run.party, run.currency, first, last)
    return replace(volume, before_minor=max(0, before.amount_minor))


def _receivable(reader: Reader, journal: Journal, run: Statement) -> int:
    """What the party owes us by the books."""
    balances = journal.balances(reader, Book.MONEY, kinds=("receivable",), holders=(run.party,))
    return sum(one.posted for one in balances if parts_of(one.account.unit)[1] == run.currency)


def _amounts(party: str, steps: list[Step], end: Ending) -> Iterator[Amount]:
    for step in steps:
        yield Amount(charge=_CHARGES[step.rule], amount_minor=step.amount_minor, party=party)
    yield Amount(charge="netting", amount_minor=end.netted_minor, party=party)
    yield Amount(charge="payout", amount_minor=end.payout_minor, party=party)
    yield Amount(charge="to_collect", amount_minor=end.collect_minor, party=party)
