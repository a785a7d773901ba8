"""The clauses of a contract, each read from the names under its heading."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeVar

import yaml

from solver.ledger.contracts.model import (
    NOTHING,
    WHOLE,
    Basis,
    Commission,
    Guarantee,
    Logistics,
    Period,
    Reach,
    Rebate,
    Settling,
    SourceShare,
    Tiers,
)
from solver.ledger.contracts.sheet import Limit, Sheet
from solver.page import Fields, line_of, shown
from solver.validation import MOST_DAYS, unknown

Value = TypeVar("Value")

COMMISSION = (
    "of",
    "with_freight",
    "rate",
    "tiers",
    "categories",
    "minimum",
    "cap",
    "service_fee",
    "kept_on_refund",
)
SHARE = ("of", "rate", "prices", "categories", "by_service", "by_distance", "bears")
BEARS = ("discount", "freight", "return")
LOGISTICS = ("rate", "minimum", "per_package")
REBATE = ("period", "counts", "marginal", "bands", "growth")
GUARANTEE = ("period", "minimum")
SETTLING = ("period", "holdback", "return_days", "minimum_payout", "netting", "collects")
TIERS = ("over", "marginal", "bands")
KEPT = ("commission", "service_fee")


def read_commission(sheet: Sheet, node: yaml.Node) -> Commission:
    """`commission:` of a platform."""
    path = "commission"
    fields = sheet.page.fields(node, path, COMMISSION)
    rate, kept = fields.get("rate"), fields.get("kept_on_refund")
    made = Commission(
        of=sheet.choice(fields["of"], f"{path}.of", Basis) if "of" in fields else Basis.PAID,
        with_freight=_yes(sheet, path, fields, "with_freight", otherwise=False),
        rate=_rate(sheet, path, fields, "rate", NOTHING),
        tiers=_tiers(sheet, fields["tiers"], f"{path}.tiers") if "tiers" in fields else None,
        categories=_table(sheet.rates, path, fields, "categories"),
        minimum_minor=_minor(sheet, path, fields, "minimum") or 0,
        cap_minor=_minor(sheet, path, fields, "cap"),
        service_fee_minor=_minor(sheet, path, fields, "service_fee") or 0,
        kept_on_refund=_kept(sheet, kept) if kept is not None else (),
    )
    if rate is not None and made.tiers is not None:
        sheet.page.wrong(rate, f"{path}.rate", shown(rate), "tiers say the rate already; give one of both")
    if made.cap_minor is not None and made.cap_minor < made.minimum_minor:
        sheet.page.wrong(fields["cap"], f"{path}.cap", made.cap_minor, f"is below the minimum, {made.minimum_minor}")
    return made


def read_share(sheet: Sheet, node: yaml.Node) -> SourceShare:
    """`share:` of a dealer or a store."""
    path = "share"
    fields = sheet.page.fields(node, path, SHARE)
    of = sheet.choice(fields["of"], f"{path}.of", Basis) if "of" in fields else Basis.PAID
    bears = sheet.page.fields(fields["bears"], f"{path}.bears", BEARS) if "bears" in fields else {}
    borne = {name: _rate(sheet, f"{path}.bears", bears, name, NOTHING) for name in BEARS}
    if borne["discount"] and of is not Basis.LIST:
        remedy = f"what is {of.value} has discounts taken off already; leave it out, or share the list price"
        sheet.page.wrong(bears["discount"], f"{path}.bears.discount", shown(bears["discount"]), remedy)
    distance = fields.get("by_distance")
    return SourceShare(
        of=of,
        rate=_rate(sheet, path, fields, "rate", NOTHING),
        prices=_table(sheet.prices, path, fields, "prices"),
        categories=_table(sheet.rates, path, fields, "categories"),
        by_service=_table(sheet.rates, path, fields, "by_service"),
        by_distance=sheet.bands(distance, f"{path}.by_distance", sheet.meters_limit) if distance is not None else (),
        bears_discount=borne["discount"],
        bears_freight=borne["freight"],
        bears_return=borne["return"],
    )


def read_logistics(sheet: Sheet, node: yaml.Node) -> Logistics:
    """`logistics:` of a carrier."""
    fields = sheet.page.fields(node, "logistics", LOGISTICS)
    return Logistics(
        rate=_rate(sheet, "logistics", fields, "rate", WHOLE),
        minimum_minor=_minor(sheet, "logistics", fields, "minimum") or 0,
        per_package_minor=_minor(sheet, "logistics", fields, "per_package") or 0,
    )


def read_rebate(sheet: Sheet, node: yaml.Node) -> Rebate:
    """`rebate:` (返利) of a dealer or a store."""
    path = "rebate"
    fields = sheet.page.fields(node, path, REBATE)
    sheet.demand(node, path, fields, "period")
    counts = shown(fields["counts"]) if "counts" in fields else "amount"
    if counts not in ("amount", "units"):
        sheet.page.wrong(fields["counts"], f"{path}.counts", counts, "write amount or units")
    if not fields.keys() & {"bands", "growth"}:
        sheet.page.wrong_on(line_of(node), f"{path}.bands", "missing", "say `bands:`, or `growth:`, or both")
    limit: Limit = sheet.units_limit if counts == "units" else sheet.minor_limit
    return Rebate(
        period=_period(sheet, path, fields),
        by_units=counts == "units",
        marginal=_yes(sheet, path, fields, "marginal", otherwise=False),
        bands=sheet.bands(fields["bands"], f"{path}.bands", limit) if "bands" in fields else (),
        growth=sheet.bands(fields["growth"], f"{path}.growth", sheet.growth) if "growth" in fields else (),
    )


def read_guarantee(sheet: Sheet, node: yaml.Node) -> Guarantee:
    """`guarantee:` of a dealer or a store."""
    fields = sheet.page.fields(node, "guarantee", GUARANTEE)
    sheet.demand(node, "guarantee", fields, "period", "minimum")
    return Guarantee(
        period=_period(sheet, "guarantee", fields), minimum_minor=_minor(sheet, "guarantee", fields, "minimum") or 0
    )


def read_settling(sheet: Sheet, node: yaml.Node) -> Settling:
    """`settlement:` of any party."""
    path = "settlement"
    fields = sheet.page.fields(node, path, SETTLING)
    days = fields.get("return_days")
    made = Settling(
        period=_period(sheet, path, fields),
        holdback=_rate(sheet, path, fields, "holdback", NOTHING),
        return_days=sheet.whole(days, f"{path}.return_days", MOST_DAYS) if days is not None else 0,
        minimum_payout_minor=_minor(sheet, path, fields, "minimum_payout") or 0,
        netting=_yes(sheet, path, fields, "netting", otherwise=True),
        collects=_yes(sheet, path, fields, "collects", otherwise=False),
    )
    if made.holdback and days is None:
        sheet.page.wrong(
            fields["holdback"], f"{path}.holdback", shown(fields["holdback"]), "say until when: `return_days: 7`"
        )
    return made


def _tiers(sheet: Sheet, node: yaml.Node, path: str) -> Tiers:
    fields = sheet.page.fields(node, path, TIERS)
    sheet.demand(node, path, fields, "bands")
    return Tiers(
        bands=sheet.bands(fields["bands"], f"{path}.bands", sheet.minor_limit) if "bands" in fields else (),
        reach=sheet.choice(fields["over"], f"{path}.over", Reach) if "over" in fields else Reach.ORDER,
        marginal=_yes(sheet, path, fields, "marginal", otherwise=False),
    )


def _kept(sheet: Sheet, node: yaml.Node) -> tuple[str, ...]:
    words = sheet.page.words(node, "commission.kept_on_refund")
    for word in words:
        if word and word not in KEPT:
            remedy = unknown(word, KEPT, "part", f"give some of {', '.join(KEPT)}")
            sheet.page.wrong(node, "commission.kept_on_refund", word, remedy)
    return words


def _rate(sheet: Sheet, path: str, fields: Fields, name: str, otherwise: Fraction) -> Fraction:
    return sheet.rate(fields[name], f"{path}.{name}") if name in fields else otherwise


def _minor(sheet: Sheet, path: str, fields: Fields, name: str) -> int | None:
    return sheet.minor(fields[name], f"{path}.{name}") if name in fields else None


def _yes(sheet: Sheet, path: str, fields: Fields, name: str, *, otherwise: bool) -> bool:
    return sheet.yes(fields[name], f"{path}.{name}") if name in fields else otherwise


def _period(sheet: Sheet, path: str, fields: Fields) -> Period:
    return sheet.choice(fields["period"], f"{path}.period", Period) if "period" in fields else Period.MONTH


def _table(
    read: Callable[[yaml.Node, str], Mapping[str, Value]], path: str, fields: Fields, name: str
) -> Mapping[str, Value]:
    return read(fields[name], f"{path}.{name}") if name in fields else {}
