"""The slow recomputation of sharing: from documents and orders as plain data, party by party, in fractions.

Written from docs/sharing.md; it shares no code with the product.
"""

from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

Data = dict[str, Any]
Shares = dict[tuple[str, str], int]


class Slow:
    """Recomputes orders in the order in which they were placed, as tiers over a period need it."""

    def __init__(self, documents: list[Data]) -> None:
        self._documents = documents
        self._turnover: dict[tuple[str, int, int], int] = {}

    def shares(self, order: Data) -> list[Shares]:
        """What everybody has: of the whole order, and after each of its refunds. Zeroes are left out."""
        platform = self._valid("platform", order, lambda _: True)
        before = 0
        if platform is not None:
            day: date = order["placed_on"]
            key = (platform["contract"], day.year, day.month)
            before = self._turnover.get(key, 0)
            self._turnover[key] = before + sum(_commission_base(platform["commission"], order["lines"], order))
        refunds = order["refunds"]
        return [self._state(order, refunds[:number], platform, before) for number in range(len(refunds) + 1)]

    def _valid(self, kind: str, order: Data, fits: Any) -> Data | None:
        found = []
        for one in self._documents:
            role = "source" if one["role"] in ("store", "dealer") else one["role"]
            channels = one.get("applies_to", {}).get("channels", [order["channel"]])
            begins, ends = date.fromisoformat(one["from"]), date.fromisoformat(one.get("until", "9999-12-31"))
            if role == kind and order["channel"] in channels and begins <= order["placed_on"] <= ends and fits(one):
                found.append(one)
        return max(found, key=lambda one: one["version"], default=None)

    def _state(self, order: Data, refunds: list[Data], platform: Data | None, before: int) -> Shares:
        left, freight = _left(order, refunds)
        shares: dict[tuple[str, str], int] = {}

        def give(role: str, party: str, minor: int) -> None:
            shares[role, party] = shares.get((role, party), 0) + minor

        give("tax", "", sum(line["tax_minor"] for line in left))
        taken = [0 for _ in left]
        now = {**order, "freight_paid_minor": freight}
        if platform is not None:
            taken = _commission(platform, order, now, left, before)
            give("platform", platform["party"], sum(taken))
        fees: dict[tuple[str, bool], int] = {}
        packages = [(one, False) for one in order["packages"]]
        packages += [(one, True) for refund in refunds for one in refund["packages"]]
        for package, came_back in packages:
            carrier = package["carrier_id"]
            contract = self._valid("carrier", order, lambda one, carrier=carrier: one["party"] == carrier)
            fee = package["tariff_minor"] if contract is None else _fee(contract, package["tariff_minor"])
            give("carrier", carrier, fee)
            key = (package["source_id"], came_back)
            fees[key] = fees.get(key, 0) + fee
        for source in {line["source_id"] for line in left}:
            contract = self._valid("source", order, lambda one, source=source: one["party"] == source)
            if contract is not None:
                mine = [(line, minor) for line, minor in zip(left, taken, strict=True) if line["source_id"] == source]
                minor = _goods(contract, mine)
                bears = contract["share"]["bears"]
                minor -= _cents(fees.get((source, False), 0) * _rate(bears["freight"]), contract)
                minor -= _cents(fees.get((source, True), 0) * _rate(bears["return"]), contract)
                give(contract["role"], source, minor)
        paid = sum(line["paid_minor"] for line in left) + freight
        give("company", "", paid - sum(shares.values()))
        return {key: minor for key, minor in shares.items() if minor}


def _left(order: Data, refunds: list[Data]) -> tuple[list[Data], int]:
    left = []
    for line in order["lines"]:
        back = [one for refund in refunds for one in refund["lines"] if one["line_id"] == line["line_id"]]
        units = line["units"] - sum(one["units"] for one in back)
        listed = line["list_minor"]
        if any(back):
            listed = floor(Fraction(line["list_minor"] * units, line["units"]) + Fraction(1, 2))
        left.append(
            {
                **line,
                "units": units,
                "list_minor": listed,
                "paid_minor": line["paid_minor"] - sum(one["refund_minor"] for one in back),
                "tax_minor": line["tax_minor"] - sum(one["tax_minor"] for one in back),
            }
        )
    return left, order["freight_paid_minor"] - sum(refund["freight_minor"] for refund in refunds)


def _commission_base(clause: Data, lines: list[Data], order: Data) -> list[int]:
    bases = []
    for line in lines:
        net = max(0, line["paid_minor"] - line["tax_minor"])
        bases.append({"list": line["list_minor"], "paid": line["paid_minor"], "net": net}[clause["of"]])
    if clause["with_freight"] == "yes":
        freight = _hand_out(order["freight_paid_minor"], [line["paid_minor"] for line in lines])
        bases = [base + more for base, more in zip(bases, freight, strict=True)]
    return bases


