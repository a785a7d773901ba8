"""What was found as tables and as JSON: every match, question and difference, each record with its line."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

from solver.ledger.matching.model import Difference, Item, Match, Reconciliation
from solver.money import format_minor

COLUMNS = (
    "what", "id", "sure", "stage", "confidence", "ours", "their_rows", "our_amount", "their_amount", "currency", "kind",
    "difference", "cause", "on", "party", "reason",
)  # fmt: skip


def write_csv(found: Reconciliation, ours: Sequence[Item], theirs: Sequence[Item], file: TextIO) -> None:
    """One row for each match, each candidate of a question and each difference.

    A cell that a spreadsheet would take for a formula is written with an apostrophe before it.
    """
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in _rows(found, {item.item_id: item for item in ours}, {item.item_id: item for item in theirs}):
        writer.writerow([_guarded(str(row.get(column, ""))) for column in COLUMNS])


def as_json(found: Reconciliation, ours: Sequence[Item], theirs: Sequence[Item]) -> str:
    """The same as one JSON document, with how many there are of each."""
    rows = list(_rows(found, {item.item_id: item for item in ours}, {item.item_id: item for item in theirs}))
    return json.dumps({"summary": summary(found), "rows": rows}, ensure_ascii=False, indent=1)


def summary(found: Reconciliation) -> dict[str, int]:
    """How many of everything."""
    counted = {"matches": len(found.matches), "sure": sum(match.is_sure for match in found.matches)}
    counted["questions"] = len(found.questions)
    for one in found.differences:
        counted[f"differences: {one.kind}"] = counted.get(f"differences: {one.kind}", 0) + 1
    return counted


def _rows(found: Reconciliation, ours: Mapping[str, Item], theirs: Mapping[str, Item]) -> Iterator[dict[str, Any]]:
    for match in found.matches:
        yield {"what": "match", "id": match.match_id, **_match(match, ours, theirs)}
    for question in found.questions:
        if not question.candidates:
            yield {
                "what": "question",
                "id": question.question_id,
                "ours": " ".join(question.refs),
                "reason": question.why,
            }
        for match in question.candidates:
            row = _match(match, ours, theirs)
            yield {"what": "candidate", "id": question.question_id, **row, "reason": f"{question.why}: {match.reason}"}
    for one in found.differences:
        yield {"what": "difference", "id": one.difference_id, **_difference(one, ours, theirs)}


def _match(match: Match, ours: Mapping[str, Item], theirs: Mapping[str, Item]) -> dict[str, Any]:
    left, right = [ours[one] for one in match.ours], [theirs[one] for one in match.theirs]
    currency = right[0].currency
    return {
        "sure": "yes" if match.is_sure else "no",
        "stage": str(match.stage),
        "confidence": match.confidence_permille,
        "ours": " ".join(map(_named, left)),
        "their_rows": " ".join(map(_named, right)),
        "our_amount": format_minor(sum(item.amount_minor for item in left), left[0].currency),
        "their_amount": format_minor(sum(item.amount_minor for item in right), currency),
        "currency": currency,
        "on": max(item.on for item in right).isoformat(),
        "party": right[0].party or left[0].party,
        "reason": match.reason,
    }


def _difference(one: Difference, ours: Mapping[str, Item], theirs: Mapping[str, Item]) -> dict[str, Any]:
    split = [ref.split("/", 1) for ref in one.refs]
    return {
        "ours": " ".join(_named(ours[ref]) for side, ref in split if side == "ours"),
        "their_rows": " ".join(_named(theirs[ref]) for side, ref in split if side == "theirs"),
        "currency": one.currency,
        "kind": str(one.kind),
        "difference": format_minor(one.amount_minor, one.currency),
        "cause": one.cause,
        "on": one.on.isoformat(),
        "party": one.party,
        "reason": one.evidence,
    }


def _named(item: Item) -> str:
    """The line of its file where it has one, and its id."""
    return f"line {item.line}:{item.item_id}" if item.line else item.item_id


def _guarded(text: str) -> str:
    is_number = text.replace(".", "", 1).lstrip("-").isdigit()
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) and not is_number else text
