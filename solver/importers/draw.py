"""Chance for made-up facts: one stream per seed and name, so that no draw depends on the order of reading."""

import random


def stream(seed: int, *names: str) -> random.Random:
    """A generator that is the same for the same seed and names, on every machine."""
    return random.Random(":".join((str(seed), *names)))  # noqa: S311 - made-up stock, not a secret
