from solver.access.caller import LOCAL, Caller, current_caller, on_behalf_of

SHOP, DESK = Caller(caller_id="shop"), Caller(caller_id="desk")


def test_calls_within_one_another_each_keep_their_own_caller() -> None:
    seen = [current_caller()]
    with on_behalf_of(SHOP):
        seen.append(current_caller())
        with on_behalf_of(DESK):
            seen.append(current_caller())
        seen.append(current_caller())
    seen.append(current_caller())
    assert seen == [LOCAL, SHOP, DESK, SHOP, LOCAL]
