"""A form: how the statements of one platform or bank are written, as data (docs/reconciliation.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo


class Flow(StrEnum):
    """Which way a row's amount goes."""

    IN = "in"
    OUT = "out"
    SIGNED = "signed"  # the amount has its own sign
    NONE = "none"  # nothing of it moved on this account: the row is left out and counted


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRule:
    """Rows whose columns say what `when` says go this way and are of this kind; the first rule that fits counts.

    A value that ends in `*` fits whatever begins like it.
    """

    when: Mapping[str, str]
    flow: Flow
    kind: str
    amount: str = ""  # another column than the form's, for these rows

    def fits(self, cells: Mapping[str, str]) -> bool:
        """Whether a row is one of these."""
        return all(said(cells.get(column, ""), value) for column, value in self.when.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A line before the columns that says how many rows there are, or what they sum to.

    `line` has the groups `rows`, `sum` or both; it speaks of the rows that `when` fits. `less_refunded`: what was given
    back is not in the sum.
    """

    line: re.Pattern[str]
    when: Mapping[str, str] = field(default_factory=dict)
    less_refunded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A row among or after the others that sums them up: its first cell begins with `starts`, or `when` fits it.

    With `own_names` the row names its own columns and the next one has the values. `sums` says of which column each
    named total is the sum, `*` for all that moved; `rows` which one counts the rows. Where it is `required`, a file
    without one was cut off.
    """

    starts: tuple[str, ...] = ()
    when: Mapping[str, str] = field(default_factory=dict)
    own_names: bool = False
    sums: Mapping[str, str] = field(default_factory=dict)
    rows: str = ""
    required: bool = False

    def fits(self, cells: Mapping[str, str], first: str) -> bool:
        """Whether a row is the one."""
        if self.starts and first.startswith(self.starts):
            return True
        return bool(self.when) and all(said(cells.get(column, ""), value) for column, value in self.when.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How to read one kind of statement.

    Either `amounts` (one column or several that are added), or `amount_in` and `amount_out`. `columns` are all that
    the form names but those that are `optional`: the header is the first line that has every one of them.
    """

    form_id: str
    name: str
    zone: ZoneInfo
    currency: str
    at: str
    time_forms: tuple[str, ...]
    flows: tuple[FlowRule, ...]
    encodings: tuple[str, ...] = ("utf-8", "gb18030")
    delimiter: str = ","
    strip: str = ""  # characters that stand around a value and are none of it, besides blanks
    currencies: Mapping[str, str] = field(default_factory=dict)
    currency_column: str = ""
    amounts: tuple[str, ...] = ()
    amount_in: str = ""
    amount_out: str = ""
    amount_form: re.Pattern[str] | None = None  # with the group `amount`, and perhaps `refunded`
    empty: frozenset[str] = frozenset({""})  # what stands where there is no amount
    decimal: str = "."
    fee: str = ""
    fee_is_negative: bool = False  # a fee held back is written below 0
    fee_rounds: bool = False  # fees have more decimals than the currency, and are rounded half up
    net: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    empty_keys: frozenset[str] = frozenset({"", "/"})
    party: str = ""
    channel: str = ""
    memo: str = ""
    at_else: str = ""  # the column of the time where `at` says none
    optional: frozenset[str] = frozenset()  # columns that not every such statement has
    carried: tuple[str, ...] = ()  # columns that say their value once for all rows that follow
    totals: tuple[Total, ...] = ()
    summary: Summary | None = None
    source: str = ""  # where the columns are known from
    was_tried: bool = False  # on a file that a platform wrote

    @property
    def columns(self) -> frozenset[str]:
        """Every column that must be there."""
        named = {self.at, self.at_else, self.amount_in, self.amount_out, self.fee, self.net, self.party, self.memo}
        named |= {self.currency_column, *self.amounts, *self.keys.values(), *self.carried}
        for rule in self.flows:
            named |= {rule.amount, *rule.when}
        for total in self.totals:
            named |= set(total.when)
        if self.summary is not None:
            named |= set(self.summary.when)
        return frozenset(named - {""} - self.optional)


def said(cell: str, value: str) -> bool:
    """Whether a cell says a value; `*` at its end stands for anything."""
    return cell.startswith(value[:-1]) if value.endswith("*") else cell == value
