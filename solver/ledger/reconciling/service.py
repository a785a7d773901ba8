"""A reconciliation over a database: records come in, runs match what is open, people decide the rest; each once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import msgspec

from solver.clock import Clock
from solver.errors import LostRace, NotFound, StateConflict, Violations
from solver.ledger.books.model import Amount, Event
from solver.ledger.differences.tickets import Posting, Tickets
from solver.ledger.matching.findings import missing
from solver.ledger.matching.model import (
    Difference,
    DifferenceKind,
    Item,
    Match,
    Reconciliation,
    Side,
    Stage,
    missing_id,
)
from solver.ledger.matching.reconcile import reconcile
from solver.ledger.matching.rules import MatchRules
from solver.ledger.matching.rules_file import read_rules
from solver.ledger.reconciling import rows
from solver.ledger.reconciling.checks import check_items, check_names
from solver.ledger.reconciling.model import Imported, KeptMatch, MatchState, RunResult
from solver.storage.database import Database, Transaction
from solver.storage.once import Request, answered_before, once

_UNDER_WAY = "under_way"


class Reconciling:
    """Reconciliations by their set's id: one account of one platform or bank, say."""

    def __init__(self, *, database: Database, clock: Clock, posting: Posting, tickets: Tickets) -> None:
        self._database, self._clock, self._posting, self._tickets = database, clock, posting, tickets

    def add(self, request: Request, set_id: str, side: Side, items: Sequence[Item]) -> Imported:
        """Take in up to 1,000 records of a side; those that are there and say the same are told and left alone.

        Raises InvalidRequest, also where a record of the same id says something else: then nothing is taken.
        """
        check_items(set_id, items)

        def act(tx: Transaction) -> bytes:
            known = rows.known_items(tx, set_id, side, [item.item_id for item in items])
            violations = Violations()
            for position, item in enumerate(items):
                same = known.get(item.item_id, item) == item
                violations.require(same, f"items[{position}]", item.item_id, "is there and says something else")
            violations.refuse_any("the records")
            fresh = [item for item in items if item.item_id not in known]
            rows.add_items(tx, set_id, side, fresh)
            rows.touch(tx, set_id)
            return msgspec.json.encode(Imported(added=len(fresh), known=len(known)))

        return msgspec.json.decode(once(self._database, self._clock, request, act).body, type=Imported)

    def run(
        self, request: Request, set_id: str, *, rules: str, actor: str, entity: str = "", platform: str = ""
    ) -> RunResult:
        """Match what is open. Matches that stand are never looked at again; questions are asked anew.

        Differences become tickets; with a `platform` the fees that rules know are posted to its account instead, and
        tickets of records that show no party are its own.
        Raises NotFound, InvalidRequest for rules that cannot be read, and LostRace where records came in meanwhile.
        """
        check_names(set_id, actor)
        read = read_rules(rules, "rules")
        with self._database.read() as reader:
            if (before := answered_before(reader, request)) is not None:
                return msgspec.json.decode(before, type=RunResult)
            revision = rows.revision_of(reader, set_id)
            if not revision:
                raise NotFound(f"there is no reconciliation {set_id}", metadata={"set_id": set_id})
            ours, theirs = (rows.open_items(reader, set_id, side) for side in Side)
            refused = {one.match.match_id for one in rows.matches_of(reader, set_id, (MatchState.REFUSED,))}
        found = reconcile(ours, theirs, read)
        found = replace(found, differences=(*found.differences, *_left_alone(found, refused, ours, theirs, read)))

        def act(tx: Transaction) -> bytes:
            if rows.revision_of(tx, set_id) != revision:
                raise LostRace("records came in or were decided while the run was at work; run again")
            result = self._keep(tx, set_id, found, refused, actor=actor, entity=entity, platform=platform)
            rows.touch(tx, set_id)
            return msgspec.json.encode(result)

        return msgspec.json.decode(once(self._database, self._clock, request, act).body, type=RunResult)

    def decide(
        self, request: Request, set_id: str, question_id: str, match_id: str, *, actor: str, reason: str
    ) -> tuple[KeptMatch, ...]:
        """A person takes one candidate of a question, or none of them (an empty id); all of them as they stand then.

        Raises NotFound, InvalidRequest without a reason, and StateConflict (QUESTION_ANSWERED) where it was answered.
        """
        check_names(set_id, actor, reason)

        def act(tx: Transaction) -> bytes:
            asked = list(rows.candidates_of(tx, set_id, question_id)) if question_id else []
            _refuse_unanswerable(asked, question_id, match_id)
            taken = next((one.match for one in asked if one.match.match_id == match_id), None)
            decided = [_decided(one, match_id, actor, reason) for one in asked]
            if taken is not None:
                self._settle(tx, set_id, [taken], actor)
                offered = rows.matches_of(tx, set_id, (MatchState.OFFERED,))
                decided += [_outdone(one, match_id) for one in offered if one not in asked and _shares(one, taken)]
                self._open_tickets(tx, taken.differences, actor, "")
            rows.keep_matches(tx, set_id, decided)
            rows.touch(tx, set_id)
            return msgspec.json.encode([one.match.match_id for one in decided])

        ids = set(msgspec.json.decode(once(self._database, self._clock, request, act).body, type=list[str]))
        with self._database.read() as reader:
            return rows.with_records(reader, set_id, rows.matches_with(reader, set_id, ids))

    def matches(
        self, set_id: str, states: Collection[MatchState] = (), *, after: str = "", most: int = 2**62
    ) -> tuple[KeptMatch, ...]:
        """Matches by id with their records, at most so many behind an id. Raises NotFound."""
        with self._database.read() as reader:
            if not rows.revision_of(reader, set_id):
                raise NotFound(f"there is no reconciliation {set_id}", metadata={"set_id": set_id})
            return rows.with_records(reader, set_id, rows.matches_of(reader, set_id, states, after=after, most=most))

    def _keep(
        self,
        tx: Transaction,
        set_id: str,
        found: Reconciliation,
        refused: Collection[str],
        *,
        actor: str,
        entity: str,
        platform: str,
    ) -> RunResult:
        rows.forget_offers(tx, set_id)
        kept = [KeptMatch(match=match, state=MatchState.SURE) for match in found.matches]
        posted: list[Difference] = []
        closed = self._settle(tx, set_id, found.matches, actor)
        for place, one in enumerate(kept):
            fees = [each for each in one.match.differences if platform and each.kind is DifferenceKind.FEE]
            for fee in fees:
                kept[place] = replace(one, voucher_id=self._post_fee(tx, one.match, fee, entity, platform))
            posted += fees
        offered: dict[str, KeptMatch] = {}
        for question in found.questions:
            for match in question.candidates:
                if match.match_id not in refused:
                    asked = KeptMatch(
                        match=match, state=MatchState.OFFERED, question_id=question.question_id, why=question.why
                    )
                    offered.setdefault(match.match_id, asked)
        rows.keep_matches(tx, set_id, [*kept, *offered.values()])
        known = set(posted)
        left = [
            replace(one, party=one.party or platform)  # whose account it is posted to, where the record shows nobody
            for one in found.differences
            if one not in known and one.cause != _UNDER_WAY
        ]
        return RunResult(
            sure=len(kept),
            questions=len({one.question_id for one in offered.values()}),
            tickets=self._open_tickets(tx, left, actor, entity),
            vouchers=len(posted),
            open_ours=rows.count_open(tx, set_id, Side.OURS),
            open_theirs=rows.count_open(tx, set_id, Side.THEIRS),
            closed_tickets=closed,
        )

    def _post_fee(self, tx: Transaction, match: Match, fee: Difference, entity: str, platform: str) -> str:
        amount = Amount(charge="clearing_fee", amount_minor=-fee.amount_minor, party=platform, channel=fee.channel)
        voucher = self._posting.post(
            tx,
            Event(
                kind="statement_line",
                entity=entity,
                currency=fee.currency,
                on=fee.on,
                source=f"match/{match.match_id}",
                amounts=(amount,),
                reason=fee.evidence,
            ),
        )
        return "" if voucher is None else voucher.voucher_id

    def _open_tickets(self, tx: Transaction, differences: Sequence[Difference], actor: str, entity: str) -> int:
        return len(self._tickets.open(tx, differences, actor=actor, entity=entity)) if differences else 0

    def _settle(self, tx: Transaction, set_id: str, matches: Sequence[Match], actor: str) -> int:
        """These matches stand; how many tickets of what was missing that closes."""
        match_of: dict[str, Match] = {}
        for side in Side:
            found = {item_id: one for one in matches for item_id in (one.ours if side is Side.OURS else one.theirs)}
            rows.settle_items(tx, set_id, side, list(found))
            currencies = rows.currencies_of(tx, set_id, side, list(found))
            for item_id, currency in currencies.items():
                match_of[missing_id(side, item_id, currency)] = found[item_id]
        return self._tickets.close_matched(tx, match_of, actor=actor)


