from solver.access.caller import LOCAL, Caller, current_caller
from tests.access.as_caller import as_caller

SHOP, DESK = Caller(caller_id="shop"), Caller(caller_id="desk")


def test_calls_within_one_another_each_keep_their_own_caller() -> None:
    def of_the_shop() -> list[Caller]:
        return [current_caller(), as_caller(DESK, current_caller), current_caller()]

    seen = [current_caller(), *as_caller(SHOP, of_the_shop), current_caller()]
    assert seen == [LOCAL, SHOP, DESK, SHOP, LOCAL]
