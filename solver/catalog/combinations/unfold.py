"""An order as it is unfolded: what is fixed and what the buyer chose first, then what stock and chance decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from solver.catalog.combinations.basket import Given, Seen
from solver.catalog.combinations.draws import Shelf, Where, draw_units
from solver.catalog.combinations.flat import (
    Flat,
    FlatChoice,
    FlatDraw,
    FlatGift,
    FlatOption,
    FlatStock,
    FlatTradeIn,
    Opening,
)
from solver.catalog.combinations.limits import Limit, allowed_units, in_stock
from solver.catalog.combinations.outcome import Decision, GiftOutcome, Incoming, Piece, Taken, Withheld
from solver.catalog.combinations.pricing import Bill
from solver.catalog.combinations.wishes import Wishes
from solver.errors import Violations

_NEVER = Given()


@dataclass(slots=True, kw_only=True)
class Unfolding:
    """What came of the order so far. `recorded` are decisions of before, by line and path; they are repeated."""

    order_id: str
    seed: str
    seen: Seen
    shelf: Shelf
    recorded: Mapping[tuple[str, str], Decision]
    violations: Violations
    pieces: list[Piece] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    gifts: list[GiftOutcome] = field(default_factory=list)
    incoming: list[Incoming] = field(default_factory=list)
    undecided: list[tuple[FlatStock | FlatDraw, str, int]] = field(default_factory=list)
    promised: list[tuple[FlatGift, str, int]] = field(default_factory=list)
    given: dict[str, int] = field(default_factory=dict)

    def unfold(self, line_id: str, flat: Flat, units: int, wishes: Wishes, bill: Bill) -> None:
        """Take over so many units of a flat form for a line; what stock and chance decide is kept for later."""
        self.place(line_id, flat, units)
        bill.add_list(units, flat.list_minor)
        bill.deposit_minor += units * flat.deposit_minor
        bill.bonus_minor += units * flat.bonus_minor
        for opening in flat.openings:
            self._open(line_id, opening, units * opening.units, wishes, bill)

    def place(self, line_id: str, flat: Flat, units: int) -> None:
        """Take so many units of the fixed parts."""
        self._add(line_id, flat, units)
        self.shelf.take(flat.needs, units)

    def _add(self, line_id: str, flat: Flat, units: int) -> None:
        self.pieces += [
            Piece(line_id, sku, units * count, path, role, group, due_days)
            for sku, count, path, role, group, due_days in flat.parts
        ]

    def _open(self, line_id: str, opening: Opening, units: int, wishes: Wishes, bill: Bill) -> None:
        match opening:
            case FlatChoice():
                self._choose(line_id, opening, units, wishes, bill)
            case FlatTradeIn():
                self._hand_in(line_id, opening, units, wishes, bill)
            case FlatStock() | FlatDraw():
                self.undecided.append((opening, line_id, units))
            case FlatGift():
                self.promised.append((opening, line_id, units))

    def _choose(self, line_id: str, choice: FlatChoice, units: int, wishes: Wishes, bill: Bill) -> None:
        chosen = wishes.of_choice(choice)
        for code, count in chosen.items():
            option = choice.options[code]
            bill.extra_minor += units * count * option.extra_minor
            self.unfold(line_id, option.flat, units * count, wishes, bill)
        if not chosen and choice.otherwise is not None:
            self.unfold(line_id, choice.otherwise, units, wishes, bill)

    def _hand_in(self, line_id: str, trade_in: FlatTradeIn, units: int, wishes: Wishes, bill: Bill) -> None:
        for code in wishes.of_trade_in(trade_in):
            accepted = trade_in.accepts[code]
            bill.credit_minor += units * accepted.credit_minor
            self.incoming.append(
                Incoming(line_id=line_id, item_id=accepted.item_id, units=units * accepted.units, path=trade_in.path)
            )

    def decide(self) -> None:
        """Let stock and chance decide, in the sequence of the lines; then give the gifts of what is left."""
        for opening, line_id, units in self.undecided:
            if isinstance(opening, FlatDraw):
                self._draw(opening, line_id, units)
            else:
                self._by_stock(opening, line_id, units)
        for gift, line_id, units in self.promised:
            self._give(gift, line_id, units)

    def refuse_foreign(self) -> None:
        """Record the decisions given that are of nothing in this order."""
        made = {(decision.line_id, decision.path) for decision in self.decisions}
        for line_id, path in self.recorded:
            remedy = "nothing is decided there in this order; give the decisions of this very order, or none"
            self.violations.require((line_id, path) in made, f"decisions[{line_id}:{path}]", path, remedy)

    def _draw(self, draw: FlatDraw, line_id: str, units: int) -> None:
        decision = self._repeated(line_id, draw, [chance.code for chance in draw.chances], units * draw.count)
        if decision is None:
            decision = draw_units(draw, units, self._where(line_id, draw.path), self.shelf)
            flats = {chance.code: chance.flat for chance in draw.chances}
            for taken in decision.taken:  # from the shelf already
                self._add(line_id, flats[taken.code], taken.units)
        else:
            self._place_all(line_id, draw.chances, decision)
        self.decisions.append(decision)

    def _by_stock(self, opening: FlatStock, line_id: str, units: int) -> None:
        decision = self._repeated(line_id, opening, [option.code for option in opening.options], units)
        if decision is None:
            fitting = (one for one in opening.options if self.shelf.fits(one.flat.needs, units))
            option = next(fitting, None)
            decision = Decision(
                line_id=line_id,
                path=opening.path,
                primitive=opening.primitive,
                taken=(Taken(code=(option or opening.options[0]).code, units=units),),
                available=self.shelf.seen(opening.options),
                is_short=option is None,
            )
        self._place_all(line_id, opening.options, decision)
        self.decisions.append(decision)

    def _give(self, gift: FlatGift, line_id: str, wished: int) -> None:
        decision = self.recorded.get((line_id, gift.path))
        if decision is None:
            decision = self._decided_gift(gift, line_id, wished)
        elif not self._known(decision, [option.code for option in gift.options], most=wished):
            return
        options = {option.code: option for option in gift.options}
        for taken in decision.taken:
            flat = options[taken.code].flat
            self.place(line_id, flat, taken.units)
            for draw in flat.openings:
                assert isinstance(draw, FlatDraw), "sound gifts have draws within, and nothing else that is open"
                self._draw(draw, line_id, taken.units * draw.units)
        units = sum(taken.units for taken in decision.taken)
        self.given[gift.gift_id] = self.given.get(gift.gift_id, 0) + units
        self.decisions.append(decision)
        self.gifts.append(
            GiftOutcome(
                line_id=line_id,
                gift_id=gift.gift_id,
                path=gift.path,
                given_units=units,
                withheld_units=wished - units,
                reason=decision.reason,
                most_per_customer=gift.most_per_customer,
                most_in_total=gift.most_in_total,
            )
        )

    def _decided_gift(self, gift: FlatGift, line_id: str, wished: int) -> Decision:
        before, here = self.seen.given.get(gift.gift_id, _NEVER), self.given.get(gift.gift_id, 0)
        limits = (
            Limit(gift.most_per_order, here, Withheld.ORDER_LIMIT),
            Limit(gift.most_per_customer, here + before.to_customer, Withheld.CUSTOMER_LIMIT),
            Limit(gift.most_in_total, here + before.in_total, Withheld.TOTAL_LIMIT),
        )
        allowed, reason = allowed_units(wished, limits)
        left, taken = allowed, []
        shelf = Shelf(available=self.shelf.available, taken=dict(self.shelf.taken))
        for option in gift.options:
            units = in_stock(option.flat, left, self._where(line_id, ""), shelf)
            if units:
                taken.append(Taken(code=option.code, units=units))
                left -= units
        return Decision(
            line_id=line_id,
            path=gift.path,
            primitive="gift",
            taken=tuple(taken),
            available=self.shelf.seen(gift.options),
            reason=Withheld.OUT_OF_STOCK if left else reason,
        )

    def _place_all(self, line_id: str, options: tuple[FlatOption, ...], decision: Decision) -> None:
        flats = {option.code: option.flat for option in options}
        for taken in decision.taken:
            self.place(line_id, flats[taken.code], taken.units)

    def _repeated(self, line_id: str, opening: Opening, codes: list[str], units: int) -> Decision | None:
        decision = self.recorded.get((line_id, opening.path))
        if decision is not None and self._known(decision, codes, least=units, most=units):
            return decision
        return None

    def _known(self, decision: Decision, codes: list[str], *, most: int, least: int = 0) -> bool:
        """Whether a recorded decision is one of this order as it is; recorded as a violation where not."""
        units = sum(taken.units for taken in decision.taken)
        sound = least <= units <= most and all(taken.code in codes and taken.units > 0 for taken in decision.taken)
        path = f"decisions[{decision.line_id}:{decision.path}]"
        stated = ", ".join(f"{taken.units} {taken.code}" for taken in decision.taken)
        remedy = f"the order asks for {most} of {', '.join(codes)}; give the decisions of this very order, or none"
        return self.violations.require(sound, path, stated, remedy)

    def _where(self, line_id: str, path: str) -> Where:
        return Where(seed=self.seed, order_id=self.order_id, line_id=line_id, path=path)
