"""What a channel would refuse, found before it is asked: field, rule, what stands there, and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Rule(Enum):
    """The rules of channels, by the words that reports use."""

    CATEGORY = "category"
    REQUIRED = "required"
    KIND = "kind"
    ALLOWED = "allowed"
    LEAST = "least"
    MOST = "most"
    LENGTH = "length"
    FORBIDDEN = "forbidden"
    IMAGES = "images"
    IMAGE_SIZE = "image_size"
    CURRENCY = "currency"
    PRICE = "price"
    DISCOUNT = "discount"
    FACT = "fact"


IN_CHINESE: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.CATEGORY: "类目未映射",
        Rule.REQUIRED: "必填属性缺失",
        Rule.KIND: "类型不符",
        Rule.ALLOWED: "不在可选值内",
        Rule.LEAST: "低于下限",
        Rule.MOST: "超过上限",
        Rule.LENGTH: "超过长度",
        Rule.FORBIDDEN: "含禁用词",
        Rule.IMAGES: "图片数量不符",
        Rule.IMAGE_SIZE: "图片尺寸不符",
        Rule.CURRENCY: "币种不符",
        Rule.PRICE: "价格不符",
        Rule.DISCOUNT: "折扣过低",
        Rule.FACT: "模板缺少字段",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One reason why an item cannot be listed as it is. `field` is the channel's name of it."""

    item_id: str
    shop_id: str
    field: str
    rule: Rule
    value: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.item_id} in {self.shop_id}" if self.shop_id else self.item_id
        return f"{where}: {self.field} ({self.rule.value}): {self.value}: {self.remedy}"
