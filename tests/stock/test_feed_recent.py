"""The last values in memory."""

from solver.stock.feed.model import FeedMessage, ShownValue
from solver.stock.feed.recent import MOST_KEPT, RecentValues


def shown_value(number: int, sku: str) -> ShownValue:
    return ShownValue(shop_id="c1-a", sku=sku, units=number, is_delisted=False, number=number)


def test_recent_values_are_told_once_each_and_asked_of_the_database_where_they_are_not_known() -> None:
    recent = RecentValues()
    assert recent.after(0, None, 10) is None
    recent.keep([shown_value(11, "tea"), shown_value(12, "milk"), shown_value(13, "tea")], 13, "first")
    assert recent.after(9, None, 10) is None
    assert recent.after(14, None, 10) is None
    assert recent.after(13, None, 10) == (FeedMessage(through_number=13), 13)
    latest = (shown_value(12, "milk"), shown_value(13, "tea"))
    assert recent.after(10, None, 10) == (FeedMessage(values=latest, through_number=13), 13)
    assert recent.after(10, None, 2) == (FeedMessage(values=(shown_value(11, "tea"), shown_value(12, "milk"))), 12)
    assert recent.after(10, {"c2-a"}, 10) == (FeedMessage(through_number=13), 13)

    recent.keep([shown_value(20, "tea")], 20, "second")  # another process published 14 to 19
    assert recent.after(13, None, 10) is None
    assert recent.after(19, None, 10) == (FeedMessage(values=(shown_value(20, "tea"),), through_number=20), 20)
    assert recent.edition == "second"


def test_recent_values_are_bounded() -> None:
    recent = RecentValues()
    for number in range(1, MOST_KEPT + 2):
        recent.keep([shown_value(number, "tea")], number, None)
    oldest = MOST_KEPT + 1 - MOST_KEPT // 2
    assert recent.after(oldest - 1, None, 1) is None
    assert recent.after(oldest, None, 1) == (FeedMessage(values=(shown_value(oldest + 1, "tea"),)), oldest + 1)
