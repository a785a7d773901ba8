"""What orders that were decided together come to, on a screen."""

from collections.abc import Callable, Iterator

from rich.markup import escape
from rich.table import Table

from solver.money import format_minor
from solver.waves.plan import SplitCost, WavePlan

PRICES_SHOWN = 10
_CHINESE = {
    "the wave": "整批",
    "total": "总成本",
    "at least": "下界",
    "gap": "差距",
    "orders": "订单",
    "opening": "开仓",
    "over_capacity": "超产能",
    "quota": "配额",
    "priority": "优先级",
    "opened": "开启的源",
    "decided by itself": "单独决策",
    "refused": "未受理",
    "shipped as one": "合单",
    "scarce": "稀缺",
    "in parts": "分块",
}


def wave_details(wave: WavePlan, *, chinese: bool) -> Table:
    """Costs, bound and gap; what stood apart; and what one more unit of the scarcest things is worth."""
    table = Table(title=_word("the wave", chinese=chinese), title_justify="left", show_header=False, pad_edge=False)
    table.add_column("figure", no_wrap=True)
    table.add_column("value", overflow="fold")
    for name, value in _rows(wave, chinese=chinese):
        table.add_row(_word(name, chinese=chinese), escape(value))
    return table


def _rows(wave: WavePlan, *, chinese: bool) -> Iterator[tuple[str, str]]:
    def money(amount_minor: int) -> str:
        return format_minor(amount_minor, wave.currency, wave.money_decimals)

    yield "total", f"{money(wave.total_minor)} {wave.currency}"
    for term, amount in wave.cost_minor.items():
        if amount:
            yield str(term), money(amount)
    yield "at least", money(wave.bound_minor)
    yield "gap", f"{money(wave.gap_minor)} ({100 * wave.gap_minor / max(1, wave.total_minor):.2f} %)"
    if wave.split is not None:
        yield "in parts", _split_text(wave.split, money, chinese=chinese)
    if wave.opened:
        yield "opened", ", ".join(wave.opened)
    for outside in wave.outside:
        yield "decided by itself", f"{outside.order_id}: {outside.reason}"
    for refused in wave.refused:
        yield "refused", f"{refused.order_id}: {refused.field}: {refused.reason}"
    for merge in wave.merges:
        yield "shipped as one", f"{', '.join(merge.order_ids)}: -{money(merge.saving_minor)}"
    for price in wave.prices[:PRICES_SHOWN]:
        yield "scarce", price.text_zh if chinese else price.text


def _split_text(split: SplitCost, money: Callable[[int], str], *, chinese: bool) -> str:
    most, recovered = money(split.most_minor), money(split.recovered_minor)
    if chinese:
        return f"{split.parts} 块；拆分至多多花 {most}，其后收回 {recovered}"
    return f"{split.parts}; the split cost {most} at most, of which {recovered} was recovered"


def _word(name: str, *, chinese: bool) -> str:
    return _CHINESE.get(name, name) if chinese else name.replace("_", " ")
