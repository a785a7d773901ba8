"""Work in slices: what may take long is given a few nodes first; how long they take tells for how many there is time.

Without a moment that ends it, slices are the same at every run, and so is what they find.
"""

from time import perf_counter

FEW_NODES = 50_000  # the first slice: some tens of milliseconds
_TIMES = 4  # each slice is so many times the one before


def next_slice(nodes: int, begun: float, until: float) -> int:
    """How many nodes to give next where so many, given at that moment, did not suffice; 0 where time is up."""
    now = perf_counter()
    times = min(float(_TIMES), (until - now) / max(1e-9, now - begun))
    return int(nodes * times) if times > 1 else 0
