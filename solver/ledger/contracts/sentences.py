"""A step of sharing as a sentence, in English and in Chinese."""

from solver.ledger.contracts.sharing import Step
from solver.money import format_minor

_BASES = {
    "list": ("list price", "标价"),
    "paid": ("paid price", "实付价"),
    "net": ("net price", "净价"),
    "discount": ("discount", "优惠"),
    "tariff": ("tariff", "运价"),
    "freight": ("freight", "运费"),
    "return": ("freight of returns", "退货运费"),
    "units": ("units", "件数"),
    "amount": ("amount of the period", "期间金额"),
    "growth": ("amount of the period before", "上期金额"),
    "share": ("share of the period", "期间分成"),
}
# By rule: what is said in English and in Chinese. {what} is the base at the rate, {which} the line or package.
_SAID = {
    "tax": ("Tax contained in the price{which}: {amount}.", "价格{which}内含税款：{amount}。"),
    "commission": ("{party} takes {what}{which}: {amount}.", "{party} 按{what}收取佣金{which}：{amount}。"),
    "commission_minimum": (
        "{party}'s commission of an order is at least {base}: {amount} more.",
        "{party} 每单佣金最低 {base}：补 {amount}。",
    ),
    "commission_cap": (
        "{party}'s commission of an order is at most {base}: {amount}.",
        "{party} 每单佣金封顶 {base}：{amount}。",
    ),
    "service_fee": ("{party}'s service fee of the order: {amount}.", "{party} 每单服务费：{amount}。"),
    "settlement_price": (
        "{party} has the settlement price {rate} a unit{which}: {amount}.",
        "{party} 按结算价 {rate}/件{which}：{amount}。",
    ),
    "source_share": ("{party} has {what}{which}: {amount}.", "{party} 按{what}分成{which}：{amount}。"),
    "discount_borne": ("{party} bears {what}{which}: {amount}.", "{party} 承担{what}{which}：{amount}。"),
    "freight_borne": ("{party} bears {what}: {amount}.", "{party} 承担{what}：{amount}。"),
    "return_borne": ("{party} bears {what}: {amount}.", "{party} 承担{what}：{amount}。"),
    "logistics_fee": ("{party} is paid {what}{which}: {amount}.", "{party} 按{what}收取物流费{which}：{amount}。"),
    "logistics_minimum": (
        "{party}'s fee is at least {base}{which}: {amount} more.",
        "{party} 物流费最低 {base}{which}：补 {amount}。",
    ),
    "package_fee": ("{party} has a fee for every package{which}: {amount}.", "{party} 每件包裹另收{which}：{amount}。"),
    "remainder": ("What is left of the money paid stays with the company: {amount}.", "实付余额归公司：{amount}。"),
    "rebate": ("{party} is given back {what}: {amount}.", "{party} 按{what}返利：{amount}。"),
    "rebate_growth": (
        "{party} has grown by {base} and is given {rate} more: {amount}.",
        "{party} 增长 {base}，加返 {rate}：{amount}。",
    ),
    "guarantee": (
        "{party} is guaranteed {base} for the period: {amount} more.",
        "{party} 期间保底 {base}：补 {amount}。",
    ),
}

RULES = tuple(_SAID)


def in_english(step: Step, currency: str) -> str:
    """The step as an English sentence."""
    base = format_minor(step.base_minor, currency)
    noun = _BASES.get(step.base, (step.base, step.base))[0]
    return _SAID[step.rule][0].format(
        party=step.party,
        what=f"{step.rate} of the {noun} {base}" if step.rate else f"the {noun} {base}",
        base=base,
        rate=step.rate,
        which=f" ({step.line_id})" if step.line_id else "",
        amount=f"{format_minor(step.amount_minor, currency)} {currency}",
    )


def in_chinese(step: Step, currency: str) -> str:
    """The step as a Chinese sentence."""
    base = format_minor(step.base_minor, currency)
    noun = _BASES.get(step.base, (step.base, step.base))[1]
    return _SAID[step.rule][1].format(
        party=step.party,
        what=f"{noun} {base} 的 {step.rate} " if step.rate else f"{noun} {base} ",
        base=base,
        rate=step.rate,
        which=f"（{step.line_id}）" if step.line_id else "",
        amount=f"{format_minor(step.amount_minor, currency)} {currency}",
    )
