"""The books on the wire, where a message says it in other words than the noun: decimals, months, wishes."""

from collections.abc import Iterable
from datetime import UTC, date

from solver.errors import FieldViolation, InvalidRequest, Violations
from solver.gen.xunyuan.ledger.v1 import bookings_pb2
from solver.gen.xunyuan.ledger.v1 import books_pb2 as pb
from solver.ledger.books.periods import PeriodChange, period_name, period_of
from solver.ledger.books.rates import Rate
from solver.ledger.books.readings import FIRST_PERIOD, LAST_PERIOD, BalanceFilter
from solver.validation import decimal_of


def rate_to_proto(rate: Rate) -> bookings_pb2.ExchangeRate:
    """A rate as it is sent."""
    return bookings_pb2.ExchangeRate(
        currency=rate.currency, base=rate.base, on=rate.on.isoformat(), rate=f"{rate.rate:f}"
    )


def rates_from_proto(messages: Iterable[bookings_pb2.ExchangeRate]) -> tuple[Rate, ...]:
    """Rates as they are read. Raises InvalidRequest naming every wrong field."""
    violations, found = Violations(), []
    for position, message in enumerate(messages):
        path = f"rates[{position}]"
        rate = decimal_of(message.rate)
        if rate is None:
            violations.add(f"{path}.rate", message.rate, "give a decimal number, such as 7.1234")
            continue
        on = day_of(message.on, f"{path}.on", violations)
        if on is not None:
            found.append(Rate(currency=message.currency, base=message.base, on=on, rate=rate))
    violations.refuse_any("the list of rates")
    return tuple(found)


def day_of(text: str, path: str, violations: Violations) -> date | None:
    """A day; None, with the cause recorded, where it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        violations.add(path, text, "give a day as YYYY-MM-DD")
        return None
    return day


def change_to_proto(change: PeriodChange) -> bookings_pb2.PeriodChange:
    """A closing or reopening as it is sent."""
    message = bookings_pb2.PeriodChange(
        entity=change.entity, period=period_name(change.period), is_closed=change.is_closed, reason=change.reason
    )
    message.at.FromDatetime(change.at)
    return message


def change_from_proto(message: bookings_pb2.PeriodChange) -> PeriodChange:
    """A closing or reopening as a client reads it."""
    return PeriodChange(
        entity=message.entity,
        period=period_of(message.period),
        is_closed=message.is_closed,
        reason=message.reason,
        at=message.at.ToDatetime(tzinfo=UTC),
    )


def wanted_to_proto(wanted: BalanceFilter) -> pb.ListPeriodBalancesRequest:
    """Which balances a client asks for."""
    request = pb.ListPeriodBalancesRequest(by_centre=wanted.by_centre)
    for name in ("entity", "currency", "cost_centre", "profit_centre"):
        if (value := getattr(wanted, name)) is not None:
            setattr(request, name, value)
    if wanted.from_period != FIRST_PERIOD:
        request.from_period = period_name(wanted.from_period)
    if wanted.until_period != LAST_PERIOD:
        request.until_period = period_name(wanted.until_period)
    return request


def wanted_from_proto(request: pb.ListPeriodBalancesRequest) -> BalanceFilter:
    """Which balances are asked for. Raises InvalidRequest."""
    first = period_of(request.from_period, "from_period") if request.from_period else FIRST_PERIOD
    last = period_of(request.until_period, "until_period") if request.until_period else LAST_PERIOD
    if first > last:
        violation = FieldViolation(field="until_period", value=request.until_period, remedy="must not be before from")
        raise InvalidRequest("the trial balance", [violation])
    return BalanceFilter(
        entity=request.entity if request.HasField("entity") else None,
        currency=request.currency if request.HasField("currency") else None,
        cost_centre=request.cost_centre if request.HasField("cost_centre") else None,
        profit_centre=request.profit_centre if request.HasField("profit_centre") else None,
        from_period=first,
        until_period=last,
        by_centre=request.by_centre,
    )
