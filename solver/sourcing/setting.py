"""A number or a list of words that a policy may set for a term or a rule."""

from dataclasses import dataclass

from solver.sourcing.policy import Policy

MOST_SETTING = 1_000_000_000
_CORE = frozenset(
    {
        "distance_minor_per_km",
        "lateness_minor_per_hour",
        "split_minor",
        "unfilled_minor_per_unit",
        "max_packages",
        "max_sources",
        "max_distance_meters",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A number of the policy: its name (the unit last), what it means, and which values make sense.

    Left out it stands at `default`, which for most is 0: the term costs nothing, the rule forbids nothing.
    """

    name: str
    meaning: str
    default: int = 0
    least: int = 0
    most: int = MOST_SETTING

    @property
    def is_core(self) -> bool:
        """True for what is a field of the policy itself."""
        return self.name in _CORE

    def of(self, policy: Policy) -> int:
        """What the policy says."""
        if self.name in _CORE:
            value: int = getattr(policy, self.name)
            return value
        return policy.settings.get(self.name, self.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsSetting:
    """A list of words of the policy: ids, tags, tiers. Left out it is empty.

    Where `choices` has any, no other word makes sense.
    """

    name: str
    meaning: str
    choices: tuple[str, ...] = ()

    def of(self, policy: Policy) -> tuple[str, ...]:
        """What the policy says."""
        return policy.words.get(self.name, ())
