"""Materials as the inner loops see them: weight, volume, and the class by which rules tell them apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from solver.catalog.model import Material
from solver.network.model import Service
from solver.sourcing.case import Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Materials:
    """Every SKU by its number, ascending by name; `examples` has up to two SKUs of each class."""

    skus: tuple[str, ...]
    number_of: Mapping[str, int]
    facts: Ints  # [M, 3]: grams, mm3, class
    examples: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, materials: Mapping[str, Material], services: Iterable[Service]) -> "Materials":
        """Two materials are of a class when they have the same traits and are too long for the same services."""
        limits = sorted({service.max_side_mm for service in services if service.max_side_mm})
        skus = tuple(sorted(materials))
        facts = np.zeros((len(skus), 3), dtype=np.int64)
        classes: dict[tuple[frozenset[str], int], int] = {}
        examples: list[tuple[str, ...]] = []
        for number, sku in enumerate(skus):
            material = materials[sku]
            key = (frozenset(material.traits), sum(material.longest_side_mm > limit for limit in limits))
            at = classes.setdefault(key, len(classes))
            if at == len(examples):
                examples.append(())
            if len(examples[at]) < 2:
                examples[at] += (sku,)
            facts[number] = material.weight_grams, material.volume_mm3, at
        return cls(
            skus=skus,
            number_of={sku: number for number, sku in enumerate(skus)},
            facts=facts,
            examples=tuple(examples),
        )
