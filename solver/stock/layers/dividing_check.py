"""What logical warehouses and quotas must be like: names, shares that sum to no more than all, amounts that exist."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from solver.errors import Violations
from solver.stock.layers.accounts import REST, Pool, channel_pool, site_pool
from solver.stock.layers.apportion import PERMILLE
from solver.stock.layers.channel_model import ANYWHERE, Channel, Feed, LogicalWarehouse, Quota
from solver.stock.layers.draft import Draft
from solver.validation import MOST_UNITS, check_between, check_id

MOST_TIERS = 1_000
_RESERVED = "@#"


def check_seller_id(value: str, path: str, violations: Violations) -> None:
    """An id of a logical warehouse or channel: accounts are named by it and by `@` and `#`."""
    check_id(value, path, violations)
    violations.require(not set(_RESERVED) & set(value), path, value, f"leave out {' and '.join(_RESERVED)}")


def refuse_bad_warehouses(nouns: Sequence[LogicalWarehouse], before: Mapping[str, LogicalWarehouse]) -> None:
    """Raise InvalidRequest for feeds that say nothing, both or twice, or whose shares sum to more than 1000."""
    violations = Violations()
    seen: set[str] = set()
    for position, one in enumerate(nouns):
        path = f"warehouses[{position}]"
        check_seller_id(one.logical_id, f"{path}.logical_id", violations)
        violations.require(one.logical_id not in seen, f"{path}.logical_id", one.logical_id, "stands twice")
        seen.add(one.logical_id)
        _check_feeds(one.feeds, path, violations)
    after = {**before, **{one.logical_id: one for one in nouns}}
    _check_shares_of_sites(nouns, after, violations)
    violations.refuse_any("the list of logical warehouses")


def _check_feeds(feeds: Sequence[Feed], path: str, violations: Violations) -> None:
    seen: set[tuple[str, str]] = set()
    for number, feed in enumerate(feeds):
        at = f"{path}.feeds[{number}]"
        check_between(feed.share_permille, 0, PERMILLE, f"{at}.share_permille", violations)
        check_between(feed.units, 0, MOST_UNITS, f"{at}.units", violations)
        one_of = (feed.share_permille > 0) != (feed.units > 0)
        violations.require(one_of, at, f"{feed.share_permille}, {feed.units}", "give either a share or units")
        violations.require(feed.units == 0 or feed.sku != "", f"{at}.sku", feed.sku, "say of which SKU the units are")
        key = (feed.site_id, feed.sku)
        violations.require(key not in seen, at, "/".join(key), "stands twice; name it once")
        seen.add(key)


def _check_shares_of_sites(
    nouns: Sequence[LogicalWarehouse], after: Mapping[str, LogicalWarehouse], violations: Violations
) -> None:
    for position, one in enumerate(nouns):
        for number, feed in enumerate(one.feeds):
            total = sum(_share(other, feed.site_id, feed.sku) for other in after.values())
            of = f"{feed.site_id} {feed.sku}".strip()
            remedy = f"all shares of {of} sum to {total}; leave at most {PERMILLE}"
            path = f"warehouses[{position}].feeds[{number}].share_permille"
            violations.require(total <= PERMILLE, path, feed.share_permille, remedy)
    violations.refuse_any("the list of logical warehouses")
    # A share that is said for all SKUs also counts beside those that are said for one.
    for site_id, sku in sorted({(feed.site_id, feed.sku) for one in after.values() for feed in one.feeds if feed.sku}):
        total = sum(_share(other, site_id, sku) for other in after.values())
        remedy = f"all shares of {site_id} {sku} sum to {total}; leave at most {PERMILLE}"
        violations.require(total <= PERMILLE, "warehouses", f"{site_id}/{sku}", remedy)


def _share(warehouse: LogicalWarehouse, site_id: str, sku: str) -> int:
    of = {feed.sku: feed.share_permille for feed in warehouse.feeds if feed.site_id == site_id}
    return of.get(sku, of.get("", 0))


def refuse_unmet_feeds(draft: Draft, nouns: Sequence[LogicalWarehouse]) -> None:
    """Raise InvalidRequest for amounts that are not there, with the numbers."""
    violations = Violations()
    for position, one in enumerate(nouns):
        for number, feed in enumerate(one.feeds):
            if feed.units:
                pool, path = site_pool(feed.site_id, feed.sku), f"warehouses[{position}].feeds[{number}].units"
                _require_met(draft, pool, one.logical_id, feed.units, feed.site_id, path, violations)
    violations.refuse_any("the list of logical warehouses")


def refuse_bad_quotas(
    rows: Sequence[Quota],
    before: Collection[Quota],
    sellers: Mapping[str, Channel],
    known: Mapping[str, LogicalWarehouse],
) -> None:
    """Raise InvalidRequest for quotas of what is unknown, that say both, stand twice, or share more than all."""
    violations = Violations()
    after = {_key(one): one for one in (*before, *rows)}
    shares: dict[Pool, int] = defaultdict(int)
    for one in after.values():
        shares[channel_pool(one.logical_id, one.sku)] += one.exclusive_permille
    seen: set[tuple[str, ...]] = set()
    for position, one in enumerate(rows):
        at = f"quotas[{position}]"
        _check_quota(one, at, sellers, known, violations)
        violations.require(_key(one) not in seen, at, "/".join(_key(one)), "stands twice; name it once")
        seen.add(_key(one))
        total = shares[channel_pool(one.logical_id, one.sku)]
        remedy = f"all shares of {one.sku} sum to {total}; leave at most {PERMILLE}"
        violations.require(total <= PERMILLE, f"{at}.exclusive_permille", one.exclusive_permille, remedy)
    violations.refuse_any("the list of quotas")


def _check_quota(
    one: Quota, at: str, sellers: Mapping[str, Channel], known: Mapping[str, LogicalWarehouse], violations: Violations
) -> None:
    remedy = "there is no such {}; name one that exists, or add it first"
    violations.require(one.channel_id in sellers, f"{at}.channel_id", one.channel_id, remedy.format("channel"))
    exists = one.logical_id == ANYWHERE or one.logical_id in known
    violations.require(exists, f"{at}.logical_id", one.logical_id, remedy.format("logical warehouse"))
    check_between(one.exclusive_units, 0, MOST_UNITS, f"{at}.exclusive_units", violations)
    check_between(one.exclusive_permille, 0, PERMILLE, f"{at}.exclusive_permille", violations)
    check_between(one.ceiling_units or 0, 0, MOST_UNITS, f"{at}.ceiling_units", violations)
    check_between(one.shop_tier, 0, MOST_TIERS, f"{at}.shop_tier", violations)
    both = one.exclusive_units > 0 and one.exclusive_permille > 0
    violations.require(not both, f"{at}.exclusive_permille", one.exclusive_permille, "give either units or a share")


def refuse_unmet_quotas(draft: Draft, rows: Sequence[Quota]) -> None:
    """Raise InvalidRequest for exclusive units that are not there, with the numbers."""
    violations = Violations()
    for position, one in enumerate(rows):
        pool, path = channel_pool(one.logical_id, one.sku), f"quotas[{position}].exclusive_units"
        _require_met(draft, pool, one.seller, one.exclusive_units, one.logical_id or "all sites", path, violations)
    violations.refuse_any("the list of quotas")


def _require_met(
    draft: Draft, pool: Pool, part: str, units: int, where: str, path: str, violations: Violations
) -> None:
    has, free = draft.posted(pool.account(part)), draft.free(pool.account(REST))
    remedy = f"of {draft.total(pool)} {pool.sku} in {where} no more than {has + free} can be given to {part}"
    violations.require(has >= units, path, units, f"{remedy}: others hold or have the rest")


def _key(one: Quota) -> tuple[str, ...]:
    return one.channel_id, str(one.shop_tier), one.logical_id, one.sku
