"""docs/combinations.md, made from the kinds that ship with the product."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from solver.catalog.combinations.explode import explode
from solver.catalog.combinations.kinds import Example, Kind, kinds, shop
from solver.catalog.combinations.outcome import Explosion, Role
from solver.catalog.combinations.page_text import HEAD, PRICES, PRIMITIVES, STEPS
from solver.money import format_minor

SEED = "docs"
_CURRENCY = "CNY"
_ROLES = {Role.SOLD: "", Role.DRAWN: " drawn 抽取", Role.GIFT: " free 赠"}


def kinds_page() -> str:
    """The whole page, as Markdown."""
    lines = [HEAD.format(count=len(kinds())), *_table("primitive", "原语", PRIMITIVES), *_table("rule", "价格", PRICES)]
    lines += [*_table("step", "优惠", STEPS), f"## The {len(kinds())} kinds 组合方式", ""]
    lines += ["| kind | | meaning | 含义 | features it must have |", "|---|---|---|---|---|"]
    lines += [_row(kind) for kind in kinds().values()]
    lines += ["", "## Examples 示例", "", *_shop()]
    for kind in kinds().values():
        lines += _example(kind)
    return "\n".join(lines) + "\n"


def _table(noun: str, noun_zh: str, rows: tuple[tuple[str, str, str, str], ...]) -> Iterator[str]:
    titles = {"primitive": "Primitives 原语", "rule": "Price rules 价格规则", "step": "Offers 优惠"}
    yield from (f"## {titles[noun]}", "", f"| {noun} | {noun_zh} | data | meaning |", "|---|---|---|---|")
    yield from (f"| `{name}` | {chinese} | {data} | {meaning} |" for name, chinese, data, meaning in rows)
    yield ""


def _row(kind: Kind) -> str:
    features = ", ".join(f"`{feature}`" for feature in sorted(kind.features))
    link = f"[`{kind.kind}`](#{_anchor(kind)})"
    return f"| {link} | {kind.name_zh} | {kind.meaning} | {kind.meaning_zh} | {features} |"


def _heading(kind: Kind) -> str:
    return f"{kind.name} {kind.name_zh}"


def _anchor(kind: Kind) -> str:
    return re.sub(r"[^\w -]", "", _heading(kind).lower()).replace(" ", "-")


def _shop() -> Iterator[str]:
    yield "All are over one little shop; amounts in `_minor` are fen. Draws are those of the seed `docs`."
    yield from ("", "| SKU | | list price | there |", "|---|---|---:|---:|")
    for sku, ware in shop().wares.items():
        yield f"| `{sku}` | {ware.name} | {_money(ware.price_minor)} | {ware.units} |"
    yield ""


def _example(kind: Kind) -> Iterator[str]:
    example = kind.example
    yield from (f"### {_heading(kind)}", "", kind.meaning, kind.meaning_zh, "", "```yaml")
    for text in example.texts:
        yield _written(text)
    yield from ("```", "", f"Order: {_ordered(example)}.", "")
    book = shop().book(example.combinations)
    yield from _told(explode(example.basket, book, shop().seen, seed=SEED))
    yield ""


def _written(text: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(text), sort_keys=False, allow_unicode=True, default_flow_style=None, width=110).rstrip()


def _ordered(example: Example) -> str:
    lines = [f"{line.quantity} x `{line.item_id}`" for line in example.basket.lines]
    chosen = [*example.basket.chosen, *(one for line in example.basket.lines for one in line.chosen)]
    told = ", ".join(lines)
    if chosen:
        told += ", chosen " + ", ".join(f"`{one.slot}`: {one.units} x `{one.option}`" for one in chosen)
    return told + (f", customer tier `{example.basket.customer_tier}`" if example.basket.customer_tier else "")


def _told(explosion: Explosion) -> Iterator[str]:
    for day, units in sorted(_by_day(explosion).items()):
        goods = ", ".join(f"{count} x `{sku}`{_ROLES[role]}" for (sku, role), count in units.items())
        yield f"- {f'after {day} days' if day else 'goods'}: {goods}"
    for line in explosion.lines:
        if line.list_minor or line.price_minor:
            yield (
                f"- line `{line.line_id}`: {_money(line.price_minor)} to pay, list {_money(line.list_minor)}"
                + (f", deposit {_money(line.deposit_minor)}" if line.deposit_minor else "")
                + "".join(f", {_money(part.off_minor)} off by `{part.combination_id}`" for part in line.reductions)
            )
    for old in explosion.incoming:
        yield f"- handed in: {old.units} x `{old.item_id}`"
    groups = {piece.group for piece in explosion.pieces if piece.group}
    if groups:
        yield "- leaves together, from one source"


def _by_day(explosion: Explosion) -> dict[int, Counter[tuple[str, Role]]]:
    units: dict[int, Counter[tuple[str, Role]]] = {}
    for piece in explosion.pieces:
        units.setdefault(piece.due_days, Counter())[piece.sku, piece.role] += piece.units
    return units


def _money(amount_minor: int) -> str:
    return format_minor(amount_minor, _CURRENCY)
