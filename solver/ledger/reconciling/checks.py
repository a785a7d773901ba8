"""What records and names of a reconciliation must be like."""

from collections.abc import Sequence

from solver.errors import Violations
from solver.ledger.matching.model import Item
from solver.ledger.statements.currencies import CURRENCIES
from solver.validation import MOST_MINOR, check_between, check_id, check_rows, check_unique

_MOST_KEYS = 16
_MOST_TEXT = 1_000


def check_items(set_id: str, items: Sequence[Item]) -> None:
    """Raises InvalidRequest with everything that is wrong with a batch."""
    violations = Violations()
    check_id(set_id, "set_id", violations)
    check_rows(items, "items", violations)
    check_unique([item.item_id for item in items], "items.item_id", violations)
    for position, item in enumerate(items):
        path = f"items[{position}]"
        check_id(item.item_id, f"{path}.item_id", violations)
        violations.require(item.currency in CURRENCIES, f"{path}.currency", item.currency, "give a code of ISO 4217")
        check_between(item.amount_minor, -MOST_MINOR, MOST_MINOR, f"{path}.amount_minor", violations)
        violations.require(len(item.keys) <= _MOST_KEYS, f"{path}.keys", len(item.keys), f"give at most {_MOST_KEYS}")
        texts = (*item.keys, *item.keys.values(), item.party, item.channel)
        longest = max(map(len, texts))
        violations.require(longest <= _MOST_TEXT, path, f"{longest} characters", f"give at most {_MOST_TEXT}")
    violations.refuse_any("the records")


def check_names(set_id: str, actor: str, reason: str = "-") -> None:
    """Raises InvalidRequest for a change that nobody made, or for no reason."""
    violations = Violations()
    check_id(set_id, "set_id", violations)
    check_id(actor, "actor", violations)
    sound = 0 < len(reason.strip()) <= _MOST_TEXT
    violations.require(sound, "reason", reason, f"say why, in at most {_MOST_TEXT} characters")
    violations.refuse_any("the request")
