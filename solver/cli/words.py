"""Numbers with the nouns that they count."""


def counted(count: int, nouns: str) -> str:
    """`1 order`, `2,000 orders`: the nouns are given in their plural, which ends with s."""
    return f"{count:,} {nouns.removesuffix('s') if count == 1 else nouns}"
