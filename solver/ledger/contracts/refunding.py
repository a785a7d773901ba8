"""An order as it stands after refunds: what is left of each line."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from solver.errors import InvalidRequest, Violations
from solver.ledger.contracts.facts import Refund, SettledLine, SettledOrder, ShippedPackage
from solver.ledger.contracts.rounding import Rounding, rounded


def after(order: SettledOrder, refunds: Sequence[Refund]) -> SettledOrder:
    """What the buyer kept and paid for it. Raises InvalidRequest where more came back than there was."""
    if not refunds:
        return order
    violations = Violations()
    lines = {line.line_id: line for line in order.lines}
    whole = dict(lines)
    freight = order.freight_paid_minor
    for position, refund in enumerate(refunds):
        for number, one in enumerate(refund.lines):
            at = f"refunds[{position}].lines[{number}]"
            line = lines.get(one.line_id)
            if line is None:
                violations.add(f"{at}.line_id", one.line_id, f"order {order.order_id} has no such line")
                continue
            sound = (
                violations.require(one.units <= line.units, f"{at}.units", one.units, f"only {line.units} are left")
                and violations.require(
                    one.refund_minor <= line.paid_minor,
                    f"{at}.refund_minor",
                    one.refund_minor,
                    f"only {line.paid_minor} of what was paid is left",
                )
                and violations.require(
                    one.tax_minor <= line.tax_minor
                    and line.tax_minor - one.tax_minor <= line.paid_minor - one.refund_minor,
                    f"{at}.tax_minor",
                    one.tax_minor,
                    f"tax of {line.tax_minor} within {line.paid_minor} must remain sound",
                )
            )
            if sound:
                lines[one.line_id] = _less(line, whole[one.line_id], one.units, one.refund_minor, one.tax_minor)
        at = f"refunds[{position}].freight_minor"
        violations.require(refund.freight_minor <= freight, at, refund.freight_minor, f"only {freight} is left")
        freight -= refund.freight_minor
    if violations.found:
        raise InvalidRequest(f"the refund of order {order.order_id}", violations.found)
    left = tuple(lines.values())
    return replace(
        order, lines=left, freight_paid_minor=freight, paid_minor=sum(line.paid_minor for line in left) + freight
    )


def came_back(refunds: Sequence[Refund]) -> tuple[ShippedPackage, ...]:
    """The packages of all refunds."""
    return tuple(package for refund in refunds for package in refund.packages)


def _less(line: SettledLine, whole: SettledLine, units: int, refund_minor: int, tax_minor: int) -> SettledLine:
    """The list price of what is left is its part of that of the whole line, so that no sequence of returns drifts."""
    left = line.units - units
    return replace(
        line,
        units=left,
        list_minor=rounded(Fraction(whole.list_minor * left, whole.units), Rounding.HALF_UP),
        paid_minor=line.paid_minor - refund_minor,
        tax_minor=line.tax_minor - tax_minor,
    )
