"""Recipients' personal data, and how long what belongs to persons is kept."""

from dataclasses import dataclass
from pathlib import Path

from solver.settings.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSettings:
    """Section `persons`."""

    key_file: Path | None = setting(
        None, "the key over all personal data: base64 of 32 random bytes; without it no recipients are taken"
    )
    previous_key_file: Path | None = setting(
        None, "another such key, while one is changed for the other: what lies under it opens as well"
    )
    recipient_days: int = setting(
        365, "recipients are forgotten so many days after they were kept; 0: never", least=0, most=36_500
    )
    plan_order_days: int = setting(
        0,
        "orders (customer, region, coordinates) of plans that are over are forgotten so many days after these were "
        "made: longer than it takes to settle them; 0: never",
        least=0,
        most=36_500,
    )
    plan_event_days: int = setting(30, "plan events are kept so many days", least=1, most=3_650)
