"""What a line costs by its combination's price rule, before offers."""

from dataclasses import dataclass

from solver.catalog.combinations.prices import Bands, Cases, Cycle, Fixed, OfParts, Price
from solver.units import round_half_up_div

PERMILLE = 1000
Rule = Fixed | OfParts | Bands | Cases | Cycle


@dataclass(slots=True)
class Bill:
    """What a line adds up to while it is unfolded, in minor units. `list_minor` None: a price is not known."""

    list_minor: int | None = 0
    extra_minor: int = 0
    credit_minor: int = 0
    deposit_minor: int = 0
    bonus_minor: int = 0

    def add_list(self, units: int, unit_minor: int | None) -> None:
        """Add the list price of so many units."""
        known = self.list_minor is not None and unit_minor is not None
        self.list_minor = (self.list_minor or 0) + units * (unit_minor or 0) if known else None


def rule_of(price: Price) -> Rule:
    """The one rule that is given."""
    rules: tuple[Rule | None, ...] = (price.fixed, price.of_parts, price.bands, price.cases, price.cycle)
    (rule,) = (one for one in rules if one is not None)
    return rule


def asks_list(price: Price, quantity: int) -> bool:
    """Whether the rule cannot be reckoned without a list price."""
    rule = rule_of(price)
    if isinstance(rule, Bands):
        return quantity < min(band.least_units for band in rule.bands)
    return not isinstance(rule, Fixed)


def ruled_minor(price: Price | None, quantity: int, list_minor: int) -> int:
    """What the line's units cost without extras; `list_minor` is the list price of all of them."""
    if price is None:
        return list_minor
    rule = rule_of(price)
    match rule:
        case Fixed():
            return quantity * rule.unit_minor
        case OfParts():
            return max(0, round_half_up_div(list_minor * rule.keep_permille, PERMILLE) - quantity * rule.off_minor)
        case Bands():
            reached = [band for band in rule.bands if band.least_units <= quantity]
            return quantity * max(reached, key=lambda band: band.least_units).unit_minor if reached else list_minor
        case Cases():
            in_cases = quantity - quantity % rule.units
            kept = in_cases * rule.keep_permille + (quantity - in_cases) * PERMILLE
        case Cycle():
            rounds, rest = divmod(quantity, len(rule.keep_permilles))
            kept = rounds * sum(rule.keep_permilles) + sum(rule.keep_permilles[:rest])
    return round_half_up_div(list_minor * kept, PERMILLE * quantity)


def settled_minor(price: Price | None, quantity: int, bill: Bill) -> int:
    """What the line costs with extras, less credits and what a deposit is worth beyond itself; never below 0."""
    before = ruled_minor(price, quantity, bill.list_minor or 0) + bill.extra_minor
    return max(0, before - bill.credit_minor - bill.bonus_minor)
