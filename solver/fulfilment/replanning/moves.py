"""What moved between two plans for the same units."""

from collections import Counter
from collections.abc import Iterable

from solver.fulfilment.replanning.model import Move
from solver.fulfilment.replanning.remains import packed
from solver.sourcing.plan import Package


def moves_between(before: Iterable[Package], after: Iterable[Package]) -> tuple[Move, ...]:
    """Units that go another way, by line and SKU, in their order; what goes as before is left out."""
    had, has = packed(before), packed(after)
    from_there, to_there = had - has, has - had
    moves: list[Move] = []
    for line_id, sku in sorted({key[:2] for key in (*from_there, *to_there)}):
        sources = _ways(from_there, line_id, sku)
        targets = _ways(to_there, line_id, sku)
        while sources or targets:
            source = sources[0] if sources else None
            target = targets[0] if targets else None
            units = min(way[0] for way in (source, target) if way is not None)
            moves.append(
                Move(
                    line_id=line_id,
                    sku=sku,
                    units=units,
                    from_source_id=source[1] if source else "",
                    from_service_id=source[2] if source else "",
                    to_source_id=target[1] if target else "",
                    to_service_id=target[2] if target else "",
                )
            )
            sources, targets = _less(sources, units), _less(targets, units)
    return tuple(moves)


_Way = tuple[int, str, str]  # units, source, service


def _ways(units: Counter[tuple[str, str, str, str]], line_id: str, sku: str) -> list[_Way]:
    return sorted(
        (count, source_id, service_id)
        for (line, of, source_id, service_id), count in units.items()
        if (line, of) == (line_id, sku)
    )


def _less(ways: list[_Way], units: int) -> list[_Way]:
    if not ways:
        return []
    (count, source_id, service_id), *rest = ways
    return [(count - units, source_id, service_id), *rest] if count > units else rest
