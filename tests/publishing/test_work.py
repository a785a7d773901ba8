from solver.publishing.book import Standing, State
from solver.publishing.work import Ask, work_of
from tests.publishing.made import listing


def standing(item_id: str, state: State, name: str = "Machine", remote_id: str = "") -> Standing:
    return Standing(item_id=item_id, state=state, digest=listing(item_id, name).digest, remote_id=remote_id)


def test_only_what_is_not_as_it_should_be_is_asked_for() -> None:
    wanted = {item_id: listing(item_id) for item_id in ("new", "same", "other", "unsure", "refused", "mended", "back")}
    known = [
        standing("same", State.LISTED, remote_id="1"),
        standing("other", State.LISTED, name="Old", remote_id="2"),
        standing("unsure", State.CREATING),
        standing("refused", State.REFUSED),
        standing("mended", State.REFUSED, name="Bad"),
        standing("back", State.DELISTED),
        standing("stranger", State.LISTED, remote_id="9"),
    ]
    work = work_of(wanted, {one.item_id: one for one in known}, frozenset(), 20)
    assert [(call.ask, call.item_ids) for call in work.calls] == [
        (Ask.FIND, ("unsure",)),
        (Ask.UPDATE, ("other",)),
        (Ask.CREATE, ("new", "mended", "back")),
    ]
    assert (work.unchanged, work.refused_before) == (1, 1)


def test_a_call_carries_no_more_than_the_channel_takes() -> None:
    wanted = {f"I{number}": listing(f"I{number}") for number in range(5)}
    assert [len(call.item_ids) for call in work_of(wanted, {}, frozenset(), 2).calls] == [2, 2, 1]


def test_what_is_gone_is_shown_no_more_and_never_listed() -> None:
    known = [
        standing("shown", State.LISTED, remote_id="1"),
        standing("unsure", State.CREATING),
        standing("off", State.DELISTED),
        standing("half", State.REFUSED, name="Bad", remote_id="4"),
    ]
    gone = frozenset({"shown", "unsure", "off", "half", "never"})
    work = work_of({item: listing(item) for item in gone}, {one.item_id: one for one in known}, gone, 20)
    assert [(call.ask, call.item_ids) for call in work.calls] == [
        (Ask.FIND, ("unsure",)),
        (Ask.DELIST, ("half", "shown")),
    ]
