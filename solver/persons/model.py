"""The nouns of personal data. In words that people or logs may read they are masked."""

from dataclasses import dataclass
from datetime import datetime

MOST_STREET_LINES = 5
MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who gets an order's packages. It shows itself masked wherever it is printed."""

    name: str
    phone: str = ""
    street_lines: tuple[str, ...] = ()

    def masked(self) -> "Recipient":
        """As much as a person at a desk needs to tell two orders apart."""
        return Recipient(
            name=_masked_name(self.name),
            phone=_masked_phone(self.phone),
            street_lines=tuple("***" for _ in self.street_lines),
        )

    def __repr__(self) -> str:
        shown = self.masked()
        return f"Recipient(name={shown.name!r}, phone={shown.phone!r}, street_lines={len(self.street_lines)})"

    __str__ = __repr__


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientCommand:
    """Keep an order's recipient. `customer_id` is the person by whose name it is erased."""

    order_id: str
    customer_id: str
    recipient: Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Whose data was erased when, by whom, and of how many orders. `mark` tells the person again, to us alone."""

    number: int
    mark: str
    at: datetime
    by: str
    orders: int


def _masked_name(name: str) -> str:
    return f"{name[:1]}**" if name else ""


def _masked_phone(phone: str) -> str:
    return f"***{phone[-2:]}" if len(phone) > 5 else "***" if phone else ""
