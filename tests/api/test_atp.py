"""What may be promised by which day, over the wire."""

from solver.gen.xunyuan.stock.v1 import atp_pb2 as pb
from solver.gen.xunyuan.stock.v1 import stock_pb2
from solver.stock.safety import safety_of
from tests.running import SECONDS, Running, fresh_id, refusal


def ask(service: Running, *skus: str, site_ids: tuple[str, ...] = (), days: int = 0, channel: str = "") -> list[pb.Atp]:
    request = pb.GetAtpRequest(skus=skus, site_ids=site_ids, days=days, channel=channel)
    return list(service.atp.GetAtp(request, timeout=SECONDS).answers)


def test_what_is_there_and_not_held_may_be_promised_today(service: Running) -> None:
    claims = [stock_pb2.Claim(site_id="S-EAST", sku="TEA", units=1)]
    hold = stock_pb2.HoldStockRequest(request_id=fresh_id(), hold_id="cart", claims=claims)
    service.stock.HoldStock(hold, timeout=SECONDS)
    [answer] = ask(service, "TEA", site_ids=("S-EAST",))
    assert (answer.site_id, answer.sku, answer.available_units) == ("S-EAST", "TEA", 2)
    assert [(one.day, one.atp_units) for one in answer.days] == [("2026-03-02", 2)]
    everywhere = [(one.site_id, one.available_units) for one in ask(service, "TEA")]
    assert everywhere == sorted(everywhere)
    assert ("S-EAST", 2) in everywhere
    asked_for = ask(service, "RARE", "TEA", site_ids=("S-EAST", "W-WEST"))
    assert [(one.sku, one.site_id) for one in asked_for] == [
        ("RARE", "S-EAST"), ("RARE", "W-WEST"), ("TEA", "S-EAST"), ("TEA", "W-WEST"),
    ]  # fmt: skip


def test_safety_stock_is_said_once_and_every_wrong_field_of_it_is_named(service: Running) -> None:
    def said() -> dict[tuple[str, str], int]:
        with service.application.database.read() as reader:
            return safety_of(reader, ["TEA", "RARE"])

    def say(*rows: tuple[str, str, int]) -> pb.SetSafetyStockRequest:
        every = [pb.SafetyStock(site_id=site_id, sku=sku, units=units) for site_id, sku, units in rows]
        return pb.SetSafetyStockRequest(request_id=fresh_id(), rows=every)

    request = say(("S-EAST", "TEA", 2), ("W-EAST", "RARE", 1))
    for _ in range(2):
        service.atp.SetSafetyStock(request, timeout=SECONDS)
        assert said() == {("S-EAST", "TEA"): 2, ("W-EAST", "RARE"): 1}
    wrong = say(("nowhere", "nothing", -1), ("S-EAST", "TEA", 1), ("S-EAST", "TEA", 3))
    refused = refusal(lambda: service.atp.SetSafetyStock(wrong, timeout=SECONDS))
    assert set(refused.fields) == {"rows[0].site_id", "rows[0].sku", "rows[0].units", "rows[2]"}
    assert set(refusal(lambda: service.atp.SetSafetyStock(say())).fields) == {"rows"}
    assert said() == {("S-EAST", "TEA"): 2, ("W-EAST", "RARE"): 1}
    service.atp.SetSafetyStock(say(("S-EAST", "TEA", 0)), timeout=SECONDS)
    assert said() == {("W-EAST", "RARE"): 1}


def test_every_wrong_field_is_named(service: Running) -> None:
    refused = refusal(
        lambda: ask(service, "TEA", "nothing", "TEA", site_ids=("nowhere",), days=366, channel="no channel")
    )
    assert refused.code == "INVALID_ARGUMENT"
    assert set(refused.fields) == {"skus[1]", "skus[2]", "site_ids[0]", "days", "channel"}
    assert set(refusal(lambda: ask(service)).fields) == {"skus"}
