"""What docs/combinations.md says beside the kinds."""

HEAD = """# Combinations 组合

Made by `python -m solver catalog kinds > docs/combinations.md` from `solver/catalog/combinations/kinds.yaml`, which has
the {count} kinds as data. [bundles.md](bundles.md) tells what becomes of a combination that is ordered: how it is held,
how its money is shared out, and what is given back.

A **combination** is data over a few primitives that nest. One with `goods` is *sold*: an order's line names it as it
names a sales item. One with an `offer` *applies by itself* to every order whose lines reach it. **Explosion** (拆解)
turns an order's lines into units of materials, with the price of each line, gifts given and withheld, old goods handed
in, and what stock and chance decided. It is one pure function:

```python
book = compile_book(combinations, catalog, prices)  # once for a catalog
explosion = explode(basket, book, Seen(available=...), seed="...")
again = explode(basket, book, decisions=explosion.decisions)  # the same, whatever is there by now
```

Write one in YAML, as in the examples below, and bring it to a service with `python -m solver catalog combine FILE`; a
scenario has them in `combinations.jsonl`, Python in `Client.combinations.upsert`.

**组合**是由少数几种可嵌套的原语写成的数据。有 `goods` 的组合可售，订单行直接写它的编号；
有 `offer` 的组合是优惠，订单达到条件时自动生效。
**拆解**把订单行变成物料需求，并给出每行价格、赠品（送出与未送的原因）、交回的旧品，以及库存与随机所做的决定。
随机结果一经抽取即记录，重试时原样重放，绝不重抽。

## In which sequence 顺序

1. What is fixed and what the buyer chose is taken, line by line; lines are priced.
2. Offers follow by `rank`, then by id, each on what the earlier ones left. Of one `group` the one that takes most off
   applies. What an offer takes off is shared out (分摊) over its lines by largest remainder, to the minor unit.
3. Stock and chance decide, line by line from top to bottom: substitutes, free upgrades, draws. They see what the steps
   before left of the stock.
4. Gifts are given of what is left: those of lines, then those of offers. Limits count before stock does. Of what is
   withheld the reason is told: `order_limit`, `customer_limit`, `total_limit` or `out_of_stock`.

Choices are for one unit of the line; whoever wants two different ones orders two lines. A slot within a nested
combination has the ids on the way before it (`GIFTBOX/colour`), one of an offer its combination's id.

A nested combination counts on the list price of what it stands in for the list's price of its id, or else for its
`fixed` price, or else for the list prices of its parts, each with what is chosen in it. A draw counts for its cheapest
chance, an upgrade for its base, a gift for nothing.

## Draws 抽取

The draw number *k* (from 0) at a place of a line takes an 8-byte BLAKE2b digest of `seed|order id|line id|path|k` as a
whole number *h*. Chances without stock, with weight 0, and in a `distinct` draw those that the unit has already, are
left out; *W* is the sum of the weights left (with `by_stock` each times the units there). The ticket is *h W / 2^64*,
rounded down, and the chance whose share of the weights it falls into, in sequence, is drawn. No float is in it. Where
nothing is there, it is drawn among all chances, and the decision says `is_short`.

Each decision is recorded with its place, seed, weights, the stock seen, what was left out, and what was taken.
`audit(draw, decision, order_id)` draws again from that record alone. Given back, decisions are repeated before anything
else is decided; those that do not fit the order are refused.

## Nothing lost, nothing invented 不多不少

`reassemble` reads the pieces backwards, from paths and units to the lines: of any order it gives the quantities again,
and a unit too many or too few shows. Parts with `together` have a `group`: they leave from one source.

## What is refused 拒绝

Each fault has the path to it and what to do: a combination that contains itself (with the way round), unknown items
(with the nearest name), quantity 0, a choice of more than there is, weights that sum to 0, more distinct draws than
chances, open goods where stock must decide, two that exclude each other, two primitives in one node, a kind without its
features. So is an order whose choices do not fit, or whose price asks for a list price that nobody knows.

Nesting ends somewhere: at most 24 nodes from the top of a combination to its deepest item, through all that is nested
in it; at most 2,000 places where an item stands in one unit, every option, chance, substitute and delivery counted. An
order of one that has grown beyond that, because what it nests was changed, is refused by its line.
"""

Row = tuple[str, str, str, str]

PRIMITIVES: tuple[Row, ...] = (
    (
        "item",
        "商品",
        "`item_id`, `substitutes`",
        "a material, sales item or combination; or a substitute",
    ),
    ("all_of", "全部", "`parts`, `together`", "all parts; together: from one source"),
    (
        "choose",
        "自选",
        "`options`, `least`, `most`, `exclusions`",
        "the buyer chooses n of m, within limits",
    ),
    (
        "draw",
        "抽取",
        "`chances`, `count`, `distinct`, `by_stock`",
        "chance decides, by whole weights",
    ),
    (
        "gift",
        "赠品",
        "`goods`, `most_per_order`, `…_customer`, `most_in_total`, `instead`",
        "free while stock lasts",
    ),
    ("period", "周期", "`goods`, `times`, `every_days`", "the same so many times: a subscription"),
    ("pre_sale", "预售", "`goods`, `deposit_minor`, `worth_minor`, `ships_after_days`", "deposit now, balance later"),
    ("trade_in", "以旧换新", "`goods`, `accepts`, `required`", "goods against old ones, for a credit"),
    (
        "upgrade",
        "升级",
        "`base`, `better`, `extra_minor`, `when_short`",
        "the better at a price, or free where short",
    ),
)

PRICES: tuple[Row, ...] = (
    ("fixed", "一口价", "`unit_minor`", "each unit costs so much, whatever is in it"),
    ("of_parts", "按件打折", "`keep_permille`, `off_minor`", "a part of the list price, less so much for each unit"),
    ("bands", "阶梯价", "`bands`: `least_units`, `unit_minor`", "the highest band reached prices all units"),
    ("cases", "整箱", "`units`, `keep_permille`", "whole cases cost a part of the list price"),
    ("cycle", "循环", "`keep_permilles`", "units cost parts of the list price in turn"),
)

STEPS: tuple[Row, ...] = (
    ("measure", "计量", "`units`, `amount`, `sets`, `orders`", "what of the lines in `item_ids` (none: all) counts"),
    ("steps", "档位", "`least`", "the highest step reached; with `repeats` as often as it fits, up to `most_times`"),
    ("free_units", "免单", "", "the cheapest units are free"),
    ("price_minor", "N件M元", "", "`least` units cost so much, the dearest first"),
    ("keep_permille", "打折", "", "so many thousandths of the amount are left"),
    ("off_minor", "立减", "", "so much is taken off"),
    ("goods", "赠品或换购", "any node", "a gift, or a choice at its `extra_minor`"),
    ("group", "互斥组", "", "of one group the offer that takes most off"),
)
