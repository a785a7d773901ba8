"""Which orders are decided together, and when: those of a wave wait for each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from solver.errors import XunyuanError
from solver.orders.model import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveSize:
    """So many orders, or those of so many minutes; exactly one of them is more than 0."""

    orders: int = 0
    minutes: int = 0

    @classmethod
    def of(cls, text: str) -> "WaveSize":
        """`100` orders, or `10m`: ten minutes. Raises XunyuanError."""
        number, unit = (text[:-1], "m") if text.endswith("m") else (text, "")
        if not (number.isdecimal() and int(number)):
            raise XunyuanError(f"a wave of {text!r}: give so many orders, such as 100, or minutes, such as 10m")
        return cls(minutes=int(number)) if unit else cls(orders=int(number))

    def gathered(self, orders: Sequence[Order], begin: int, starts_at: datetime) -> tuple[Sequence[Order], datetime]:
        """The orders from `begin` on that make the next wave, and when it is decided.

        By number: when the last of them is placed. By minutes: at the end of theirs, counted from `starts_at`; an order
        that is placed just then still belongs to them.
        """
        if self.orders:
            wave = orders[begin : begin + self.orders]
            return wave, wave[-1].placed_at
        length = timedelta(minutes=self.minutes)
        closes_at = starts_at + -((starts_at - orders[begin].placed_at) // length) * length
        end = begin
        while end < len(orders) and orders[end].placed_at <= closes_at:
            end += 1
        return orders[begin:end], closes_at