def _commission(contract: Data, whole: Data, now: Data, left: list[Data], before: int) -> list[int]:
    """What is taken of each line, fees and limits included."""
    clause = contract["commission"]
    stays = "commission" in clause["kept_on_refund"]
    lines, order = (whole["lines"], whole) if stays else (left, now)
    bases = _commission_base(clause, lines, order)
    own = [clause["categories"].get(line["category"]) for line in lines]
    free = [number for number, rate in enumerate(own) if rate is None]
    exact = {number: bases[number] * _rate(rate) for number, rate in enumerate(own) if rate is not None}
    tiers = clause.get("tiers")
    together: Fraction | None = None
    if tiers is None:
        exact |= {number: bases[number] * _rate(clause["rate"]) for number in free}
    elif tiers["marginal"] == "no":
        of_all = sum(bases[number] for number in free)
        for number in free:
            reached = {"line": bases[number], "order": of_all, "period": before + of_all}[tiers["over"]]
            exact[number] = bases[number] * _reached(tiers["bands"], reached)
    elif tiers["over"] == "line":
        exact |= {number: _piecewise(tiers["bands"], bases[number]) for number in free}
    else:
        start = before if tiers["over"] == "period" else 0
        of_all = sum(bases[number] for number in free)
        together = _piecewise(tiers["bands"], start + of_all) - _piecewise(tiers["bands"], start)
    numbers = sorted(exact)
    minors = dict(zip(numbers, _all_cents([exact[number] for number in numbers], contract), strict=True))
    if together is not None:
        parts = _hand_out(_cents(together, contract), [bases[number] for number in free])
        minors |= dict(zip(free, parts, strict=True))
    taken = [minors.get(number, 0) for number in range(len(lines))]
    total = sum(taken)
    if sum(bases):
        total = max(total, clause["minimum"])
    if "cap" in clause:
        total = min(total, clause["cap"])
    paid = sum(line["paid_minor"] for line in left) + now["freight_paid_minor"]
    if "service_fee" in clause["kept_on_refund"]:
        paid = whole["paid_minor"]
    total += clause["service_fee"] if paid else 0
    more = total - sum(taken)
    rest = _hand_out(abs(more), bases)
    return [minor + (part if more > 0 else -part) for minor, part in zip(taken, rest, strict=True)]


def _goods(contract: Data, mine: list[tuple[Data, int]]) -> int:
    clause = contract["share"]
    minor, exact, discounts = 0, [], []
    for line, taken in mine:
        discounts.append(max(0, line["list_minor"] - line["paid_minor"]) * _rate(clause["bears"].get("discount", "0")))
        if line["sku"] in clause["prices"]:
            minor += clause["prices"][line["sku"]] * line["units"]
            continue
        rate = _rate(clause["rate"])
        if "by_distance" in clause:
            rate = _reached(clause["by_distance"], line["distance_meters"])
        if line["service_level"] in clause["by_service"]:
            rate = _rate(clause["by_service"][line["service_level"]])
        if line["category"] in clause["categories"]:
            rate = _rate(clause["categories"][line["category"]])
        net = max(0, line["paid_minor"] - line["tax_minor"] - taken)
        exact.append({"list": line["list_minor"], "paid": line["paid_minor"], "net": net}[clause["of"]] * rate)
    return int(minor) + sum(_all_cents(exact, contract)) - sum(_all_cents(discounts, contract))


def _fee(contract: Data, tariff: int) -> int:
    clause = contract["logistics"]
    least: int = clause["minimum"]
    more: int = clause["per_package"]
    return max(least, _cents(tariff * _rate(clause["rate"]), contract)) + more


def _rate(text: str) -> Fraction:
    for unit, per in (("bp", 10_000), ("%", 100)):
        if text.endswith(unit):
            return Fraction(text.removesuffix(unit).strip()) / per
    return Fraction(text)


def _reached(bands: list[Data], amount: int) -> Fraction:
    for band in bands:
        if band["from"] <= amount and ("to" not in band or amount < band["to"]):
            return _rate(band["rate"])
    return Fraction(0)


def _piecewise(bands: list[Data], amount: int) -> Fraction:
    """What marginal bands take of everything up to an amount."""
    return sum(
        (
            (min(amount, band.get("to", amount)) - band["from"]) * _rate(band["rate"])
            for band in bands
            if amount > band["from"]
        ),
        Fraction(0),
    )


def _all_cents(exact: list[Fraction], contract: Data) -> list[int]:
    if contract["rounded"] == "per_line":
        return [_cents(one, contract) for one in exact]
    return _hand_out(_cents(sum(exact, Fraction(0)), contract), exact)


def _cents(exact: Fraction | int, contract: Data) -> int:
    low, high = floor(exact), ceil(exact)
    if contract["rounding"] == "down" or low == high:
        return low
    below, above = exact - low, high - exact
    if below == above:
        return high if contract["rounding"] == "half_up" or high % 2 == 0 else low
    return low if below < above else high


def _hand_out(amount: int, weights: list[Any]) -> list[int]:
    """Cent by cent of what rounding down leaves, to whoever lacks most; of equal ones to the first."""
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        return [amount] + [0] * (len(weights) - 1)
    due = [Fraction(amount) * weight / whole for weight in weights]
    has = [floor(one) for one in due]
    while sum(has) < amount:
        lacks = [one - got for one, got in zip(due, has, strict=True)]
        has[lacks.index(max(lacks))] += 1
    return has
