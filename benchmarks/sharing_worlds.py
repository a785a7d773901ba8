"""Random contracts and settled orders over three tiers, as plain data: what a document says, what an order was."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

Data = dict[str, Any]

CATEGORIES = ("tea", "cups", "pots", "gifts", "")
LEVELS = ("express", "standard", "")
CURRENCY = "CNY"
FIRST_DAY = date(2026, 1, 1)
DAYS = 120
ROUNDINGS = ("half_up", "half_even", "down")
BASES = ("list", "paid", "net")


def random_contracts(draw: random.Random, platforms: int = 6, partners: int = 12, carriers: int = 4) -> list[Data]:
    """Contracts of every role, most in two versions, the second from the middle of the time on."""
    made: list[Data] = []
    for number in range(platforms):
        made += _versions(draw, f"platform-{number}", "platform", lambda: {"commission": _commission(draw)})
    for number in range(partners):
        role = "dealer" if number % 2 else "store"
        made += _versions(draw, f"partner-{number}", role, lambda: {"share": _share(draw)})
    for number in range(carriers):
        made += _versions(draw, f"carrier-{number}", "carrier", lambda: {"logistics": _logistics(draw)})
    for one in made:
        if one["role"] == "platform":
            one["applies_to"] = {"channels": [one["party"].replace("platform", "channel")]}
    return made


def random_orders(draw: random.Random, orders: int) -> Iterator[Data]:
    """Settled orders day by day, with their refunds under `refunds`."""
    for number in range(orders):
        day = FIRST_DAY + timedelta(days=number * DAYS // orders)
        yield _order(draw, f"O{number:07}", day)


def _versions(draw: random.Random, party: str, role: str, clause: Any) -> Iterator[Data]:
    change = FIRST_DAY + timedelta(days=draw.randrange(30, 90))
    whole = draw.random() < 0.3
    for version in (1,) if whole else (1, 2):
        yield {
            "contract": f"{party}-contract",
            "version": version,
            "role": role,
            "party": party,
            "currency": CURRENCY,
            "from": (FIRST_DAY if version == 1 else change).isoformat(),
            **({"until": (change - timedelta(days=1)).isoformat()} if version == 1 and not whole else {}),
            "rounding": draw.choice(ROUNDINGS),
            "rounded": draw.choice(("per_line", "per_order")),
            **clause(),
        }


def _commission(draw: random.Random) -> Data:
    made: Data = {
        "of": draw.choice(BASES),
        "with_freight": draw.choice(("yes", "no")),
        "categories": {one: _rate(draw, 12) for one in draw.sample(CATEGORIES[:4], draw.randrange(3))},
        "minimum": draw.choice((0, 30, 100)),
        "service_fee": draw.choice((0, 50, 99)),
        "kept_on_refund": draw.sample(("commission", "service_fee"), draw.randrange(3)),
    }
    if draw.random() < 0.4:
        made["cap"] = draw.choice((500, 2_000, 10_000))
    if draw.random() < 0.6:
        over = draw.choice(("line", "order", "period"))
        limits = [10_000_000, 50_000_000] if over == "period" else [5_000, 20_000, 100_000]
        made["tiers"] = {"over": over, "marginal": draw.choice(("yes", "no")), "bands": _bands(draw, limits)}
    else:
        made["rate"] = _rate(draw, 15)
    return made


def _share(draw: random.Random) -> Data:
    of = draw.choice(BASES)
    made: Data = {
        "of": of,
        "rate": _rate(draw, 80),
        "prices": {f"SKU-{draw.randrange(40)}": draw.randrange(100, 9_000) for _ in range(draw.randrange(6))},
        "categories": {one: _rate(draw, 80) for one in draw.sample(CATEGORIES[:4], draw.randrange(3))},
        "by_service": {one: _rate(draw, 80) for one in draw.sample(LEVELS[:2], draw.randrange(3))},
        "bears": {"freight": _rate(draw, 100), "return": _rate(draw, 100)},
    }
    if of == "list":
        made["bears"]["discount"] = _rate(draw, 100)
    if draw.random() < 0.5:
        made["by_distance"] = _bands(draw, [3_000, 10_000])
    return made


def _logistics(draw: random.Random) -> Data:
    return {"rate": _rate(draw, 100), "minimum": draw.choice((0, 350, 800)), "per_package": draw.choice((0, 10, 25))}


def _bands(draw: random.Random, limits: list[int]) -> list[Data]:
    edges = [0, *sorted(draw.sample(limits, draw.randrange(1, len(limits) + 1)))]
    bands: list[Data] = [{"from": low, "rate": _rate(draw, 20)} for low in edges]
    for band, end in zip(bands, edges[1:], strict=False):
        band["to"] = end
    return bands


def _rate(draw: random.Random, most_percent: int) -> str:
    bp = draw.randrange(most_percent * 100 + 1)
    return draw.choice(
        (f"{bp} bp", f"{bp / 100:.2f}%", f"{bp / 10_000:.4f}", f"{bp / 100:.2f}5%" if bp % 100 else "0%")
    )


def _order(draw: random.Random, order_id: str, day: date) -> Data:
    lines = [_line(draw, f"L{number}") for number in range(1 + min(draw.randrange(6), draw.randrange(6)))]
    sources = list(dict.fromkeys(line["source_id"] for line in lines))
    packages = [_package(draw, f"P{number}", source_id) for number, source_id in enumerate(sources)]
    freight = draw.choice((0, 0, 600, 1_000))
    return {
        "order_id": order_id,
        "currency": CURRENCY,
        "channel": f"channel-{draw.randrange(8)}",  # two of them without a contract
        "placed_on": day,
        "delivered_on": day + timedelta(days=draw.randrange(1, 6)),
        "lines": lines,
        "packages": packages,
        "freight_paid_minor": freight,
        "paid_minor": sum(line["paid_minor"] for line in lines) + freight,
        "refunds": _refunds(draw, order_id, day, lines, freight) if draw.random() < 0.15 else [],
    }


def _line(draw: random.Random, line_id: str) -> Data:
    units = 1 + min(draw.randrange(5), draw.randrange(5))
    listed = units * draw.randrange(99, 40_000)
    paid = listed - draw.randrange(listed + 1) * draw.randrange(4) // 10
    return {
        "line_id": line_id,
        "sku": f"SKU-{draw.randrange(60)}",
        "units": units,
        "list_minor": listed,
        "paid_minor": paid,
        "tax_minor": paid * 13 // 113,
        "source_id": f"partner-{draw.randrange(15)}",  # three of them without a contract
        "category": draw.choice(CATEGORIES),
        "service_level": draw.choice(LEVELS),
        "distance_meters": draw.randrange(30_000),
    }


def _package(draw: random.Random, package_id: str, source_id: str) -> Data:
    return {
        "package_id": package_id,
        "carrier_id": f"carrier-{draw.randrange(5)}",  # one of them without a contract
        "source_id": source_id,
        "tariff_minor": draw.randrange(300, 3_000),
    }


def _refunds(draw: random.Random, order_id: str, day: date, lines: list[Data], freight: int) -> list[Data]:
    """One or two: whole orders, some units, an allowance."""
    line = draw.choice(lines)
    if draw.random() < 0.3:
        back = [
            {key: one[key] for key in ("line_id", "units", "tax_minor")} | {"refund_minor": one["paid_minor"]}
            for one in lines
        ]
        return [_refund(draw, order_id, day, 1, back, freight, line["source_id"])]
    units = draw.randrange(line["units"] + 1)
    minor = line["paid_minor"] * units // line["units"] if units else line["paid_minor"] // 7
    one = {"line_id": line["line_id"], "units": units, "refund_minor": minor, "tax_minor": minor * 13 // 113}
    made = [_refund(draw, order_id, day, 1, [one], 0, line["source_id"])] if minor else []
    rest = {
        "line_id": line["line_id"],
        "units": line["units"] - units,
        "refund_minor": line["paid_minor"] - minor,
        "tax_minor": line["tax_minor"] - one["tax_minor"],
    }
    if draw.random() < 0.5 and rest["refund_minor"]:
        made.append(_refund(draw, order_id, day, 2, [rest], 0, line["source_id"]))
    return made


def _refund(
    draw: random.Random, order_id: str, day: date, number: int, lines: list[Data], freight: int, source_id: str
) -> Data:
    packages = [_package(draw, f"R{number}", source_id)] if draw.random() < 0.7 else []
    return {
        "refund_id": f"{order_id}-R{number}",
        "order_id": order_id,
        "on": day + timedelta(days=7 * number),
        "lines": lines,
        "freight_minor": freight,
        "packages": packages,
    }
