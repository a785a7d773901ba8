"""Ways of delivery as masks on a network's lanes, and as views of a snapshot's ground: each view has its lanes only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from solver.network.model import SourceKind
from solver.network.network import Network
from solver.sourcing.case import Flags, Ints
from solver.sourcing.snapshot.inner import ground as g


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which lanes an option leaves: from sources of these kinds, by these services and carriers; empty: from all."""

    kinds: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()


def kinds_of(network: Network) -> tuple[SourceKind, ...]:
    """The kinds of the network's sources."""
    return tuple(sorted({source.kind for source in network.sources.values()}))


def kind_numbers(network: Network) -> Ints:
    """The number of each source's kind, [S]."""
    number_of = {kind: number for number, kind in enumerate(kinds_of(network))}
    return np.array([number_of[source.kind] for source in network.sources.values()], dtype=np.int64)


def leading(network: Network) -> Flags:
    """Which source and service make a lane to some door at all, [S, V]."""
    sources, services = network.sources.values(), network.services.values()
    kinds = [
        [service.is_active and (not service.kinds or source.kind in service.kinds) for service in services]
        for source in sources
        if source.is_active
    ]
    flags = np.zeros((len(network.sources), len(network.services)), dtype=np.bool_)
    flags[[source.is_active for source in sources]] = np.array(kinds, dtype=np.bool_).reshape(-1, len(services))
    return flags


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Masks:
    """Options as sources and services: what group `group_of[o]` has, by `services[o]`. G groups, O options."""

    sources: Flags  # [G, S]
    group_of: Ints  # [O]
    services: Flags  # [O, V]

    @classmethod
    def of(cls, network: Network, options: Sequence[Only]) -> "Masks":
        """The options on this network."""
        kinds = [str(source.kind) for source in network.sources.values()]
        services = [(service.service_id, service.carrier_id) for service in network.services.values()]
        groups: dict[frozenset[str], int] = {}
        group_of = [groups.setdefault(frozenset(option.kinds), len(groups)) for option in options]
        return cls(
            sources=np.array([[_is_among(kind, group) for kind in kinds] for group in groups], dtype=np.bool_),
            group_of=np.array(group_of, dtype=np.int64),
            services=np.array(
                [
                    [
                        _is_among(one, option.services) and _is_among(carrier, option.carriers)
                        for one, carrier in services
                    ]
                    for option in options
                ],
                dtype=np.bool_,
            ),
        )

    @property
    def lanes(self) -> Flags:
        """The lanes that each option leaves, [O, S, V]."""
        return self.sources[self.group_of][:, :, None] & self.services[:, None, :]


def _is_among(word: str, words: Collection[str]) -> bool:
    return not words or word in words


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Views:
    """A view of the ground for each option, all of one view; letters as in `inner.ground`, O for W."""

    view: int  # that they all are of
    lane_cost: Ints
    lane_shut: Flags
    source_facts: Ints
    pattern: Ints
    patterns: Ints
    lane_base: Ints

    @classmethod
    def of(cls, ground: g.Ground, view: int, setting: int, masks: Masks) -> "Views":
        """The lanes of the view that each option leaves; a setting for each, which has the view's number."""
        lanes = masks.lanes
        lane_cost = np.where(lanes, ground.lane_cost[view], g.CLOSED)
        is_open = lane_cost != g.CLOSED
        base = np.where(is_open, lane_cost, g.NEVER).min(axis=2, initial=g.NEVER)
        same = np.full(len(lanes), view)
        pattern = np.stack([_pattern(ground.pattern[setting], mask) for mask in lanes])
        return cls(
            view=view,
            lane_cost=lane_cost,
            lane_shut=ground.lane_shut[same] if ground.lane_shut.size else ground.lane_shut,
            source_facts=ground.source_facts[same],
            pattern=pattern,
            patterns=pattern.max(axis=1, initial=0) + 1,
            lane_base=np.where(is_open.any(axis=2), base, 0),
        )

    def seen_on(self, ground: g.Ground, policy: Ints) -> g.Ground:
        """The ground with these views in place of its own, under these words of a policy."""
        options = np.full(len(self.lane_cost), self.view)
        return ground._replace(
            policy=policy,
            lane_cost=self.lane_cost,
            lane_shut=self.lane_shut,
            source_facts=self.source_facts,
            pattern=self.pattern,
            patterns=self.patterns,
            lane_base=self.lane_base,
            rate_tariff=ground.rate_tariff[options],
            rate_cost=ground.rate_cost[options],
        )


def _pattern(pattern: Ints, mask: Flags) -> Ints:
    """Sources of one pattern that keep the same lanes are of one pattern again, [S]."""
    _, number = np.unique(np.concatenate([pattern[:, None], mask], axis=1), axis=0, return_inverse=True)
    return number.reshape(-1).astype(np.int64)
