"""How much more carriers and sources take, as reported: what orders that are planned together share as well."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from solver.sourcing.plan import Plan
from solver.sourcing.snapshot.decision import Decision
from solver.waves.wave import CarrierCapacity, SourceTerms, WaveTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Packages that services take, and orders that sources take; what is not named takes any number."""

    packages: Mapping[str, int] = field(default_factory=dict)
    orders: Mapping[str, int] = field(default_factory=dict)

    def suffice(self, plans: Sequence[Plan]) -> bool:
        """Whether these plans together fit in."""
        if not self.packages and not self.orders:
            return True
        packages = Counter(package.service_id for plan in plans for package in plan.packages)
        orders = Counter(source_id for plan in plans for source_id in set(plan.source_ids))
        return self.hold(packages, orders)

    def suffice_for(self, decisions: Sequence[Decision]) -> bool:
        """Whether what was decided on orders alone fits in together."""
        if not self.packages and not self.orders:
            return True
        packages = Counter(chosen.service_id for one in decisions for chosen in one.packages)
        orders = Counter(source_id for one in decisions for source_id in {chosen.source_id for chosen in one.packages})
        return self.hold(packages, orders)

    def hold(self, packages: Mapping[str, int], orders: Mapping[str, int]) -> bool:
        """Whether so many packages by service, and orders by source, fit in."""
        return all(packages.get(one, 0) <= left for one, left in self.packages.items()) and all(
            orders.get(one, 0) <= left for one, left in self.orders.items()
        )

    def within(self, terms: WaveTerms) -> WaveTerms:
        """The terms with these limits as strict ones; what they say of the same source or service is the least."""
        sources = {one.source_id: one for one in terms.sources}
        for source_id, left in self.orders.items():
            stated = sources.get(source_id, SourceTerms(source_id=source_id))
            if stated.most_orders is None or left <= stated.most_orders:
                sources[source_id] = replace(stated, most_orders=left, over_order_minor=None)
        carriers = {(one.service_id, one.source_id, one.day): one for one in terms.carriers}
        for service_id, left in self.packages.items():
            key = (service_id, "", None)
            limit = carriers.get(key)
            if limit is None or left <= limit.most_packages:
                carriers[key] = CarrierCapacity(service_id=service_id, most_packages=left)
        return replace(terms, sources=tuple(sources.values()), carriers=tuple(carriers.values()))


NO_LIMITS = Rooms()
