import pytest

from solver.access.methods import methods
from solver.access.model import Binding, CallerTerms, Dimension, Role, Scope
from solver.access.rights import Rights, rights_of
from solver.access.roles import shipped_roles
from solver.errors import PermissionDenied

LEVELS = methods()["/xunyuan.stock.v1.StockService/ListStockLevels"]
PLAN = methods()["/xunyuan.sourcing.v1.SourcingService/PlanFulfillment"]
CONFIRM = methods()["/xunyuan.sourcing.v1.SourcingService/ConfirmPlan"]
BALANCES = methods()["/xunyuan.ledger.v1.BooksService/ListPeriodBalances"]
CARRIERS = methods()["/xunyuan.network.v1.NetworkService/ListCarriers"]
QUOTAS = methods()["/xunyuan.stock.v1.ChannelService/ListQuotas"]


def rights(*bindings: Binding, roles: dict[str, Role] | None = None) -> Rights:
    return rights_of(CallerTerms(caller_id="somebody", bindings=bindings), roles or shipped_roles())


def named(**values: str) -> dict[Dimension, frozenset[str]]:
    return {Dimension(name): frozenset(filter(None, text.split())) for name, text in values.items()}


def viewer_of(**scope: tuple[str, ...]) -> Rights:
    return rights(Binding(role_id="viewer", scope=Scope(**scope)))


def test_without_a_binding_nothing_is_allowed() -> None:
    with pytest.raises(PermissionDenied) as raised:
        rights().refuse_method(LEVELS)
    assert str(raised.value) == (
        "somebody may not call ListStockLevels: needed is the permission StockService.ListStockLevels, "
        "StockService:read or read"
    )
    assert raised.value.metadata == {"permission": "StockService.ListStockLevels", "caller_id": "somebody"}


def test_a_role_that_does_not_exist_allows_nothing() -> None:
    assert rights(Binding(role_id="nobody made this")).limits_of == {}


def test_a_role_without_limits_allows_its_methods_everywhere() -> None:
    unlimited = viewer_of()
    unlimited.refuse_method(LEVELS)
    assert LEVELS.path in unlimited.everywhere
    assert PLAN.path not in unlimited.limits_of


@pytest.mark.parametrize("sources", ["A", "B", "A B"])
def test_what_lies_within_the_limits_is_allowed(sources: str) -> None:
    limited = viewer_of(sources=("A", "B"))
    limited.refuse_method(LEVELS)
    limited.refuse_request(LEVELS, named(source=sources))
    assert LEVELS.path not in limited.everywhere


@pytest.mark.parametrize(("sources", "outside"), [("C", "C"), ("A C D", "C,D"), ("", "")])
def test_what_lies_outside_or_is_not_said_is_refused(sources: str, outside: str) -> None:
    with pytest.raises(PermissionDenied) as raised:
        viewer_of(sources=("A", "B")).refuse_request(LEVELS, named(source=sources))
    assert (raised.value.reason, raised.value.metadata["dimension"]) == ("OUT_OF_SCOPE", "source")
    assert raised.value.metadata["outside"] == outside


def test_every_limited_dimension_must_be_met() -> None:
    both = rights(Binding(role_id="accountant", scope=Scope(entities=("CN",), departments=("shops",))))
    both.refuse_request(BALANCES, named(entity="CN", department="shops"))
    for spoilt in (named(entity="CN"), named(department="shops"), named(entity="DE", department="shops")):
        with pytest.raises(PermissionDenied):
            both.refuse_request(BALANCES, spoilt)


def test_one_of_several_roles_is_enough_and_none_lends_its_limits_to_another() -> None:
    two = rights(
        Binding(role_id="accountant", scope=Scope(entities=("CN",), departments=("shops",))),
        Binding(role_id="viewer", scope=Scope(entities=("DE",), departments=("online",))),
    )
    two.refuse_request(BALANCES, named(entity="DE", department="online"))
    with pytest.raises(PermissionDenied):
        two.refuse_request(BALANCES, named(entity="CN", department="online"))


def test_a_method_that_tells_nothing_of_the_limited_dimension_is_refused_by_its_name_alone() -> None:
    for method, scope in ((QUOTAS, Scope(sources=("A",))), (LEVELS, Scope(brands=("X",)))):
        with pytest.raises(PermissionDenied) as raised:
            rights(Binding(role_id="viewer", scope=scope)).refuse_method(method)
        assert raised.value.reason == "SCOPE_NOT_TOLD"


def test_what_concerns_nobody_in_particular_is_open_to_the_limited() -> None:
    limited = viewer_of(sources=("A",), brands=("X",), entities=("CN",), departments=("shops",))
    assert CARRIERS.path in limited.everywhere


def test_brand_and_sources_of_a_plan_count_where_a_request_names_the_plan() -> None:
    planner = rights(Binding(role_id="planner", scope=Scope(brands=("X",))))
    planner.refuse_method(CONFIRM)
    planner.refuse_request(CONFIRM, named(brand="X"))
    with pytest.raises(PermissionDenied):
        planner.refuse_request(CONFIRM, named(brand="Y"))


def test_a_kept_role_of_the_same_name_stands_in_place_of_the_one_that_ships() -> None:
    mine = {**shipped_roles(), "viewer": Role(role_id="viewer", permissions=("StockService.ListStockLevels",))}
    assert set(rights(Binding(role_id="viewer"), roles=mine).limits_of) == {LEVELS.path}
