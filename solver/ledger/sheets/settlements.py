"""A settlement as a sheet: what each order came to, and what is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from solver.ledger.sheets.model import CellKind, Column, Sheet
from solver.money import format_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRow:
    """One figure of a settlement: by which rule, of which base at which rate (as people write it).

    `for_minor` is what the party is given, `against_minor` what is taken from it.
    """

    on: date
    order_id: str
    charge: str
    text: str
    text_zh: str
    base_minor: int
    rate: str
    for_minor: int
    against_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementFacts:
    """Whose settlement it is, of which days. `carried_minor` comes from the settlement before."""

    settlement_id: str
    party: str
    first: date
    last: date
    currency: str
    carried_minor: int = 0


_COLUMNS = (
    Column(head="Date", head_zh="日期", meaning="The business date.", meaning_zh="业务日期。", kind=CellKind.DAY),
    Column(head="Order", head_zh="订单", meaning="The order.", meaning_zh="订单号。", width=20),
    Column(head="Charge", head_zh="项目", meaning="What kind of figure it is.", meaning_zh="结算项目。", width=18),
    Column(head="Why", head_zh="英文说明", meaning="The rule in words.", meaning_zh="规则的英文说明。", width=36),
    Column(head="Why (Chinese)", head_zh="说明", meaning="The rule in Chinese.", meaning_zh="规则说明。", width=36),
    Column(
        head="Base",
        head_zh="基数",
        meaning="The amount that the rate is applied to.",
        meaning_zh="计算基数。",
        kind=CellKind.MONEY,
    ),
    Column(head="Rate", head_zh="比例", meaning="The rate, or - for a fixed amount.", meaning_zh="比例，定额为 -。"),
    Column(
        head="For",
        head_zh="应付对方",
        meaning="What the party is given.",
        meaning_zh="应付给对方的金额。",
        kind=CellKind.MONEY,
        is_summed=True,
    ),
    Column(
        head="Against",
        head_zh="应扣",
        meaning="What is taken from the party.",
        meaning_zh="向对方扣减的金额。",
        kind=CellKind.MONEY,
        is_summed=True,
    ),
    Column(
        head="Balance",
        head_zh="累计应付",
        meaning="What is payable after this line, beginning with what was carried forward.",
        meaning_zh="本行之后的累计应付额，含上期结转。",
        kind=CellKind.MONEY,
        difference_of=(7, 8),
        running=True,
    ),
)


def settlement_sheet(facts: SettlementFacts, rows: Sequence[SettlementRow]) -> Sheet:
    """The sheet that goes to the party."""
    balance = facts.carried_minor
    cells = []
    for row in rows:
        balance += row.for_minor - row.against_minor
        cells.append(
            (
                row.on,
                row.order_id,
                row.charge,
                row.text,
                row.text_zh,
                row.base_minor,
                row.rate,
                row.for_minor,
                row.against_minor,
                balance,
            )
        )
    return Sheet(
        name=f"Settlement {facts.party}",
        title=f"Settlement {facts.settlement_id}",
        title_zh="结算单",
        currency=facts.currency,
        facts=[
            ("Party 对方", facts.party),
            ("Currency 币种", facts.currency),
            ("Period 期间", f"{facts.first} - {facts.last}"),
            ("Carried forward 上期结转", format_minor(facts.carried_minor, facts.currency)),
            ("Payable 本期应付", format_minor(balance, facts.currency)),
        ],
        columns=_COLUMNS,
        rows=cells,
        note="Every figure of the settlement with its rule; the last balance is what is payable.",
        note_zh="结算的每一笔金额及其规则；末行累计应付为本期应付。",
        opening_minor=facts.carried_minor,
    )
