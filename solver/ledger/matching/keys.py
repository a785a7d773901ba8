"""Keys as they are compared: normalised, near each other, and whether near ones mean anything."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

from solver.ledger.matching.model import Item
from solver.ledger.matching.rules import MatchRules

LEAST_CHARACTERS = 6  # shorter keys are near to everything
_SAMPLED = 400
_FAR = 99


def normalised(value: str, prefixes: Sequence[str]) -> str:
    """Letters and digits alone, full-width ones as plain ones, in one case, without prefixes and leading zeros."""
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value)
    bare = value if value.isalnum() else "".join(filter(str.isalnum, value))
    bare = bare.upper()
    for prefix in prefixes:
        if bare.startswith(prefix) and len(bare) > len(prefix):
            bare = bare[len(prefix) :]
            break
    return bare.lstrip("0") or bare


class KeySpaces:
    """Which keys of an item are looked up where: each pair of names is a space of its own."""

    def __init__(self, rules: MatchRules, ours: Iterable[Item], theirs: Iterable[Item]) -> None:
        self._prefixes = tuple(normalised(prefix, ()) for prefix in rules.prefixes)
        pairs = rules.keys
        if not pairs:
            names = {name for item in ours for name in item.keys} & {name for item in theirs for name in item.keys}
            pairs = tuple((name, name) for name in sorted(names))
        self._names = tuple(zip(*pairs, strict=True)) if pairs else ((), ())

    def of_ours(self, item: Item) -> list[tuple[int, str]]:
        """Space and normalised key, of every key that may meet one of theirs."""
        return self._of(item, self._names[0])

    def of_theirs(self, item: Item) -> list[tuple[int, str]]:
        """Space and normalised key, of every key that may meet one of ours."""
        return self._of(item, self._names[1])

    def _of(self, item: Item, names: Sequence[str]) -> list[tuple[int, str]]:
        return [
            (space, key)
            for space, name in enumerate(names)
            if (value := item.keys.get(name)) and (key := normalised(value, self._prefixes))
        ]


def distance(one: str, other: str, most: int = 2) -> int:
    """How many characters were put in, left out, changed or swapped with the next; above `most` only that it is more.

    The optimal string alignment distance.
    """
    if one == other:
        return 0
    if abs(len(one) - len(other)) > most:
        return _FAR
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, character in enumerate(one, start=1):
        line = [row] + [0] * len(other)
        for column in range(1, len(other) + 1):
            changed = above[column - 1] + (character != other[column - 1])
            best = min(above[column] + 1, line[column - 1] + 1, changed)
            if row > 1 and column > 1 and character == other[column - 2] and one[row - 2] == other[column - 1]:
                best = min(best, before[column - 2] + 1)
            line[column] = best
        if min(line) > most:
            return _FAR
        before, above = above, line
    return above[-1] if above[-1] <= most else _FAR


def key_distance(ours: Sequence[tuple[int, str]], theirs: Sequence[tuple[int, str]]) -> int | None:
    """The distance of the nearest keys of a space that both have; a cut-off key is 2 off, and says nothing if short.

    None: there is nothing to compare. More than 2: they contradict each other.
    """
    nearest: int | None = None
    for space, key in ours:
        for other_space, other in theirs:
            if space != other_space:
                continue
            found = _apart(key, other)
            if found is not None:
                nearest = found if nearest is None else min(nearest, found)
    return nearest


def _apart(key: str, other: str) -> int | None:
    shorter = min(len(key), len(other))
    found = distance(key, other) if shorter >= LEAST_CHARACTERS or key == other else _FAR
    if found < _FAR or not _is_cut(key, other):
        return found
    return 2 if shorter >= 2 * LEAST_CHARACTERS else None


def _is_cut(key: str, other: str) -> bool:
    short, long = sorted((key, other), key=len)
    return long.startswith(short) or long.endswith(short)


def deletions(key: str) -> Iterator[str]:
    """The key, and the key without each of its characters: keys one slip apart share one of these."""
    yield key
    for position in range(len(key)):
        yield key[:position] + key[position + 1 :]


def are_dense(keys: Collection[str]) -> bool:
    """Whether a slip may well turn one of these keys into another one: running numbers, not random ones.

    Looks up every key one digit or letter away from some of them.
    """
    known = keys if isinstance(keys, set) else set(keys)
    step = max(1, len(known) // _SAMPLED)
    for key in sorted(known)[::step][:_SAMPLED]:
        if len(key) < LEAST_CHARACTERS:
            return True
        alphabet = "0123456789" if key.isdigit() else "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for position in range(len(key)):
            head, tail = key[:position], key[position + 1 :]
            if any(head + one + tail in known for one in alphabet if one != key[position]):
                return True
    return False
