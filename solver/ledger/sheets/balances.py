"""The trial balance and account statements as sheets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from solver.ledger.sheets.model import Cell, CellKind, Column, Sheet
from solver.money import format_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalance:
    """An account's line of a trial balance; `number` is that of the chart of accounts."""

    account: str
    number: str
    name: str
    name_zh: str
    currency: str
    debit_minor: int
    credit_minor: int
    entity: str = ""
    opening_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMovement:
    """A line of an account's statement: a posting to it, and where it comes from."""

    on: date
    voucher_id: str
    kind: str
    source: str
    debit_minor: int
    credit_minor: int
    order_id: str = ""
    text: str = ""


_DEBIT = Column(
    head="Debit",
    head_zh="借方",
    meaning="Everything debited in the period.",
    meaning_zh="本期借方发生额。",
    kind=CellKind.MONEY,
    is_summed=True,
    width=16,
)
_CREDIT = Column(
    head="Credit",
    head_zh="贷方",
    meaning="Everything credited in the period.",
    meaning_zh="本期贷方发生额。",
    kind=CellKind.MONEY,
    is_summed=True,
    width=16,
)


def _text(head: str, head_zh: str, meaning: str, meaning_zh: str, width: int = 16) -> Column:
    return Column(head=head, head_zh=head_zh, meaning=meaning, meaning_zh=meaning_zh, width=width)


_BALANCE_COLUMNS = (
    _text("Number", "科目编号", "The account's number in the chart.", "会计科目表中的编号。", 10),
    _text("Account", "科目代码", "Its code, and behind / whose account it is.", "科目代码，/ 后为往来单位。", 30),
    _text("Name", "科目名称", "What it is called.", "科目的英文名称。", 28),
    _text("Chinese name", "中文名称", "What it is called in Chinese.", "科目的中文名称。", 28),
    Column(
        head="Before",
        head_zh="期初余额",
        meaning="What it held before the period, debit less credit.",
        meaning_zh="期初余额，借方为正。",
        kind=CellKind.MONEY,
        is_summed=True,
        width=16,
    ),
    _DEBIT,
    _CREDIT,
    Column(
        head="Balance",
        head_zh="余额",
        meaning="Before, plus debit, less credit: above zero what we own or spent, below what we owe or earned.",
        meaning_zh="期初加借方减贷方；正数为借方余额，负数为贷方余额。",
        kind=CellKind.MONEY,
        is_summed=True,
        difference_of=(5, 6),
        added_to=4,
        width=16,
    ),
)
_STATEMENT_COLUMNS = (
    Column(head="Date", head_zh="日期", meaning="The business date.", meaning_zh="业务日期。", kind=CellKind.DAY),
    _text("Voucher", "凭证号", "The voucher that moved the account.", "引起变动的凭证。"),
    _text("Event", "事件", "What kind of event left it.", "产生凭证的业务事件。", 20),
    _text(
        "Source", "来源", "What it is linked to: a plan, a settlement, an invoice.", "关联的计划、结算单、发票等。", 26
    ),
    _text("Order", "订单", "The order it is about, where there is one.", "相关订单号。"),
    _DEBIT,
    _CREDIT,
    Column(
        head="Balance",
        head_zh="余额",
        meaning="The balance after this line: the one above, plus debit, less credit.",
        meaning_zh="本行之后的余额：上行余额加借方减贷方。",
        kind=CellKind.MONEY,
        difference_of=(5, 6),
        running=True,
        width=16,
    ),
    _text("Text", "摘要", "Why, where somebody said so.", "摘要。", 40),
)


def trial_balance_sheets(rows: Iterable[AccountBalance], *, period: str) -> list[Sheet]:
    """A sheet for each entity and currency; the balances of each must sum to zero, and a cell says whether they do."""
    groups: dict[tuple[str, str], list[AccountBalance]] = {}
    for row in rows:
        groups.setdefault((row.entity, row.currency), []).append(row)
    return [_trial_balance(entity, currency, group, period) for (entity, currency), group in sorted(groups.items())]


def statement_sheet(
    account: str,
    movements: Sequence[AccountMovement],
    *,
    currency: str,
    opening_minor: int,
    period: str,
    entity: str = "",
) -> Sheet:
    """The statement of one account: what it opened with, every movement, the balance after each."""
    balance = opening_minor
    rows: list[Sequence[Cell]] = []
    for one in movements:
        balance += one.debit_minor - one.credit_minor
        rows.append(
            (
                one.on,
                one.voucher_id,
                one.kind,
                one.source,
                one.order_id,
                one.debit_minor,
                one.credit_minor,
                balance,
                one.text,
            )
        )
    return Sheet(
        name=account,
        title=f"Statement of {account}",
        title_zh="明细账",
        currency=currency,
        facts=[
            *_facts(entity, currency, period),
            ("Opening 期初余额", format_minor(opening_minor, currency)),
            ("Closing 期末余额", format_minor(balance, currency)),
        ],
        columns=_STATEMENT_COLUMNS,
        rows=rows,
        note="Every posting to one account; the last balance is that of the trial balance.",
        note_zh="一个科目的全部发生额，末行余额与试算平衡表一致。",
        opening_minor=opening_minor,
    )


def _trial_balance(entity: str, currency: str, group: Sequence[AccountBalance], period: str) -> Sheet:
    ordered = sorted(group, key=lambda row: (row.number, row.account))
    return Sheet(
        name=" ".join(part for part in ("Trial balance", entity, currency) if part),
        title="Trial balance",
        title_zh="试算平衡表",
        currency=currency,
        facts=_facts(entity, currency, period),
        columns=_BALANCE_COLUMNS,
        rows=[
            (
                row.number,
                row.account,
                row.name,
                row.name_zh,
                row.opening_minor,
                row.debit_minor,
                row.credit_minor,
                row.opening_minor + row.debit_minor - row.credit_minor,
            )
            for row in ordered
        ],
        note="Every account with a posting. Debits equal credits, so the balances sum to zero.",
        note_zh="所有有发生额的科目。借贷必相等，余额合计为零。",
        should_be_zero=(7,),
    )


def _facts(entity: str, currency: str, period: str) -> list[tuple[str, str]]:
    facts = [("Currency 币种", currency), ("Period 期间", period)]
    return [("Entity 法人主体", entity), *facts] if entity else facts
