"""The words that every clause is written in: rates, amounts, bands, tables. Each knows its line."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

import yaml

from solver.ledger.contracts.model import Band
from solver.ledger.contracts.rounding import NotARate, rate_of, shown_rate
from solver.money import currency_decimals
from solver.page import Fields, Page, line_of, shown
from solver.validation import MOST_METERS, MOST_MINOR, MOST_UNITS, unknown

Choice = TypeVar("Choice", bound=StrEnum)
Limit = Callable[[yaml.Node, str], Fraction]
_AMOUNT = re.compile(r"(?P<number>-?\d{1,15}(?:\.\d{1,6})?)(?:\s*(?P<unit>[A-Za-z]+))?", re.ASCII)
_YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}
_METERS = {None: 1, "m": 1, "km": 1_000}
_BAND = ("from", "to", "rate")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A contract's page with its currency. What cannot be read is recorded, and stands at zero until all is told."""

    page: Page
    currency: str

    def rate(self, node: yaml.Node, path: str) -> Fraction:
        """A rate from 0 to 100 %."""
        try:
            rate = rate_of(shown(node))
        except NotARate as error:
            self.page.wrong(node, path, shown(node), str(error))
            return Fraction(0)
        if not 0 <= rate <= 1:
            self.page.wrong(node, path, shown(node), f"is {shown_rate(rate)}; must lie between 0% and 100%")
            return Fraction(0)
        return rate

    def growth(self, node: yaml.Node, path: str) -> Fraction:
        """A ratio that may well be above 100 %."""
        try:
            return max(Fraction(0), rate_of(shown(node)))
        except NotARate as error:
            self.page.wrong(node, path, shown(node), str(error))
            return Fraction(0)

    def minor(self, node: yaml.Node, path: str) -> int:
        """An amount that is not negative: `2.00 CNY`, or a whole number of minor units."""
        found = _AMOUNT.fullmatch(shown(node).strip())
        if found is None:
            self.page.wrong(node, path, shown(node), f"write minor units, or an amount such as 2.00 {self.currency}")
            return 0
        if found["unit"] not in (None, self.currency):
            self.page.wrong(node, path, shown(node), f"the contract is in {self.currency}; use one currency throughout")
            return 0
        per_unit = 10 ** currency_decimals(self.currency) if found["unit"] else 1
        exact = Decimal(found["number"]) * per_unit
        if exact != int(exact):
            self.page.wrong(node, path, shown(node), "is no whole number of minor units")
            return 0
        if not 0 <= exact <= MOST_MINOR:
            self.page.wrong(node, path, shown(node), f"must lie between 0 and {MOST_MINOR:,} minor units")
            return 0
        return int(exact)

    def minor_limit(self, node: yaml.Node, path: str) -> Fraction:
        """A band's limit in money."""
        return Fraction(self.minor(node, path))

    def whole(self, node: yaml.Node, path: str, most: int = MOST_UNITS) -> int:
        """A whole number that is not negative."""
        written = shown(node)
        if written.isascii() and written.isdecimal() and len(written) < 16 and int(written) <= most:
            return int(written)
        self.page.wrong(node, path, written, f"write a whole number from 0 to {most:,}")
        return 0

    def units_limit(self, node: yaml.Node, path: str) -> Fraction:
        """A band's limit in units."""
        return Fraction(self.whole(node, path, MOST_MINOR))

    def meters_limit(self, node: yaml.Node, path: str) -> Fraction:
        """A band's limit in meters, `3 km` or `3000`."""
        found = _AMOUNT.fullmatch(shown(node).strip())
        if found is None or found["unit"] not in _METERS:
            self.page.wrong(node, path, shown(node), "write a distance such as 3 km, or meters")
            return Fraction(0)
        meters = Fraction(Decimal(found["number"])) * _METERS[found["unit"]]
        if not 0 <= meters <= MOST_METERS:
            self.page.wrong(node, path, shown(node), f"must lie between 0 and {MOST_METERS:,} m")
            return Fraction(0)
        return meters

    def yes(self, node: yaml.Node, path: str) -> bool:
        """`yes` or `no`."""
        answer = _YES_OR_NO.get(shown(node).lower())
        if answer is None:
            self.page.wrong(node, path, shown(node), "write yes or no")
        return bool(answer)

    def choice(self, node: yaml.Node, path: str, kind: type[Choice]) -> Choice:
        """One of a kind's words."""
        known = [one.value for one in kind]
        if shown(node) in known:
            return kind(shown(node))
        self.page.wrong(node, path, shown(node), unknown(shown(node), known, "word", f"give one of {', '.join(known)}"))
        return next(iter(kind))

    def rates(self, node: yaml.Node, path: str) -> Mapping[str, Fraction]:
        """Names with rates."""
        return {name: self.rate(one, f"{path}.{name}") for name, one in self.page.fields(node, path).items()}

    def prices(self, node: yaml.Node, path: str) -> Mapping[str, int]:
        """Names with amounts."""
        return {name: self.minor(one, f"{path}.{name}") for name, one in self.page.fields(node, path).items()}

    def bands(self, node: yaml.Node, path: str, limit: Limit) -> tuple[Band, ...]:
        """`[{from: 0, to: 100, rate: 5%}, {from: 100, rate: 4%}]`: from 0 on, without gap or overlap."""
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.page.wrong(node, path, shown(node), "write a list: [{from: 0, to: 1000, rate: 5%}, {from: 1000, ...}]")
            return ()
        before = len(self.page.found)
        read = [self._band(one, f"{path}[{position}]", limit) for position, one in enumerate(node.value)]
        if len(self.page.found) == before:
            self._refuse_holes(node, path, read)
        return tuple(read)

    def _band(self, node: yaml.Node, path: str, limit: Limit) -> Band:
        fields = self.page.fields(node, path, _BAND)
        self.demand(node, path, fields, "from", "rate")
        return Band(
            start=limit(fields["from"], f"{path}.from") if "from" in fields else Fraction(0),
            end=limit(fields["to"], f"{path}.to") if "to" in fields else None,
            rate=self.rate(fields["rate"], f"{path}.rate") if "rate" in fields else Fraction(0),
        )

    def _refuse_holes(self, node: yaml.SequenceNode, path: str, bands: list[Band]) -> None:
        reached: Fraction | None = Fraction(0)
        for position, (one, band) in enumerate(zip(node.value, bands, strict=True)):
            at = f"{path}[{position}]"
            if reached is None or band.start < reached:
                before = "has no end" if reached is None else f"ends at {_number(reached)} only"
                self.page.wrong(one, f"{at}.from", _number(band.start), f"overlaps the band before, which {before}")
            elif band.start > reached:
                self.page.wrong(one, f"{at}.from", _number(band.start), f"leaves a gap: begin at {_number(reached)}")
            if band.end is not None and band.end <= band.start:
                self.page.wrong(one, f"{at}.to", _number(band.end), f"must be above {_number(band.start)}")
            reached = band.end
        if reached is not None:
            remedy = "leave `to` out of the last band: it has no end"
            self.page.wrong(node.value[-1], f"{path}[{len(bands) - 1}].to", _number(reached), remedy)

    def demand(self, node: yaml.Node, path: str, fields: Fields, *names: str) -> None:
        """Fields that must be there."""
        if isinstance(node, yaml.MappingNode):
            for name in names:
                if name not in fields:
                    at = f"{path}.{name}" if path else name
                    self.page.wrong_on(line_of(node), at, "missing", f"say `{name}: ...`")


def _number(value: Fraction) -> str:
    return f"{float(value):,.10g}" if value.denominator != 1 else f"{value.numerator:,}"
