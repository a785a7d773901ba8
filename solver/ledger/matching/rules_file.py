"""A rules file: how two sides may differ and still agree, as YAML, read strictly."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import yaml

from solver.errors import InvalidRequest, NotFound
from solver.ledger.matching.rules import FeeRule, MatchRules
from solver.page import Fields, Page, shown

_FIELDS = (
    "keys",
    "prefixes",
    "days_before",
    "days_after",
    "tolerance_minor",
    "fees",
    "tax_rates",
    "batch_days",
    "batch_records",
    "whole_days",
    "most_key_records",
)
_FEE_FIELDS = ("name", "rate", "fixed_minor", "channel", "spread_minor")
_LIMITS = {
    "days_before": (0, 366),
    "days_after": (0, 366),
    "tolerance_minor": (0, 1_000),
    "batch_days": (0, 366),
    "batch_records": (1, 500),
    "most_key_records": (2, 1_000_000),
}


def load_rules(path: Path) -> MatchRules:
    """The rules of a file. Raises NotFound, and InvalidRequest with every fault and its line."""
    try:
        return read_rules(path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"{path}: cannot be read as text in UTF-8: {error}") from error


def read_rules(text: str, origin: str) -> MatchRules:
    """What the text says; what it does not say is as in MatchRules. Raises InvalidRequest."""
    page = Page(origin, noun="rules file")
    rules = MatchRules()
    if text.strip() and (node := page.compose(text)) is not None:
        rules = _rules(page, page.fields(node, "", _FIELDS))
    if page.violations:
        raise InvalidRequest("the rules", page.violations)
    return rules


def _rules(page: Page, fields: Fields) -> MatchRules:
    plain = MatchRules()
    numbers = {name: _whole(page, fields.get(name), name, getattr(plain, name)) for name in _LIMITS}
    return MatchRules(
        keys=_pairs(page, fields.get("keys")),
        prefixes=page.words(fields["prefixes"], "prefixes") if "prefixes" in fields else (),
        fees=_fees(page, fields.get("fees")),
        tax_rates=_rates(page, fields.get("tax_rates")),
        whole_days=_flag(page, fields.get("whole_days"), "whole_days"),
        **numbers,
    )


def _whole(page: Page, node: yaml.Node | None, name: str, otherwise: int, path: str = "") -> int:
    if node is None:
        return otherwise
    low, high = _LIMITS.get(name, (0, 10**12))
    text = shown(node)
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        page.wrong(node, path or name, text, f"write a whole number from {low:,} to {high:,}")
        return otherwise
    return int(text)


def _flag(page: Page, node: yaml.Node | None, path: str) -> bool:
    if node is None:
        return False
    if shown(node) not in ("true", "false"):
        page.wrong(node, path, shown(node), "write true or false")
    return shown(node) == "true"


def _pairs(page: Page, node: yaml.Node | None) -> tuple[tuple[str, str], ...]:
    if node is None:
        return ()
    return tuple((ours, page.text(theirs, f"keys.{ours}")) for ours, theirs in page.fields(node, "keys").items())


def _fees(page: Page, node: yaml.Node | None) -> tuple[FeeRule, ...]:
    found: list[FeeRule] = []

    def make(path: str, said: Fields, one: yaml.Node) -> None:
        if "name" not in said:
            page.wrong(one, f"{path}.name", "nothing", "name the fee")
            return
        found.append(
            FeeRule(
                name=page.text(said["name"], f"{path}.name"),
                rate=_rate(page, said.get("rate"), f"{path}.rate"),
                fixed_minor=_whole(page, said.get("fixed_minor"), "", 0, f"{path}.fixed_minor"),
                channel=page.text(said["channel"], f"{path}.channel") if "channel" in said else "",
                spread_minor=_whole(page, said.get("spread_minor"), "", 0, f"{path}.spread_minor"),
            )
        )

    _each(page, node, "fees", make)
    return tuple(found)


def _each(page: Page, node: yaml.Node | None, name: str, make: Callable[[str, Fields, yaml.Node], None]) -> None:
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        page.wrong(node, name, shown(node), "write a list")
        return
    for position, one in enumerate(node.value):
        path = f"{name}[{position}]"
        make(path, page.fields(one, path, _FEE_FIELDS), one)


def _rates(page: Page, node: yaml.Node | None) -> tuple[Fraction, ...]:
    if node is None:
        return ()
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(_rate(page, one, f"tax_rates[{position}]") for position, one in enumerate(nodes))


def _rate(page: Page, node: yaml.Node | None, path: str) -> Fraction:
    """`0.025` or `2.5%`, exactly as written; below 1."""
    if node is None:
        return Fraction(0)
    text = shown(node)
    bare = text.removesuffix("%")
    sound = bare.replace(".", "", 1).isdigit() and bare.isascii() and len(bare) <= 20
    rate = Fraction(bare) / (100 if text.endswith("%") else 1) if sound else Fraction(1)
    if rate >= 1:
        page.wrong(node, path, text, "write a share from 0 to below 1, such as 0.025 or 2.5%")
        return Fraction(0)
    return rate
