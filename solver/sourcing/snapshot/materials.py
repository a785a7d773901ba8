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
        global _last_made  # noqa: PLW0603 - policy after policy is made ready on the same materials
        limits = tuple(sorted({service.max_side_mm for service in services if service.max_side_mm}))
        last = _last_made
        if last is not None and last[0] is materials and last[1] == limits:
            return last[2]
        made = cls._of(materials, limits)
        _last_made = materials, limits, made
        return made

    @classmethod
    def _of(cls, materials: Mapping[str, Material], limits: tuple[int, ...]) -> "Materials":
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


_last_made: tuple[Mapping[str, Material], tuple[int, ...], Materials] | None = None
