"""Places, items and rates of tax, as people write them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypeVar

import yaml

from solver.errors import Violations
from solver.ledger.invoicing.tax import Rate, RoundingAt, RoundingMode, TaxItem, TaxPlace, TaxTable, Treatment
from solver.money import is_currency
from solver.page import Fields, Page
from solver.validation import decimal_of, unknown

SHIPPED = "tax_rates.yaml"
MOST_CHARACTERS = 1_000_000
_PLACE = ("name", "name_zh", "currency", "rounding", "mode", "rates", "items")
_Word = TypeVar("_Word", bound=StrEnum)


@cache
def shipped_taxes() -> TaxTable:
    """The table that comes with the product."""
    text = files("solver.ledger.invoicing").joinpath(SHIPPED).read_text(encoding="utf-8")
    return read_taxes(text, SHIPPED)


def read_taxes(text: str, origin: str) -> TaxTable:
    """A table of taxes. Raises InvalidRequest with every fault of it, each with its line."""
    page = Page(origin, noun="table of taxes", most_characters=MOST_CHARACTERS)
    root = page.compose(text)
    table = {} if root is None else _Reading(page).table(root)
    violations = Violations(found=page.violations)
    violations.refuse_any(f"the table of taxes {origin}")
    return table


@dataclass(frozen=True, slots=True)
class _Reading:
    page: Page

    def table(self, root: yaml.Node) -> dict[str, TaxPlace]:
        fields = self._having(root, "", ("places",))
        places = self.page.fields(fields["places"], "places") if "places" in fields else {}
        return {place: self._place(node, place) for place, node in places.items()}

    def _place(self, node: yaml.Node, place: str) -> TaxPlace:
        path = f"places.{place}"
        said = self._having(node, path, _PLACE)
        currency = self._text(said, "currency", path)
        if currency and not is_currency(currency):
            self.page.wrong(said["currency"], f"{path}.currency", currency, "give an ISO 4217 code, such as CNY")
        rates = {
            name: self._rates(one, f"{path}.rates.{name}")
            for name, one in (self.page.fields(said["rates"], f"{path}.rates") if "rates" in said else {}).items()
        }
        items = {
            name: self._item(one, name, f"{path}.items.{name}", rates)
            for name, one in (self.page.fields(said["items"], f"{path}.items") if "items" in said else {}).items()
        }
        return TaxPlace(
            place=place,
            name=self._text(said, "name", path),
            name_zh=self._text(said, "name_zh", path),
            currency=currency,
            rounding_at=self._word(said, "rounding", path, RoundingAt, RoundingAt.LINE),
            rounding_mode=self._word(said, "mode", path, RoundingMode, RoundingMode.HALF_UP),
            items=items,
            rates=rates,
        )

    def _rates(self, node: yaml.Node, path: str) -> tuple[Rate, ...]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.page.wrong(
                node, path, "no list", "list the rates from the oldest: - {from: 2019-04-01, percent: '13'}"
            )
            return ()
        rates: list[Rate] = []
        for position, one in enumerate(node.value):
            at = f"{path}[{position}]"
            said = self.page.fields(one, at, ("from", "percent", "treatment", "source", "checked"))
            self._require(one, said, at, ("from", "percent"))
            since = self.page.day(said["from"], f"{at}.from") if "from" in said else None
            if since is not None and rates and since <= rates[-1].since:
                self.page.wrong(said["from"], f"{at}.from", since, "give each rate a later day than the one before")
            treatment = self._word(said, "treatment", at, Treatment, Treatment.TAXED) if "treatment" in said else None
            checked = self._text(said, "checked", at) or "true"
            if checked not in ("true", "false"):
                self.page.wrong(said["checked"], f"{at}.checked", checked, "give true or false")
            rates.append(
                Rate(
                    since=since or date.min,
                    basis_points=self._percent(said, at),
                    treatment=treatment or Treatment.TAXED,
                    source=self._text(said, "source", at),
                    is_checked=checked == "true",
                )
            )
        return tuple(rates)

    def _percent(self, said: Fields, path: str) -> int:
        if "percent" not in said:
            return 0
        text = self.page.text(said["percent"], f"{path}.percent")
        number = decimal_of(text)
        hundredths = -1 if number is None else number * 100
        if not (0 <= hundredths <= 10_000 and hundredths == int(hundredths)):
            self.page.wrong(said["percent"], f"{path}.percent", text, "give per cent from 0 to 100, such as 13 or 17.5")
            return 0
        return int(hundredths)

    def _item(self, node: yaml.Node, item: str, path: str, rates: dict[str, tuple[Rate, ...]]) -> TaxItem:
        said = self.page.fields(node, path, ("name", "name_zh", "rate", "chapter"))
        self._require(node, said, path, ("name", "rate"))
        rate = self._text(said, "rate", path)
        if rate and rate not in rates:
            self.page.wrong(said["rate"], f"{path}.rate", rate, unknown(rate, rates, "class of rates", "see `rates`"))
        name = self._text(said, "name", path)
        return TaxItem(
            item=item,
            name=name,
            name_zh=self._text(said, "name_zh", path) or name,
            rate_class=rate,
            chapter=self._text(said, "chapter", path),
        )

    def _having(self, node: yaml.Node, path: str, names: tuple[str, ...]) -> Fields:
        said = self.page.fields(node, path, names)
        self._require(node, said, path, names)
        return said

    def _require(self, node: yaml.Node, said: Fields, path: str, names: tuple[str, ...]) -> None:
        for name in names:
            if name not in said:
                self.page.wrong(node, f"{path}.{name}" if path else name, "missing", "say it")

    def _text(self, said: Fields, name: str, path: str) -> str:
        return self.page.text(said[name], f"{path}.{name}") if name in said else ""

    def _word(self, said: Fields, name: str, path: str, words: type[_Word], otherwise: _Word) -> _Word:
        text = self._text(said, name, path)
        if text and text not in [str(word) for word in words]:
            known = [str(word) for word in words]
            self.page.wrong(said[name], f"{path}.{name}", text, unknown(text, known, "word", " or ".join(known)))
            return otherwise
        return words(text) if text else otherwise
