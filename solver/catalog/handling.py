"""What carriers and sources must know of a material: the one place where tags follow from attributes and size."""

from collections.abc import Mapping

# An ordinary parcel of the post: 1.5 m on any side, 3 m in length and girth together (中国邮政, 国内包裹).
LONGEST_SIDE_MM = 1_500
LENGTH_AND_GIRTH_MM = 3_000
COLD = frozenset({"chilled", "fresh", "frozen", "deep_frozen"})  # of `temperature_class`
NO_BATTERY = frozenset({"", "none"})  # of `battery_type`
NO_HAZARD = frozenset({"", "none"})  # of `hazard_class`


def tags_with(tags: tuple[str, ...], attributes: Mapping[str, str], sides_mm: tuple[int, int, int]) -> tuple[str, ...]:
    """The company's tags, then cold_chain, hazmat, battery and oversize where they follow and are not there yet."""
    follow = is_oversize(sides_mm)
    if not attributes and not follow:
        return tags
    found = _of_attributes(attributes)
    if follow:
        found.append("oversize")
    return (*tags, *(tag for tag in found if tag not in tags))


def is_oversize(sides_mm: tuple[int, int, int]) -> bool:
    """Too long or too thick for an ordinary parcel; a size that is not known is not."""
    longest = max(sides_mm)
    return longest > LONGEST_SIDE_MM or 2 * sum(sides_mm) - longest > LENGTH_AND_GIRTH_MM


def _of_attributes(attributes: Mapping[str, str]) -> list[str]:
    told = attributes.get
    found = []
    if told("temperature_class", "") in COLD:
        found.append("cold_chain")
    if told("hazard_class", "") not in NO_HAZARD or told("un_number", ""):
        found.append("hazmat")
    if told("battery_type", "") not in NO_BATTERY:
        found.append("battery")
    return found
