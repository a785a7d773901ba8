"""The network as it is while some of a scenario's disturbances last, and which sources refuse orders meanwhile."""

from collections.abc import Iterable
from datetime import datetime
from random import Random

from solver.network.conditions import CarrierHealth, CarrierState, Conditions, SourceCondition, SourceStatus
from solver.network.network import Network
from solver.scenario.model import Disturbance, Scenario, Trouble

_WHOLE = 1_000


def network_of(scenario: Scenario) -> Network:
    """The network as it is usually."""
    return Network.of(
        regions=scenario.regions,
        sources=scenario.sources,
        carriers=scenario.carriers,
        services=scenario.services,
        calendars=scenario.calendars,
        transfers=scenario.transfers,
    )


class Troubles:
    """A scenario's disturbances. The same ones at the same time give the very same network."""

    def __init__(self, network: Network, disturbances: Iterable[Disturbance]) -> None:
        self._usual = network
        self._all = tuple(one for one in disturbances if one.trouble is not Trouble.DEMAND_SURGE)
        self._networks: dict[tuple[Disturbance, ...], Network] = {(): network}

    @property
    def moments(self) -> list[datetime]:
        """When anything begins or ends that changes the network."""
        changing = [one for one in self._all if one.trouble is not Trouble.REJECTIONS]
        return sorted({moment for one in changing for moment in (one.starts_at, one.ends_at)})

    @property
    def has_rejections(self) -> bool:
        """Whether any source ever refuses orders."""
        return any(one.trouble is Trouble.REJECTIONS for one in self._all)

    def network_at(self, moment: datetime) -> Network:
        """The network as it is then."""
        now = tuple(
            one for one in self._all if one.trouble is not Trouble.REJECTIONS and one.starts_at <= moment < one.ends_at
        )
        if now not in self._networks:
            conditions = Conditions.of(self._usual, _healths(now), _statuses(now), moment)
            self._networks[now] = conditions.applied(self._usual, lambda _: None)
        return self._networks[now]

    def is_refused(self, seed: int, order_id: str, source_id: str, moment: datetime) -> bool:
        """Whether a source refuses its part of an order; the same under every policy that gives it to this source."""
        permille = max(
            (
                one.permille
                for one in self._all
                if one.trouble is Trouble.REJECTIONS
                and one.source_id == source_id
                and one.starts_at <= moment < one.ends_at
            ),
            default=0,
        )
        chance = Random(f"{seed}/{order_id}/{source_id}").random() if permille else 1.0  # noqa: S311 - no secret
        return chance * _WHOLE < permille


def _healths(disturbances: Iterable[Disturbance]) -> list[CarrierHealth]:
    states = {Trouble.CARRIER_DOWN: CarrierState.DOWN, Trouble.CARRIER_CONGESTED: CarrierState.CONGESTED}
    return [
        CarrierHealth(
            service_id=one.service_id,
            carrier_id=one.carrier_id,
            state=states[one.trouble],
            extra_transit_minutes=one.extra_minutes,
            reason=one.reason,
            expires_at=one.ends_at,
        )
        for one in disturbances
        if one.trouble in states
    ]


def _statuses(disturbances: Iterable[Disturbance]) -> list[SourceStatus]:
    states = {Trouble.SOURCE_CLOSED: SourceCondition.CLOSED, Trouble.SOURCE_SLOW: SourceCondition.SLOW}
    return [
        SourceStatus(
            source_id=one.source_id,
            state=states[one.trouble],
            extra_lead_minutes=one.extra_minutes,
            reason=one.reason,
            expires_at=one.ends_at,
        )
        for one in disturbances
        if one.trouble in states
    ]
