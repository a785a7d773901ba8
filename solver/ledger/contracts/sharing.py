"""What sharing an order comes to: who has what of the money paid, and every step to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from solver.ledger.contracts.model import Contract, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rule applied: so much (negative: taken off) for a party, of a base at a rate, by a contract.

    `rule` is one of the names in docs/sharing.md. `line_id` is a line's or a package's; empty: of the whole order.
    `base` says what `base_minor` is, in a word; `rate` is as people write it, empty where there is none.
    """

    rule: str
    role: Role
    party: str
    amount_minor: int
    line_id: str = ""
    contract: str = ""
    base: str = ""
    base_minor: int = 0
    rate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a party has of an order in the end; negative: it gives."""

    role: Role
    party: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Who has what of `paid_minor`. The shares sum to it, and each party's steps to its share."""

    order_id: str
    currency: str
    paid_minor: int
    shares: tuple[Share, ...]
    steps: tuple[Step, ...]

    def of(self, role: Role, party: str = "") -> int:
        """A party's share; 0 where it has none."""
        return sum(share.amount_minor for share in self.shares if (share.role, share.party) == (role, party))


def step(contract: Contract, rule: str, amount_minor: int, **said: str | int) -> Step:
    """A step for a contract's own party."""
    return Step(
        rule=rule,
        role=contract.role,
        party=contract.party,
        contract=contract.name,
        amount_minor=amount_minor,
        **said,  # type: ignore[arg-type]  # the names are those of Step
    )


def summed(steps: Iterable[Step]) -> tuple[Share, ...]:
    """What the steps come to by party, in the order in which parties first appear."""
    sums: dict[tuple[Role, str], int] = {}
    for one in steps:
        key = (one.role, one.party)
        sums[key] = sums.get(key, 0) + one.amount_minor
    return tuple(Share(role=role, party=party, amount_minor=minor) for (role, party), minor in sums.items())


def change(before: Sharing, after: Sharing) -> Sharing:
    """What a later sharing of the same order gives and takes beside an earlier one; shares that stay are left out."""
    sums = {(share.role, share.party): -share.amount_minor for share in before.shares}
    for share in after.shares:
        key = (share.role, share.party)
        sums[key] = sums.get(key, 0) + share.amount_minor
    return Sharing(
        order_id=after.order_id,
        currency=after.currency,
        paid_minor=after.paid_minor - before.paid_minor,
        shares=tuple(
            Share(role=role, party=party, amount_minor=minor) for (role, party), minor in sums.items() if minor
        ),
        steps=tuple(_steps_changed(before, after)),
    )


def _steps_changed(before: Sharing, after: Sharing) -> Iterable[Step]:
    """Steps of each by rule, party, line: what went is taken back, what came is given, what stays is not shown."""
    stays = set(before.steps) & set(after.steps)
    for one in before.steps:
        if one not in stays:
            yield Step(
                rule=one.rule,
                role=one.role,
                party=one.party,
                contract=one.contract,
                line_id=one.line_id,
                base=one.base,
                base_minor=-one.base_minor,
                rate=one.rate,
                amount_minor=-one.amount_minor,
            )
    yield from (one for one in after.steps if one not in stays)
