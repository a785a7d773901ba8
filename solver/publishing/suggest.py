"""Which category and which facts are probably meant, by their names. Needs the extra `publish` (RapidFuzz)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from solver.errors import XunyuanError
from solver.publishing.channel import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One that is probably meant, and how alike the names are, of 100."""

    name: str
    title: str
    likeness: int


def suggest_categories(title: str, channel: Channel, most: int = 3, least: int = 30) -> Sequence[Suggestion]:
    """Leaves of the channel's tree whose titles, or paths, are like a title of one's own; the most alike first.

    A leaf's own title weighs three times what its path does: `咖啡机` is meant below any root.
    """
    score = _scorer()
    found = []
    for category_id, category in channel.categories.items():
        if channel.is_leaf(category_id):
            path = channel.path_of(category_id)
            own, whole = (max(score(word, other) for word in _names(title)) for other in (category.title, path))
            found.append(Suggestion(name=category_id, title=path, likeness=round((3 * own + whole) / 4)))
    return _best(found, most, least)


def _names(title: str) -> Sequence[str]:
    """The title, and its Chinese and its Latin part: `咖啡豆 Coffee beans` has two names of one thing."""
    chinese = "".join(character for character in title if character > "\u2e7f")
    latin = "".join(character for character in title if character <= "\u2e7f").strip()
    return [name for name in dict.fromkeys((title, chinese, latin)) if name]


def suggest_facts(
    category_id: str, channel: Channel, facts: Mapping[str, str], most: int = 1, least: int = 60
) -> Mapping[str, Sequence[Suggestion]]:
    """For each field of a channel's category, facts (titles by name) that are probably it; those without are left out.

    A fact counts by its name or its title, whichever is more alike to the field's name or title.
    """
    score = _scorer()
    suggested = {}
    for field in channel.fields_of(category_id).values():
        found = [
            Suggestion(name=name, title=title, likeness=round(_most_alike(score, field.name, field.title, name, title)))
            for name, title in facts.items()
        ]
        best = _best(found, most, least)
        if best:
            suggested[field.name] = best
    return suggested


def _most_alike(score: Callable[[str, str], float], field: str, field_title: str, name: str, title: str) -> float:
    words = [one.replace("_", " ") for one in (field, field_title) if one]
    return max(score(word, other) for word in words for other in (name.replace("_", " "), title) if other)


def _best(found: Iterable[Suggestion], most: int, least: int) -> Sequence[Suggestion]:
    alike = [one for one in found if one.likeness >= least]
    return sorted(alike, key=lambda one: (-one.likeness, one.name))[:most]


def _scorer() -> Callable[[str, str], float]:
    try:
        from rapidfuzz import fuzz, utils
    except ImportError as error:
        raise XunyuanError("suggestions come with the extra `publish`, which is not installed") from error
    return lambda one, other: fuzz.WRatio(one, other, processor=utils.default_process)
