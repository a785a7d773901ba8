import pytest

from solver.importers.cn.hours import differs_by_day, parse_hours


def minutes(text: str) -> tuple[int, int] | None:
    hours = parse_hours(text)
    return None if hours is None else (hours.opens_minute, hours.closes_minute)


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("10:00~22:00", 600, 1320),
        ("9：30-22：00", 570, 1320),
        ("周一～周日10:00-22:00", 600, 1320),
        ("周一至周日：9：00—20；00", 540, 1200),
        ("周一至周天9：00至21：30", 540, 1290),
        ("周一至日：10:00-22:00", 600, 1320),
        ("9::30~21:30", 570, 1290),
        ("10:00:00~22:00:00", 600, 1320),
        ("9.30-17：30", 570, 1050),
        ("10∶00—22∶00", 600, 1320),
        ("09:30——22:00", 570, 1320),
        ("早上9:00~晚上6:00", 540, 1080),
        ("上午9:00到下午7:00", 540, 1140),
        ("00:00-24:00", 0, 1440),
    ],
)
def test_one_span_of_hours_is_read_however_it_is_written(text: str, opens: int, closes: int) -> None:
    assert minutes(text) == (opens, closes)
    assert not differs_by_day(text)


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("周一至周四：10:00~21:30,周五至周日：9:30~22:00", 600, 1290),
        ("周日~周四:10:00~22:00   \n周五~周六:10:00~22:30", 600, 1320),
        ("10:00-22:00(夏季) ，10:00-21:30(冬季)", 600, 1290),
        ("11月~4月9:30~21:30,五月~十月9:30~22:00", 570, 1290),
    ],
)
def test_where_days_differ_the_hours_common_to_all_are_taken(text: str, opens: int, closes: int) -> None:
    assert minutes(text) == (opens, closes)
    assert differs_by_day(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11",
        "周一至周日",
        "10:00~2100",
        "周一9：00-周日18:30",
        "早上8:30-12:00,下午14:30-21:30",
        "周天至周四11:00-9:30, 周五至周六11:00-22:00",
        "冬季早9点到下午6点，夏季早9点到下午7点",
        "10:00-25:00",
        "10:00-10:75",
        "周一至周五9:00-18:00",
    ],
)
def test_hours_that_are_not_said_for_every_day_are_none(text: str) -> None:
    assert minutes(text) is None
