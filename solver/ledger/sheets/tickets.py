"""Differences as sheets: how old they are, and each of them with its suggested cause."""

from collections.abc import Iterable

from solver.ledger.differences.ageing import Ageing, age_days, bucket_names
from solver.ledger.differences.model import Ticket, TicketState
from solver.ledger.sheets.model import CellKind, Column, Sheet

_KEY = (
    Column(head="Owner", head_zh="负责人", meaning="Who looks after them.", meaning_zh="负责人。", width=22),
    Column(head="Kind", head_zh="差异类型", meaning="What is wrong.", meaning_zh="差异类型。"),
)


def ageing_sheets(report: Ageing, tickets: Iterable[Ticket]) -> list[Sheet]:
    """For each currency the ageing, and the open tickets behind it."""
    open_tickets = [ticket for ticket in tickets if ticket.state is TicketState.OPEN]
    sheets: list[Sheet] = []
    for currency in sorted({row.currency for row in report.rows}):
        sheets.append(_ageing(report, currency))
        sheets.append(_open(report, currency, [one for one in open_tickets if one.currency == currency]))
    return sheets


def _ageing(report: Ageing, currency: str) -> Sheet:
    closed = f"{report.closed_within_aim} of {report.closed_tickets}"
    return Sheet(
        name=f"Ageing {currency}",
        title="Ageing of differences",
        title_zh="差异账龄表",
        currency=currency,
        facts=[
            ("At 截至", report.at.isoformat(timespec="minutes")),
            ("Aim, days 目标天数", str(report.aim_days)),
            ("Closed within the aim 按期关闭", closed),
        ],
        columns=(
            *_KEY,
            _count("Tickets", "张数", "How many are open.", "未关闭张数。"),
            _count("Late", "超期", "How many are older than the aim.", "超过目标天数的张数。"),
            Column(
                head="Oldest, days",
                head_zh="最长天数",
                meaning="The age of the oldest.",
                meaning_zh="最早一张的天数。",
                kind=CellKind.COUNT,
            ),
            *(
                Column(
                    head=name,
                    head_zh="金额",
                    meaning=f"Amounts without sign of those {name} old.",
                    meaning_zh=f"账龄 {name} 的差异金额（绝对值）。",
                    kind=CellKind.MONEY,
                    is_summed=True,
                )
                for name in bucket_names()
            ),
            Column(
                head="Amount",
                head_zh="合计金额",
                meaning="All ages together.",
                meaning_zh="各账龄合计。",
                kind=CellKind.MONEY,
                is_summed=True,
            ),
        ),
        rows=[
            (row.owner, row.kind, row.tickets, row.late, row.oldest_days, *row.amounts_minor, row.amount_minor)
            for row in report.rows
            if row.currency == currency
        ],
        note="Open differences by owner and kind. A short and a long payment do not cancel out.",
        note_zh="按负责人和类型列示未关闭差异；多付与少付不相互抵销。",
    )


def _open(report: Ageing, currency: str, tickets: list[Ticket]) -> Sheet:
    return Sheet(
        name=f"Open {currency}",
        title="Open differences",
        title_zh="未关闭差异",
        currency=currency,
        facts=[("At 截至", report.at.isoformat(timespec="minutes"))],
        columns=(
            Column(head="Ticket", head_zh="差异单", meaning="Its id.", meaning_zh="差异单号。", width=24),
            *_KEY,
            Column(
                head="Opened",
                head_zh="建立时间",
                meaning="When, in UTC.",
                meaning_zh="建立时间（UTC）。",
                kind=CellKind.TIME,
            ),
            _count("Days", "天数", "Whole days since then.", "已开天数。", is_summed=False),
            Column(
                head="Amount",
                head_zh="差异金额",
                meaning="What they show less what we booked.",
                meaning_zh="对方金额减我方金额。",
                kind=CellKind.MONEY,
                is_summed=True,
            ),
            Column(head="Records", head_zh="涉及记录", meaning="Ours and theirs.", meaning_zh="双方记录。", width=30),
            Column(head="Found", head_zh="发现", meaning="What was found.", meaning_zh="核对发现。", width=50),
            Column(
                head="Likely cause", head_zh="可能原因(英)", meaning="By rule.", meaning_zh="按规则建议。", width=50
            ),
            Column(head="In Chinese", head_zh="可能原因", meaning="The same.", meaning_zh="同上，中文。", width=50),
        ),
        rows=[
            (
                one.ticket_id,
                one.owner,
                str(one.kind),
                one.opened_at,
                age_days(one, report.at),
                one.amount_minor,
                ", ".join(one.refs),
                one.evidence,
                one.suggestion.cause,
                one.suggestion.cause_zh,
            )
            for one in sorted(tickets, key=lambda one: (one.opened_at, one.ticket_id))
        ],
        note="The tickets behind the ageing, the oldest first.",
        note_zh="账龄表对应的差异单，按时间先后。",
    )


def _count(head: str, head_zh: str, meaning: str, meaning_zh: str, *, is_summed: bool = True) -> Column:
    return Column(
        head=head, head_zh=head_zh, meaning=meaning, meaning_zh=meaning_zh, kind=CellKind.COUNT, is_summed=is_summed
    )
