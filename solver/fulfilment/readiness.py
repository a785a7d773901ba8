"""Which policies are ready to decide from snapshots on the network and the catalog of the moment.

Making one ready takes seconds on a large network, so no caller waits for it: his order is decided in the ordinary way
meanwhile. A thread of its own makes ready what is asked for again and again.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from solver.catalog.catalog import Catalog
from solver.clock import Clock
from solver.fulfilment.made_ready import made_ready
from solver.network.network import Network
from solver.sourcing.policy import Policy
from solver.sourcing.snapshot.briefly import Briefly

MOST_READY = 16  # policies that are kept ready
MOST_AT_ONCE = 1_000_000  # sources x services x regions that nobody minds waiting for
_log = logging.getLogger(__name__)
_MOST_ONCE = 64  # policies that are remembered as asked for once
_PAUSE = 4.0  # after so many times as long as it took, the next are made ready


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    network: Network
    catalog: Catalog
    policy: Policy
    briefly: Briefly | None  # None: its orders are left to the ordinary path

    def is_for(self, network: Network, catalog: Catalog) -> bool:
        same = self.catalog.materials is catalog.materials and self.catalog.sales_items is catalog.sales_items
        return same and self.network is network


class Readiness:
    """What is ready, and who makes more of it so once `start` is called. Safe to be used by several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._ready: tuple[_Ready, ...] = ()  # the last made last
        self._once: deque[Policy] = deque(maxlen=_MOST_ONCE)
        self._wanted: list[Policy] = []
        self._of: tuple[Network, Catalog] | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def briefly(self, network: Network, catalog: Catalog, policy: Policy) -> Briefly | None:
        """What decides under the policy, where it is ready; else it is noted that somebody asked."""
        known = [one for one in self._ready if one.policy is policy or one.policy == policy]
        for one in known:
            if one.is_for(network, catalog):
                return one.briefly
        if self._thread is not None:
            self._note(network, catalog, policy, is_known=bool(known))
        return None

    def is_ready(self, network: Network, catalog: Catalog, policy: Policy) -> bool:
        """Whether orders under the policy can be decided from a snapshot; nobody is taken to have asked."""
        return any(
            one.briefly is not None and one.is_for(network, catalog)
            for one in self._ready
            if one.policy is policy or one.policy == policy
        )

    def prepare(self, network: Network, catalog: Catalog, policies: Sequence[Policy]) -> None:
        """Make these policies ready, all in one go."""
        if not network.sources or not catalog.materials:
            return
        policies = [policy for number, policy in enumerate(policies) if policy not in policies[:number]]
        made: Sequence[Briefly | None] = [None] * len(policies)
        try:
            made = made_ready(network, catalog, policies, now=self._clock.now(), rest=self._rest)
        except Exception:  # a service without it is slower, not wrong
            _log.exception("policies could not be made ready; their orders are planned from all lanes")
        new = tuple(
            _Ready(network=network, catalog=catalog, policy=policy, briefly=briefly)
            for policy, briefly in zip(policies, made, strict=True)
        )
        with self._changed:
            kept = [one for one in self._ready if not any(one.policy == other.policy for other in new)]
            self._ready = (*kept, *new)[-MOST_READY:]

    def prepare_or_want(self, network: Network, catalog: Catalog, policies: Sequence[Policy]) -> None:
        """Make these policies ready if that takes about a second; else leave it to the background."""
        if len(network.sources) * len(network.services) * len(network.regions) <= MOST_AT_ONCE:
            self.prepare(network, catalog, policies)
            return
        with self._changed:
            self._of, self._wanted = (network, catalog), [*policies]
            self._changed.notify()

    def start(self) -> None:
        """Make ready in the background what is asked for twice, or was ready for an earlier network or catalog."""
        self._thread = threading.Thread(target=self._work, name="readiness", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop working in the background, after what is being made."""
        if self._thread is None:
            return
        with self._changed:
            self._closing.set()
            self._changed.notify()
        self._thread.join()
        self._thread = None

    def _rest(self, seconds: float) -> None:
        """In the background, let those work for as long who answer meanwhile."""
        if threading.current_thread() is self._thread:
            self._closing.wait(seconds)

    def _note(self, network: Network, catalog: Catalog, policy: Policy, *, is_known: bool) -> None:
        with self._changed:
            if not is_known and policy not in self._once:
                self._once.append(policy)
                return
            self._of = network, catalog
            if policy not in self._wanted:
                self._wanted.append(policy)
            self._changed.notify()

    def _work(self) -> None:
        while not self._closing.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or self._closing.is_set())
                wanted, self._wanted = self._wanted[:MOST_READY], []
                of = self._of
            if of is None or self._closing.is_set():
                continue
            begun = time.monotonic()
            self.prepare(*of, wanted)
            self._closing.wait(_PAUSE * (time.monotonic() - begun))
