"""The 36 named kinds of combination (组合方式), read from `kinds.yaml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from solver.catalog.combinations.basket import Basket, Seen
from solver.catalog.combinations.flat import Book
from solver.catalog.combinations.flatten import compile_book
from solver.catalog.combinations.model import Combination
from solver.catalog.combinations.written import read_noun
from solver.catalog.model import Part
from solver.errors import Violations


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A combination of a kind, others that it needs, and an order of it. `texts` are they as they are written."""

    combination: Combination
    others: tuple[Combination, ...]
    basket: Basket
    texts: tuple[Mapping[str, Any], ...]

    @property
    def combinations(self) -> tuple[Combination, ...]:
        """All of them."""
        return (self.combination, *self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A named kind: the features that its combinations must have, what it means in two languages, and an example."""

    kind: str
    name: str
    name_zh: str
    meaning: str
    meaning_zh: str
    features: frozenset[str]
    example: Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Ware:
    """A material of the shop of the examples."""

    name: str
    price_minor: int
    units: int


@dataclass(frozen=True, slots=True)
class Shop:
    """The little shop of the examples: materials alone."""

    wares: Mapping[str, Ware]

    def __contains__(self, item_id: object) -> bool:
        return item_id in self.wares

    def explode(self, item_id: str) -> Sequence[Part]:
        """The material itself."""
        if item_id not in self.wares:
            raise KeyError(item_id)
        return (Part(sku=item_id, units=1),)

    @property
    def seen(self) -> Seen:
        """All its stock."""
        return Seen(available={sku: ware.units for sku, ware in self.wares.items()})

    def book(self, combinations: Sequence[Combination]) -> Book:
        """Combinations over its wares at its prices."""
        return compile_book(combinations, self, {sku: ware.price_minor for sku, ware in self.wares.items()})


@cache
def shop() -> Shop:
    """The shop of the examples."""
    violations = Violations()
    wares = {sku: read_noun(ware, Ware, f"shop.{sku}", violations) for sku, ware in _page()["shop"].items()}
    violations.refuse_any("kinds.yaml")
    return Shop({sku: ware for sku, ware in wares.items() if ware is not None})


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by their names, in the sequence of the file."""
    violations = Violations()
    read = [_kind(written, f"kinds[{at}]", violations) for at, written in enumerate(_page()["kinds"])]
    violations.refuse_any("kinds.yaml")
    return {kind.kind: kind for kind in read if kind is not None}


@cache
def _page() -> dict[str, Any]:
    page: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("kinds.yaml").read_text("utf-8"))
    return page


def _kind(written: dict[str, Any], path: str, violations: Violations) -> Kind | None:
    example = _example(written["kind"], written["example"], f"{path}.example", violations)
    if example is None:
        return None
    texts = {name: written[name] for name in ("kind", "name", "name_zh", "meaning", "meaning_zh")}
    return Kind(**texts, features=frozenset(written["features"]), example=example)


def _example(kind: str, written: dict[str, Any], path: str, violations: Violations) -> Example | None:
    example_id = kind.upper().replace("_", "-")
    head = {"combination_id": example_id, "kind": kind}
    texts = [head | written["combination"], *written.get("others", ())]
    read = [read_noun(text, Combination, f"{path}.combinations[{at}]", violations) for at, text in enumerate(texts)]
    lines = [{"line_id": str(at), "item_id": example_id} | line for at, line in enumerate(written["lines"], 1)]
    order = {"order_id": kind, "lines": lines} | {
        name: written[name] for name in ("customer_tier", "chosen") if name in written
    }
    basket = read_noun(order, Basket, f"{path}.basket", violations)
    sound = [one for one in read if one is not None]
    if basket is None or len(sound) < len(read):
        return None
    return Example(combination=sound[0], others=tuple(sound[1:]), basket=basket, texts=tuple(texts))
