"""Rules: who looks after a difference, what it probably is, and what could be posted. Data, see desk.yaml."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from solver.errors import BrokenInvariant, Violations
from solver.ledger.differences.model import Suggestion
from solver.ledger.matching.model import Difference, DifferenceKind, Side
from solver.page import Fields, Page
from solver.validation import MOST_MINOR, unknown

SHIPPED = "desk.yaml"
_FITS = ("kinds", "causes", "parties", "channels", "currencies", "side", "at_least_minor")
_OWNER = ("name", "owner", *_FITS)
_SUGGESTION = ("cause", "cause_zh", "charge", "turned", *_FITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """Which differences a rule is about; what is empty says nothing."""

    kinds: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    side: str = ""
    at_least_minor: int = 0

    def covers(self, difference: Difference) -> bool:
        """Whether all of it holds."""
        wanted = (
            (self.kinds, difference.kind),
            (self.causes, difference.cause),
            (self.parties, difference.party),
            (self.channels, difference.channel),
            (self.currencies, difference.currency),
        )
        if any(allowed and value not in allowed for allowed, value in wanted):
            return False
        return self.side in ("", difference.side) and abs(difference.amount_minor) >= self.at_least_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRule:
    """Who looks after the differences that it covers."""

    name: str
    owner: str
    fits: Fits


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRule:
    """What the differences that it covers probably are. `turned`: posted against the sign of the difference."""

    cause: str
    cause_zh: str
    charge: str
    turned: bool
    fits: Fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All rules, the first that fits first."""

    owners: tuple[OwnerRule, ...]
    suggestions: tuple[SuggestionRule, ...]

    def owner(self, difference: Difference) -> OwnerRule:
        """The rule that names the owner."""
        for rule in self.owners:
            if rule.fits.covers(difference):
                return rule
        raise BrokenInvariant("the last rule of a desk covers everything")

    def suggestion(self, difference: Difference) -> Suggestion:
        """What it probably is; of an unknown kind of thing only what reconciliation said."""
        for rule in self.suggestions:
            if rule.fits.covers(difference):
                amount = -difference.amount_minor if rule.turned else difference.amount_minor
                return Suggestion(
                    cause=rule.cause,
                    cause_zh=rule.cause_zh,
                    charge=rule.charge,
                    amount_minor=amount if rule.charge else 0,
                )
        return Suggestion(cause=difference.evidence, cause_zh=difference.evidence)


@cache
def shipped_desk() -> Desk:
    """The rules that come with the product."""
    text = files("solver.ledger.differences").joinpath(SHIPPED).read_text(encoding="utf-8")
    return read_desk(text, SHIPPED)


def read_desk(text: str, origin: str) -> Desk:
    """Rules as people write them. Raises InvalidRequest with every fault, each with its line."""
    page = Page(origin, noun="set of rules for differences")
    root = page.compose(text)
    desk = Desk(owners=(), suggestions=()) if root is None else _desk(page, root)
    Violations(found=page.violations).refuse_any(f"the rules for differences {origin}")
    return desk


def _desk(page: Page, root: yaml.Node) -> Desk:
    said = page.fields(root, "", ("owners", "suggestions"))
    owners = tuple(
        OwnerRule(name=_text(page, one, "name", at), owner=_text(page, one, "owner", at), fits=_fits(page, one, at))
        for at, one in _listed(page, root, said, "owners", _OWNER, ("name", "owner"))
    )
    if "owners" in said and not (owners and owners[-1].fits == Fits()):
        page.wrong(said["owners"], "owners", "the last rule", "let the last rule name only an owner: it fits the rest")
    suggestions = tuple(
        SuggestionRule(
            cause=_text(page, one, "cause", at),
            cause_zh=_text(page, one, "cause_zh", at),
            charge=_text(page, one, "charge", at),
            turned=_text(page, one, "turned", at) == "true",
            fits=_fits(page, one, at),
        )
        for at, one in _listed(page, root, said, "suggestions", _SUGGESTION, ("cause", "cause_zh"))
    )
    return Desk(owners=owners, suggestions=suggestions)


def _listed(
    page: Page, root: yaml.Node, said: Fields, name: str, known: tuple[str, ...], needed: tuple[str, ...]
) -> list[tuple[str, Fields]]:
    if name not in said:
        page.wrong(root, name, "missing", "say it")
        return []
    node = said[name]
    if not isinstance(node, yaml.SequenceNode):
        page.wrong(node, name, "no list", "write one rule a line: - {name: fees, kinds: [fee], owner: finance}")
        return []
    rows = []
    for position, one in enumerate(node.value):
        at = f"{name}[{position}]"
        fields = page.fields(one, at, known)
        for need in needed:
            if need not in fields:
                page.wrong(one, f"{at}.{need}", "missing", "say it")
        rows.append((at, fields))
    return rows


def _fits(page: Page, said: Fields, at: str) -> Fits:
    words = {
        name: page.words(said[name], f"{at}.{name}") if name in said else ()
        for name in ("kinds", "causes", "parties", "channels", "currencies")
    }
    known = [str(kind) for kind in DifferenceKind]
    for kind in words["kinds"]:
        if kind not in known:
            page.wrong(said["kinds"], f"{at}.kinds", kind, unknown(kind, known, "kind", f"give {', '.join(known)}"))
    side = _text(page, said, "side", at)
    if side and side not in [str(one) for one in Side]:
        page.wrong(said["side"], f"{at}.side", side, "give ours or theirs")
    return Fits(side=side, at_least_minor=_amount(page, said, at), **words)


def _amount(page: Page, said: Fields, at: str) -> int:
    text = _text(page, said, "at_least_minor", at)
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and int(text) <= MOST_MINOR):
        page.wrong(said["at_least_minor"], f"{at}.at_least_minor", text, "give whole minor units, such as 1000000")
        return 0
    return int(text)


def _text(page: Page, said: Fields, name: str, at: str) -> str:
    return page.text(said[name], f"{at}.{name}") if name in said else ""
