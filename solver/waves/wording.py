"""Shadow prices in words."""

from solver.money import format_minor
from solver.sourcing.problem import Problem
from solver.waves.plan import Resource, ResourceKind

_PER_MINOR = 1000

_ENGLISH = {
    ResourceKind.STOCK: "one more unit of {sku} at {place}",
    ResourceKind.SOURCE_ORDERS: "one more order at {place}",
    ResourceKind.SOURCE_UNITS: "one more unit handled at {place}",
    ResourceKind.SOURCE_MINUTES: "one more minute at {place}",
    ResourceKind.SOURCE_VALUE: "1.00 more of goods at {place}",
    ResourceKind.PACKAGES: "one more package by {place}",
}
_CHINESE = {
    ResourceKind.STOCK: "{place}多一件{sku}",
    ResourceKind.SOURCE_ORDERS: "{place}多接一单",
    ResourceKind.SOURCE_UNITS: "{place}多处理一件",
    ResourceKind.SOURCE_MINUTES: "{place}多一分钟产能",
    ResourceKind.SOURCE_VALUE: "{place}多发1.00的货",
    ResourceKind.PACKAGES: "{place}多收一个包裹",
}


def price_text(resource: Resource, price_thousandths: int, problem: Problem) -> str:
    """Such as "one more unit of TEA at W1 is worth 3.40"."""
    what = _ENGLISH[resource.kind].format(sku=resource.sku, place=_place(resource))
    if price_thousandths < 0:
        return f"{what} costs {money_text(-price_thousandths, problem)} more than it is worth, and is asked by a quota"
    return f"{what} is worth {money_text(price_thousandths, problem)}"


def price_text_zh(resource: Resource, price_thousandths: int, problem: Problem) -> str:
    """The same in Chinese."""
    what = _CHINESE[resource.kind].format(sku=resource.sku, place=_place(resource, "：", "、"))
    if price_thousandths < 0:
        return f"{what}，要多花{money_text(-price_thousandths, problem)}，因配额要求"
    return f"{what}，值{money_text(price_thousandths, problem)}"


def _place(resource: Resource, of: str = " from ", on: str = " on ") -> str:
    """A source's offer; or a service, from one source, on one day."""
    if resource.kind is not ResourceKind.PACKAGES:
        return resource.source_id + (f" ({resource.offer_id})" if resource.offer_id else "")
    place = resource.service_id + (of + resource.source_id if resource.source_id else "")
    return place + (on + resource.day.isoformat() if resource.day else "")


def money_text(thousandths: int, problem: Problem) -> str:
    """Rounded half up to whole minor units."""
    return format_minor((2 * thousandths + _PER_MINOR) // (2 * _PER_MINOR), problem.currency, problem.money_decimals)
