"""The local search in rounds: in each, blocks of orders are searched side by side, each with its part of the rest."""

from functools import partial

import numpy as np

from solver.sourcing.case import NO_LIMIT, Ints
from solver.waves.case import NONE
from solver.waves.engine.anneal import anneal, chain_for
from solver.waves.engine.chance import chance_of
from solver.waves.engine.cover import Room
from solver.waves.engine.crew import Crew
from solver.waves.engine.holding import Holding
from solver.waves.engine.shortlist import Shortlist

BLOCKS = 2


def blocks_of(orders: int, rng: np.random.Generator, *, alone: bool) -> list[Ints]:
    """The orders in blocks by chance; all in one where `alone`."""
    if alone:
        return [np.arange(orders)]
    shuffled = rng.permutation(orders)
    return [np.sort(part) for part in np.array_split(shuffled, BLOCKS)]


def one_round(
    s: Shortlist,
    h: Holding,
    rooms: list[Room],
    prices: Ints,
    blocks: list[Ints],
    crew: Crew,
    seed: tuple[int, ...],
    *,
    moves: int,
    warmth: float,
    cooling: float,
    part_of_price: float = 0.5,
) -> None:
    """Search every block with so many moves; `h` then holds what all of them came to."""
    steer = (prices * part_of_price).astype(np.int64)
    if len(blocks) == 1:
        anneal(s, h, rooms[0], chain_for(h), blocks[0], prices, steer, chance_of(*seed), moves, warmth, cooling)
        return
    parts = [_part(s, h, block) for block in blocks]
    limits = _shares_of_free(s, h, [part.used for part in parts])

    def search(number: int) -> None:
        mine, part = s._replace(capacity=limits[number][0], least=limits[number][1]), parts[number]
        chance = chance_of(*seed, number)
        anneal(
            mine, part, rooms[number], chain_for(part), blocks[number], prices, steer, chance, moves, warmth, cooling
        )

    crew.all_of([partial(search, number) for number in range(len(blocks))])
    h.used[:] = sum(part.used for part in parts)
    h.is_held[:] = sum(part.is_held for part in parts)


def _part(s: Shortlist, h: Holding, block: Ints) -> Holding:
    """What a block of orders holds: plans are shared with `h`, sums are the block's own."""
    mine = np.zeros(s.orders, dtype=np.bool_)
    mine[block] = True
    is_held = np.zeros(len(h.is_held), np.int8)
    entries = h.shares[np.repeat(mine, np.diff(h.plan_start)) & (h.shares != NONE)]
    is_held[entries] = 1
    width = s.use_start[entries + 1] - s.use_start[entries]
    at = np.repeat(s.use_start[entries] - np.cumsum(width) + width, width) + np.arange(int(width.sum()))
    used = np.zeros(len(h.used), np.int64)
    np.add.at(used, s.resource[at], s.amount[at])
    return h._replace(used=used, is_held=is_held)


def _shares_of_free(s: Shortlist, h: Holding, used: list[Ints]) -> list[tuple[Ints, Ints]]:
    """Each block's capacity and least: what it uses, and its part of what is free, odd units by turns."""
    free = s.capacity - h.used
    count = len(used)
    number = np.arange(len(free))
    limits = []
    for block, mine in enumerate(used):
        part = free // count + ((number + block) % count < free % count)
        capacity = np.where(s.capacity >= NO_LIMIT, NO_LIMIT, mine + part)
        limits.append((capacity, np.maximum(0, s.least - (h.used - mine))))
    return limits
