"""What lies between clients and servers: it loses, delays, doubles and re-orders."""

import random
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class Network(Generic[T]):
    """Messages of one direction, each with the tick at which it arrives."""

    draw: random.Random
    is_faulty: bool = True
    lost: int = 0
    doubled: int = 0
    _under_way: list[tuple[int, T]] = field(default_factory=list)

    def send(self, tick: int, message: T) -> None:
        """It arrives once; where the network is faulty perhaps never, twice, or late."""
        if not self.is_faulty:
            self._under_way.append((tick, message))
            return
        copies = self.draw.choices([0, 1, 2], [0.15, 0.7, 0.15])[0]
        self.lost += copies == 0
        self.doubled += copies == 2
        self._under_way += [(tick + self.draw.choice([0, 0, 1, 3, 9]), message) for _ in range(copies)]

    def arrive(self, tick: int) -> list[T]:
        """Everything that arrives by now, in any order."""
        arrived = [message for at, message in self._under_way if at <= tick]
        self._under_way = [(at, message) for at, message in self._under_way if at > tick]
        self.draw.shuffle(arrived)
        return arrived
