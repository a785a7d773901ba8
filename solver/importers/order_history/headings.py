"""What columns are usually called, in Chinese and English: the likeliest first."""

import re
from collections.abc import Sequence

# By the field of `Columns`; compared without case, spaces and punctuation.
_WORDS: dict[str, str] = {
    "order_id": (
        "订单号 订单编号 订单id 订单编码 订单代码 单号 交易编号 主订单编号 order_id order_no order_number order_code "
        "orderid ordernumber invoice_no invoice order sales_order purchase_id"
    ),
    "placed_at": (
        "下单时间 订单创建时间 创建时间 付款时间 支付时间 订单时间 下单日期 订单日期 成交时间 日期 placed_at "
        "ordered_at order_time order_date order_datetime order_purchase_timestamp created_at invoice_date "
        "purchase_date date timestamp"
    ),
    "sku": (
        "sku 商品编码 商家编码 产品代码 货号 商品代码 物料编码 物料号 sku编码 sku_id 商品id 产品编码 sku_code item_id "
        "product_id product_code item_code stock_code article material product item"
    ),
    "quantity": "数量 订购数量 购买数量 商品数量 件数 qty quantity units pieces count order_qty item_qty",
    "unit_price": "单价 商品单价 售价 成交价 订购单价 销售单价 price unit_price unitprice item_price",
    "paid_amount": (
        "商品实付金额 实付金额 实付款 实付 成交金额 销售金额 小计 "
        "paid_amount amount_paid line_total line_amount net_amount sales_amount subtotal"
    ),
    "list_price": "原价 吊牌价 标价 商品原价 划线价 市场价 list_price original_price compare_at_price msrp rrp",
    "list_amount": "原价金额 吊牌金额 原价合计 商品总价 list_amount list_total gross_amount",
    "tax": "税额 增值税额 增值税 税金 tax tax_amount vat vat_amount lineitem_tax",
    "region": "地区代码 行政区划代码 区划代码 region_id region_code region ship_to_region adcode",
    "province": "省份 省 收货省份 收货人省份 收件省 所在省份 客户省份 province state ship_state customer_state",
    "city": "城市 市 收货城市 收货人城市 收件城市 所在城市 客户城市 city ship_city customer_city town",
    "postcode": "邮编 邮政编码 postcode postal_code zip zip_code zipcode customer_zip_code_prefix",
    "latitude": "纬度 latitude lat dest_lat customer_lat",
    "longitude": "经度 longitude lng lon long dest_lng customer_lng",
    "promised_at": (
        "承诺时间 承诺送达时间 预计送达时间 要求到货日期 promised_at promised_date due_date deliver_by "
        "order_estimated_delivery_date estimated_delivery"
    ),
    "channel": "渠道 销售渠道 平台 店铺 channel sales_channel platform shop store_name",
    "weight": "重量 单件重量 商品重量 净重 毛重 weight_grams weight_g weight_kg weight product_weight_g",
    "item_name": "商品名称 产品名称 品名 商品 标题 product_name item_name description title name",
    "shipped_from": (
        "发货仓 发货仓库 仓库 出库仓 发货地 发货门店 仓库名称 shipped_from ship_from warehouse source_id source origin "
        "fulfilled_by seller_id"
    ),
    "status": "订单状态 交易状态 状态 order_status status financial_status",
    "carrier": "快递公司 物流公司 承运商 快递 carrier carrier_name shipping_carrier courier ship_mode",
    "shipped_at": (
        "发货时间 出库时间 发货日期 shipped_at ship_date shipped_date shipping_date order_delivered_carrier_date"
    ),
    "arrived_at": (
        "签收时间 送达时间 收货时间 到货日期 arrived_at delivered_at delivery_date delivered_date "
        "order_delivered_customer_date"
    ),
    "freight": "运费 快递费 物流费用 实际运费 freight freight_value shipping_cost shipping_fee carrier_cost",
}
USUAL = {name: tuple(words.split()) for name, words in _WORDS.items()}
_NOISE = re.compile(r"[\s_\-./()（）:：#*]+")


def likely(heading: str) -> list[tuple[int, str]]:
    """The fields that a heading may stand for, the likeliest (the lowest number) first."""
    bare = bare_heading(heading)
    found = []
    for name, words in USUAL.items():
        ranks = [_rank(bare, bare_heading(word), place) for place, word in enumerate(words)]
        known = [rank for rank in ranks if rank is not None]
        if known:
            found.append((min(known), name))
    return sorted(found)


def bare_heading(heading: str) -> str:
    """Without case, spaces and punctuation."""
    return _NOISE.sub("", heading).lower()


def matched(headings: Sequence[str]) -> dict[str, str]:
    """Field -> heading: each heading for one field, each field by its likeliest heading."""
    pairs = sorted(
        (rank, place, name, heading) for place, heading in enumerate(headings) for rank, name in likely(heading)
    )
    found: dict[str, str] = {}
    for _, _, name, heading in pairs:
        if name not in found and heading not in found.values():
            found[name] = heading
    return found


def _rank(heading: str, word: str, place: int) -> int | None:
    """The very word is likelier than one that stands within a heading, of those the longer one."""
    if heading == word:
        return place
    enough = len(word) >= 2 if not word.isascii() else len(word) >= 4
    return 1_000 - len(word) if enough and word in heading else None
