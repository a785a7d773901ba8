"""Which kits a part is in, as kits come, change and go."""

from solver.catalog.model import Part, SalesItem
from solver.stock.layers.kits import KitIndex


def kit(item_id: str, *skus: str) -> SalesItem:
    return SalesItem(item_id=item_id, name=item_id, parts=tuple(Part(sku=sku, units=1) for sku in skus))


def test_a_part_leads_to_its_kits_and_a_change_of_any_kit_counts() -> None:
    kits = {"pair": kit("pair", "tea", "cup")}
    index = KitIndex(lambda: kits)
    first = index.edition
    assert index.with_any(["cup", "milk"]) == {"pair"}
    assert index.parts("pair") == (Part(sku="tea", units=1), Part(sku="cup", units=1))
    assert index.parts("tea") == (Part(sku="tea", units=1),)

    kits = dict(kits)  # another mapping that says the same
    assert index.edition == first
    kits = {"pair": kit("pair", "tea"), "set": kit("set", "tea", "milk")}
    assert index.with_any(["cup"]) == set()
    assert index.with_any(["tea"]) == {"pair", "set"}
    assert index.edition == first + 1
