from solver.publishing.channel_file import load_channel
from solver.publishing.suggest import suggest_categories, suggest_facts
from tests.publishing.made import channel


def test_the_category_that_is_meant_comes_first_in_any_tree() -> None:
    for title, channel_id, meant in (
        ("咖啡机 Coffee machines", "baihui", "101"),
        ("咖啡机 Coffee machines", "jingxuan", "111"),
        ("咖啡豆 Coffee beans", "jingxuan", "211"),
        ("磨豆机 Grinders", "harbor", "grinders"),
        ("Mugs", "harbor", "drinkware"),
    ):
        assert suggest_categories(title, load_channel(channel_id))[0].name == meant


def test_what_is_like_nothing_is_not_suggested() -> None:
    assert suggest_categories("轮胎", load_channel("kuaima")) == []


def test_facts_are_suggested_by_name_or_title() -> None:
    facts = {"name": "标题", "weight_grams": "毛重", "rated_watts": "额定功率", "roast": "烘焙度"}
    suggested = suggest_facts("machines", channel(), facts)
    assert {field: [one.name for one in found] for field, found in suggested.items()} == {
        "title": ["name"],
        "weight": ["weight_grams"],
        "watts": ["rated_watts"],
    }