def _left_alone(
    found: Reconciliation, refused: Collection[str], ours: Sequence[Item], theirs: Sequence[Item], read: MatchRules
) -> Iterator[Difference]:
    """Records of questions that people answered with none of all that is offered: they are missing then."""
    last_on = max((item.on for item in (theirs or ours)), default=None)
    of_ref = {
        f"{side}/{item.item_id}": (side, item) for side, of in zip(Side, (ours, theirs), strict=True) for item in of
    }
    for question in found.questions:
        if last_on is not None and all(match.match_id in refused for match in question.candidates):
            for ref in question.refs:
                yield missing(*of_ref[ref], read, last_on)


def _refuse_unanswerable(asked: Sequence[KeptMatch], question_id: str, match_id: str) -> None:
    if not asked:
        raise NotFound(f"there is no question {question_id[:128]!r}", metadata={"question_id": question_id[:128]})
    if any(one.state is not MatchState.OFFERED for one in asked):
        raise StateConflict(f"question {question_id} was answered", reason="QUESTION_ANSWERED")
    if match_id and all(one.match.match_id != match_id for one in asked):
        raise NotFound(f"{match_id[:128]!r} is no candidate of {question_id}", metadata={"match_id": match_id[:128]})


def _decided(one: KeptMatch, match_id: str, actor: str, reason: str) -> KeptMatch:
    if one.match.match_id != match_id:
        return replace(one, state=MatchState.REFUSED, actor=actor, reason=reason)
    match = replace(one.match, stage=Stage.PERSON, confidence_permille=1_000)
    return replace(one, match=match, state=MatchState.DECIDED, actor=actor, reason=reason)


def _outdone(one: KeptMatch, match_id: str) -> KeptMatch:
    return replace(one, state=MatchState.REFUSED, reason=f"{match_id} was decided for its records")


def _shares(one: KeptMatch, taken: Match) -> bool:
    """Whether an offer has a record of the match that was taken."""
    records = set(one.match.ours) & set(taken.ours) or set(one.match.theirs) & set(taken.theirs)
    return one.state is MatchState.OFFERED and bool(records)
