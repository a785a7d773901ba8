"""What of the goods that customers got comes back: how often, when, in which state, where to, and at what cost."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from solver.catalog.model import Material
from solver.network.model import SourceKind
from solver.stock.layers.channel_model import channel_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeWeights:
    """How often a unit that came back is graded so: weights. Only `resell` puts it up for sale again."""

    resell: int = 0
    refurbish: int = 0  # kept as defective: B-grade
    back_to_supplier: int = 0
    scrap: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRule:
    """`permille` of the units that reach customers come back so; of several rules for a unit one befalls it at most.

    It is for these SKUs and the materials that bear one of these tags; where neither is said, for all. It is for orders
    of these channels with their shops, and for those to these regions and all that lie in them; where one is not said,
    for all.

    What comes back of a package is one parcel, so many `days` (with the weight of each) after the package arrived. It
    goes to `source_id`, or to the source of `kinds` that is nearest to the customer, or else to the source that shipped
    it. It costs what `service_id` would ask to carry it from there to the customer; where that has no price for it, or
    none is named, `parcel_minor`; and `unit_minor` for each unit, to look at it. Of the units, `exchanged_permille` are
    exchanged: the customer wants another one of the same SKU, or of the one that `exchanged_for` says.
    """

    permille: int
    skus: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    days: Mapping[int, int] = field(default_factory=lambda: {7: 1})
    grades: GradeWeights = GradeWeights(resell=1)
    source_id: str = ""
    kinds: tuple[SourceKind, ...] = ()
    service_id: str = ""
    parcel_minor: int = 0
    unit_minor: int = 0
    exchanged_permille: int = 0
    exchanged_for: Mapping[str, str] = field(default_factory=dict)

    def is_for(self, material: Material) -> bool:
        """Whether its units may come back so."""
        is_for_all = not self.skus and not self.tags
        return is_for_all or material.sku in self.skus or not set(self.tags).isdisjoint(material.tags)

    def is_from(self, channel: str, region_ids: Collection[str]) -> bool:
        """Whether units of an order may come back so; `region_ids` is where it went to, with all that this lies in."""
        sold_so = not self.channels or channel in self.channels or channel_of(channel) in self.channels
        return sold_so and (not self.regions or not set(self.regions).isdisjoint(region_ids))
