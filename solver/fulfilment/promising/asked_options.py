"""The options of a call with everything about them that is the same from basket to basket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from solver.fulfilment.promising.model import ANYTHING, DeliveryOption
from solver.fulfilment.promising.policy import CHOICES, hasty, keeping, narrowed
from solver.network.model import Source
from solver.network.network import Network
from solver.sourcing.check_straight import StraightJudge
from solver.sourcing.policy import Policy
from solver.sourcing.promising.options import Masks, Only, Views, kinds_of
from solver.sourcing.snapshot.inner.ground import Ground

_MOST_VIEWS = 8  # they are large, and seldom asked for


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AskedOptions:
    """Options under a policy, and the policies that keep their promises; None for one that allows nothing."""

    options: tuple[DeliveryOption, ...]
    policy: Policy
    valid_for: timedelta
    masks: Masks
    soonest: tuple[Policy | None, ...]
    preferred: tuple[Policy | None, ...]
    sources: Mapping[str, Source]
    _views: dict[tuple[int, int], Views] = field(default_factory=dict)
    _joint: dict[int, Policy] = field(default_factory=dict)
    _judges: dict[int, StraightJudge] = field(default_factory=dict)

    @classmethod
    def of(
        cls, network: Network, policy: Policy, options: Sequence[DeliveryOption], valid_for: timedelta
    ) -> "AskedOptions":
        """The options on this network."""
        left = [narrowed(policy, option) for option in options]
        only = [
            Only(kinds=tuple(map(str, one.only_kinds)), services=one.only_services, carriers=one.only_carriers)
            for one in options
        ]
        return cls(
            options=tuple(options),
            policy=policy,
            valid_for=valid_for,
            masks=Masks.of(network, only),
            sources=network.sources,
            soonest=tuple(None if one is None else keeping(hasty(one), valid_for) for one in left),
            preferred=tuple(None if one is None else keeping(one, valid_for) for one in left),
        )

    def views(self, ground: Ground, view: int, setting: int) -> Views:
        """The options as views of a snapshot's ground, always the same snapshot's."""
        known = self._views.get((view, setting))
        if known is None:
            if len(self._views) >= _MOST_VIEWS:
                self._views.clear()
            known = self._views[view, setting] = Views.of(ground, view, setting, self.masks)
        return known

    def joint(self, options: int) -> Policy:
        """The policy that keeps the promises of several options at once: what it allows, each of them allows.

        `options` has a bit for each of them.
        """
        known = self._joint.get(options)
        if known is None:
            policy: Policy | None = self.policy
            for number, option in enumerate(self.options):
                if policy is not None and options >> number & 1:
                    policy = narrowed(policy, option)
            assert policy is not None, "options that deliver the same have something in common"
            known = self._joint[options] = keeping(policy, self.valid_for)
        return known

    def judge(self, options: int) -> StraightJudge:
        """The judge's short way under that policy."""
        known = self._judges.get(options)
        if known is None:
            known = self._judges[options] = StraightJudge(self.joint(options), self.sources)
        return known


def every_option(network: Network) -> tuple[DeliveryOption, ...]:
    """Anything, each kind of source and each service, whether or not it leads to some door."""
    return (
        DeliveryOption(option_id=ANYTHING),
        *(DeliveryOption(option_id=f"kind:{kind}", only_kinds=(kind,)) for kind in kinds_of(network)),
        *(DeliveryOption(option_id=f"service:{one}", only_services=(one,)) for one in sorted(network.services)),
    )


def are_masks(policy: Policy) -> bool:
    """Whether what an option allows only takes lanes away, and changes no price."""
    return not any(choice.gives_way(policy) for choice in CHOICES)
