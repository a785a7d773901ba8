"""Truth, and what two sides make of it: a seeded corrupter of real payments and real statements.

It imports nothing of the product and hands on nothing of what it knows but two tables: what we booked, and what the
platform shows, with ids of their own that tell nothing. The truth (which rows belong together, and what was done to
them) is a third table that only the judge sees.

What is done to a payment, each by its share of the mix:

shifted        shown up to 30 days later, or up to 3 days before
fee            shown less 2.5 % (half up), or less 0.6 %
batch          2 to 8 payments of a seller within a week shown as one payout without an order's number, some less a fee
split          shown in 2 or 3 parts under its number, some without one
refund         shown in full, and part of it given back later under the same number
netted         shown less what was given back
typo           one slip in the number: a character changed, left out, put in, or two swapped
typo_twice     two slips
cut            only the first or last half of the number is shown
rewritten      the number in other letters, with dashes, a prefix, or leading zeros
no_key         shown without a number
twice_theirs   shown twice, the second time up to two days later
twice_ours     booked twice
not_theirs     not shown at all
not_ours       not booked at all
typo_fee       one slip, and less a fee
typo_shifted   one slip, and shown late
"""

import csv
import gzip
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

MIX = {
    "shifted": 0.06, "fee": 0.10, "batch": 0.06, "split": 0.03, "refund": 0.03, "netted": 0.01, "typo": 0.03,
    "typo_twice": 0.005, "cut": 0.005, "rewritten": 0.05, "no_key": 0.01, "twice_theirs": 0.01, "twice_ours": 0.005,
    "not_theirs": 0.01, "not_ours": 0.01,
}  # fmt: skip
# Never looked at while the matcher was made: other shares, and slips together with fees and late days.
HELD_OUT_MIX = {
    "shifted": 0.04, "fee": 0.15, "batch": 0.04, "split": 0.04, "refund": 0.05, "netted": 0.02, "typo": 0.04,
    "typo_twice": 0.01, "cut": 0.01, "rewritten": 0.03, "no_key": 0.015, "twice_theirs": 0.02, "twice_ours": 0.01,
    "not_theirs": 0.02, "not_ours": 0.02, "typo_fee": 0.02, "typo_shifted": 0.01,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a side. `number` is what the side calls the order; ours have a reference of the payment as well."""

    row_id: str
    on: date
    cents: int
    number: str
    party: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """The truth: one real payment."""

    order: str
    on: date
    cents: int
    seller: str


@dataclass(slots=True)
class World:
    """Both sides and the truth. `links` are pairs that belong together, with what was done to them.

    Rows of one `twin` class say the same thing of the same order: none can tell them apart, and none need. `orders` is
    the order that a row is of, where it shows its number.
    """

    ours: list[Row] = field(default_factory=list)
    theirs: list[Row] = field(default_factory=list)
    links: dict[tuple[str, str], str] = field(default_factory=dict)
    twins: dict[str, str] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    alone: dict[str, str] = field(default_factory=dict)  # rows without a partner, and why


def olist_payments(folder: Path) -> list[Payment]:
    """Every payment of the sample with its day and its order's first seller."""
    sellers: dict[str, str] = {}
    for row in _rows(folder / "olist_order_items_dataset.csv.gz"):
        sellers.setdefault(row["order_id"], row["seller_id"])
    days = {
        row["order_id"]: date.fromisoformat(row["order_purchase_timestamp"][:10])
        for row in _rows(folder / "olist_orders_dataset.csv.gz")
    }
    return [
        Payment(
            order=row["order_id"],
            on=days[row["order_id"]],
            cents=round(float(row["payment_value"]) * 100),
            seller=sellers.get(row["order_id"], "nobody"),
        )
        for row in _rows(folder / "olist_order_payments_dataset.csv.gz")
        if row["order_id"] in days and float(row["payment_value"]) > 0
    ]


def statement_payments(folder: Path) -> list[Payment]:
    """The rows of the real Alipay, JD and bank statements as payments; what is masked there is made up again."""
    found = []
    for file, encoding, skipped, when, what, who in (
        ("alipay/example-alipay-records.csv", "gb18030", 25, 0, 6, 2),
        ("jd/example-jd-records.csv", "utf-8-sig", 22, 0, 3, 1),
    ):
        lines = (folder / file).read_text(encoding).splitlines()[skipped:]
        for position, cells in enumerate(csv.reader(lines)):
            cents = round(float(cells[what].split("(")[0].strip()) * 100)
            if cents > 0:
                order = hashlib.sha256(f"{file}{position}".encode()).hexdigest()[:28]
                on = date.fromisoformat(cells[when].strip()[:10])
                found.append(Payment(order=order, on=on, cents=cents, seller=cells[who].strip()))
    for card in ("debit-v1", "debit-v2"):
        lines = (folder / f"icbc/{card}/example-icbc-{card}-records.csv").read_text("utf-8").splitlines()[7:18]
        for position, cells in enumerate(csv.reader(lines)):
            amounts = [cell.strip().replace(",", "") for cell in cells]
            cents = next(round(float(one) * 100) for one in amounts[8:11] if one.replace(".", "").isdigit())
            order = hashlib.sha256(f"{card}{position}".encode()).hexdigest()[:28]
            on = date.fromisoformat(amounts[0])
            found.append(
                Payment(order=order, on=on, cents=cents, seller=cells[-2 if card == "debit-v1" else -3].strip())
            )
    return found


def grown(payments: list[Payment], rows: int, seed: int, *, crowded: bool = False) -> list[Payment]:
    """As many payments: the real ones, then again with other orders and sellers, half of them at other prices and days.

    `crowded` gives all of them to the real sellers, of which each then sells as much more.
    """
    draw = random.Random(seed)
    found = payments[:rows]
    copy = 0
    while len(found) < rows:
        copy += 1
        for one in payments[: rows - len(found)]:
            order = hashlib.sha256(f"{seed}/{copy}/{one.order}".encode()).hexdigest()[: len(one.order)]
            cents = one.cents if draw.random() < 0.5 else max(100, round(one.cents * draw.uniform(0.6, 1.5)))
            on = one.on + timedelta(days=draw.randint(-40, 40))
            seller = one.seller if crowded else hashlib.sha256(f"{copy}/{one.seller}".encode()).hexdigest()[:32]
            found.append(Payment(order=order, on=on, cents=cents, seller=seller))
    return found


def corrupted(payments: list[Payment], mix: Mapping[str, float], seed: int, *, running_numbers: bool = False) -> World:
    """Both sides of the payments, and the truth. With `running_numbers` orders are numbered one after the other."""
    return _Corrupter(mix, seed, running_numbers=running_numbers).run(payments)


class _Corrupter:
    def __init__(self, mix: Mapping[str, float], seed: int, *, running_numbers: bool) -> None:
        self._mix, self._draw, self._running = mix, random.Random(seed), running_numbers
        self._world = World()
        self._positions: dict[int, int] = {}
        self._ids = iter(self._draw.sample(range(10**9), 10**6))

    def run(self, payments: list[Payment]) -> World:
        numbers = self._numbers(payments)
        kinds = {kind: share for kind, share in self._mix.items() if kind != "batch"}
        batched = self._batches(payments, numbers)
        for position, payment in enumerate(payments):
            if position in batched:
                continue
            kind = self._draw.choices([*kinds, "clean"], [*kinds.values(), max(0.0, 1 - sum(self._mix.values()))])[0]
            getattr(self, f"_{kind}")(payment, numbers[payment.order])
        self._draw.shuffle(self._world.ours)
        self._draw.shuffle(self._world.theirs)
        return self._world

    def _numbers(self, payments: list[Payment]) -> dict[str, str]:
        orders = sorted({one.order for one in payments})
        if not self._running:
            return {order: order for order in orders}
        self._draw.shuffle(orders)
        return {order: f"{20_260_000_000 + place}" for place, order in enumerate(orders)}

    def _batches(self, payments: list[Payment], numbers: Mapping[str, str]) -> set[int]:
        of_seller: dict[str, list[int]] = defaultdict(list)
        for position, payment in enumerate(payments):
            of_seller[payment.seller].append(position)
        batched: set[int] = set()
        most = round(self._mix.get("batch", 0) * len(payments))
        sellers = sorted(of_seller)
        self._draw.shuffle(sellers)
        for seller in sellers:
            waiting = sorted(of_seller[seller], key=lambda k: payments[k].on)
            while len(waiting) > 1 and len(batched) < most:
                first = waiting.pop(0)
                within = [k for k in waiting if (payments[k].on - payments[first].on).days <= 7]
                group = [first, *within[: self._draw.randint(1, 7)]]
                if len(group) < 2 or self._draw.random() < 0.5:
                    continue
                waiting = [k for k in waiting if k not in group]
                batched.update(group)
                self._batch([payments[k] for k in group], numbers)
        return batched

    def _batch(self, group: list[Payment], numbers: Mapping[str, str]) -> None:
        total = sum(one.cents for one in group)
        shown = total - _share(total, 25) if self._draw.random() < 0.4 else total
        on = max(one.on for one in group) + timedelta(days=self._draw.randint(1, 3))
        payout = self._their(group[0], "", on=on, cents=shown, party=group[0].seller)
        for one in group:
            self._link(self._our(one, numbers[one.order]), payout, "batch")

    def _our(self, one: Payment, number: str) -> Row:
        reference = f"P{self._positions.setdefault(id(one), len(self._positions))}"
        row = Row(
            row_id=f"A{next(self._ids)}",
            on=one.on,
            cents=one.cents,
            number=number,
            party=one.seller,
            reference=reference,
        )
        self._world.ours.append(row)
        self._world.twins[row.row_id] = f"ours/{one.order}/{one.cents}"
        self._world.orders[row.row_id] = one.order
        return row

    def _their(
        self, one: Payment, number: str, *, on: date | None = None, cents: int | None = None, party: str | None = None
    ) -> Row:
        if on is None:
            on = one.on + timedelta(days=self._draw.choice((0, 0, 0, 1, 1, 2)))
        if party is None:
            party = self._party(one.seller)
        cents = one.cents if cents is None else cents
        row = Row(row_id=f"B{next(self._ids)}", on=on, cents=cents, number=number, party=party)
        self._world.theirs.append(row)
        self._world.twins[row.row_id] = f"theirs/{one.order}/{cents}" if number else row.row_id
        self._world.orders[row.row_id] = one.order if number else row.row_id
        return row

    def _party(self, name: str) -> str:
        chance = self._draw.random()
        if chance < 0.05:
            return ""
        return f"{name[:3]}***{name[-2:]}" if chance < 0.2 else name

    def _link(self, ours: Row, theirs: Row, kind: str) -> None:
        self._world.links[ours.row_id, theirs.row_id] = kind

    def _clean(self, one: Payment, number: str) -> None:
        self._link(self._our(one, number), self._their(one, number), "clean")

    def _shifted(self, one: Payment, number: str, kind: str = "shifted") -> None:
        days = self._draw.choice((-3, -2, -1, *range(3, 31)))
        self._link(self._our(one, number), self._their(one, number, on=one.on + timedelta(days=days)), kind)

    def _fee(self, one: Payment, number: str) -> None:
        cents = one.cents - _share(one.cents, self._draw.choice((25, 6)))
        self._link(self._our(one, number), self._their(one, number, cents=cents), "fee")

    def _split(self, one: Payment, number: str) -> None:
        ours = self._our(one, number)
        parts = self._draw.choice((2, 2, 3))
        if one.cents < 10 * parts:
            parts = 1
        cuts = sorted(self._draw.sample(range(1, one.cents), parts - 1))
        has_number = self._draw.random() < 0.8
        for low, high in zip([0, *cuts], [*cuts, one.cents], strict=True):
            on = one.on + timedelta(days=self._draw.randint(0, 5))
            party = None if has_number else one.seller
            theirs = self._their(one, number if has_number else "", on=on, cents=high - low, party=party)
            self._link(ours, theirs, "split")

    def _refund(self, one: Payment, number: str) -> None:
        ours = self._our(one, number)
        self._link(ours, self._their(one, number), "refund")
        back = max(1, round(one.cents * self._draw.uniform(0.05, 0.9)))
        on = one.on + timedelta(days=self._draw.randint(3, 20))
        self._link(ours, self._their(one, number, on=on, cents=-back), "refund")

    def _netted(self, one: Payment, number: str) -> None:
        cents = max(1, round(one.cents * self._draw.uniform(0.1, 0.93)))
        self._link(self._our(one, number), self._their(one, number, cents=cents), "netted")

    def _typo(self, one: Payment, number: str) -> None:
        self._link(self._our(one, number), self._their(one, self._slip(number)), "typo")

    def _typo_twice(self, one: Payment, number: str) -> None:
        self._link(self._our(one, number), self._their(one, self._slip(self._slip(number))), "typo_twice")

    def _cut(self, one: Payment, number: str) -> None:
        half = (len(number) + 1) // 2
        shown = number[:half] if self._draw.random() < 0.5 else number[-half:]
        self._link(self._our(one, number), self._their(one, shown), "cut")

    def _typo_fee(self, one: Payment, number: str) -> None:
        cents = one.cents - _share(one.cents, 25)
        self._link(self._our(one, number), self._their(one, self._slip(number), cents=cents), "typo_fee")

    def _typo_shifted(self, one: Payment, number: str) -> None:
        on = one.on + timedelta(days=self._draw.randint(3, 9))
        self._link(self._our(one, number), self._their(one, self._slip(number), on=on), "typo_shifted")

    def _rewritten(self, one: Payment, number: str) -> None:
        middle = len(number) // 2
        ways = (
            number.upper(),
            f"{number[:middle]}-{number[middle:]}",
            f"T200P{number}",
            f"  {number}\t",
            f"000{number}",
            "".join(chr(ord(one) + 0xFEE0) for one in number),
        )
        self._link(self._our(one, number), self._their(one, self._draw.choice(ways)), "rewritten")

    def _no_key(self, one: Payment, number: str) -> None:
        self._link(self._our(one, number), self._their(one, "", party=one.seller), "no_key")

    def _twice_theirs(self, one: Payment, number: str) -> None:
        theirs = self._their(one, number)
        self._link(self._our(one, number), theirs, "twice_theirs")
        on = theirs.on + timedelta(days=self._draw.randint(0, 2))
        again = self._their(one, number, on=on, party=theirs.party)
        self._world.alone[again.row_id] = "twice_theirs"

    def _twice_ours(self, one: Payment, number: str) -> None:
        self._link(self._our(one, number), self._their(one, number), "twice_ours")
        self._world.alone[self._our(one, number).row_id] = "twice_ours"

    def _not_theirs(self, one: Payment, number: str) -> None:
        self._world.alone[self._our(one, number).row_id] = "not_theirs"

    def _not_ours(self, one: Payment, number: str) -> None:
        self._world.alone[self._their(one, number).row_id] = "not_ours"

    def _slip(self, number: str) -> str:
        place = self._draw.randrange(len(number) - 1)
        other = self._draw.choice("0123456789" if number.isdigit() else "0123456789abcdef")
        way = self._draw.randrange(4)
        if way == 0:
            return number[:place] + other + number[place + 1 :]
        if way == 1:
            return number[:place] + number[place + 1 :]
        if way == 2:
            return number[:place] + other + number[place:]
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def _share(cents: int, permille: int) -> int:
    return (cents * permille + 500) // 1000


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
