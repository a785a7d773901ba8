"""What is assumed about each carrier of Wuxi beyond its card: names, volumetric divisor, days where it states none."""

from dataclasses import dataclass

from solver.importers.rate_cards.wuxi import DAY_MINUTES
from solver.network.model import SourceKind

# Ends of the steps of distance in km; beyond the last any distance.
STEPS_KM = (300, 800, 1500, 2500)
_EXPRESS_PROBES = (1_000, 2_000, 3_000, 5_000, 10_000, 20_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTerms:
    """One card of the file. `transit_days`, where it states none, go by the steps of `STEPS_KM`."""

    carrier: str  # as written in the file
    service: str
    carrier_id: str
    service_id: str
    name: str
    probe_grams: tuple[int, ...]
    transit_days: tuple[int, int, int, int, int]
    volumetric_divisor_cm3_per_kg: int = 0
    kinds: tuple[SourceKind, ...] = ()

    def transit_minutes(self, distance_meters: int) -> int:
        """Minutes to a place this far from Wuxi, where the card states no lead time."""
        return self.transit_days[sum(distance_meters > km * 1000 for km in STEPS_KM)] * DAY_MINUTES

    def assumed(self, *, states_lead_time: bool) -> tuple[str, ...]:
        """What the card does not state and is assumed, in words."""
        divisor = self.volumetric_divisor_cm3_per_kg
        days = "/".join(map(str, self.transit_days))
        steps = ", ".join(map(str, STEPS_KM))
        return (
            "rounding of weight: every begun kilogram is charged in full",
            f"volumetric divisor: {f'{divisor} cm3 per kg' if divisor else 'volume does not count'}",
            "surcharges: none",
            "lead time: the longer of the days stated"
            if states_lead_time
            else f"lead time: {days} days up to {steps} km and beyond",
        )

    def assumed_zh(self, *, states_lead_time: bool) -> tuple[str, ...]:
        """The same in Chinese, one for one."""
        divisor = self.volumetric_divisor_cm3_per_kg
        days = "/".join(map(str, self.transit_days))
        steps = "、".join(map(str, STEPS_KM))
        return (
            "重量进位：不足一公斤按一公斤计费",
            f"体积重除数：{f'每公斤 {divisor} 立方厘米' if divisor else '不计体积'}",
            "附加费：无",
            "时效：取所列天数中较长者" if states_lead_time else f"时效：{steps} 公里以内及更远分别为 {days} 天",
        )


TERMS = (
    CardTerms(
        carrier="顺丰快递",
        service="",
        carrier_id="sf",
        service_id="sf-standard",
        name="SF Express, parcel",
        probe_grams=_EXPRESS_PROBES,
        volumetric_divisor_cm3_per_kg=6000,
        transit_days=(1, 2, 2, 3, 4),
    ),
    CardTerms(
        carrier="申通快递",
        service="",
        carrier_id="sto",
        service_id="sto-standard",
        name="STO Express, parcel",
        probe_grams=_EXPRESS_PROBES,
        volumetric_divisor_cm3_per_kg=6000,
        transit_days=(2, 3, 4, 5, 6),
    ),
    CardTerms(
        carrier="安能物流",
        service="anneng",
        carrier_id="ane",
        service_id="ane-standard",
        name="ANE Logistics, standard",
        probe_grams=(15_000, 30_000, 70_000),
        transit_days=(2, 3, 4, 5, 7),
        kinds=(SourceKind.WAREHOUSE,),
    ),
    CardTerms(
        carrier="安能物流",
        service="anneng_timed",
        carrier_id="ane",
        service_id="ane-timed",
        name="ANE Logistics, timed",
        probe_grams=(15_000, 30_000, 70_000),
        transit_days=(2, 3, 4, 5, 7),
        kinds=(SourceKind.WAREHOUSE,),
    ),
    CardTerms(
        carrier="新亮物流",
        service="",
        carrier_id="xinliang",
        service_id="xinliang-freight",
        name="Xinliang, freight",
        probe_grams=(50_000, 100_000, 300_000, 700_000, 2_000_000, 4_000_000),
        transit_days=(2, 3, 5, 6, 8),
        kinds=(SourceKind.WAREHOUSE,),
    ),
)
