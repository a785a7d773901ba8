"""Every phase of a decision as a benchmark by size; the right answer is asserted before anything is timed."""

import random
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path

from benchmarks import snapshots, worlds
from solver.clock import ManualClock, SystemClock
from solver.errors import Violations
from solver.fulfilment.model import DEFAULT_HOLD, PlanCommand
from solver.gen.xunyuan.sourcing.v1 import plan_pb2, sourcing_pb2
from solver.journal.journal import Journal
from solver.journal.schema import JOURNAL_SCHEMA
from solver.ledger.books.entity_files import read_declaration
from solver.ledger.books.model import Amount, Event
from solver.ledger.books.schema import LEDGER_SCHEMA
from solver.ledger.ledger import Ledger
from solver.network.model import Band, RateCard
from solver.sourcing.brief import brief
from solver.sourcing.check import violations_of
from solver.sourcing.exact.search import search
from solver.sourcing.heuristics import baselines
from solver.sourcing.mip.engine import solve_by_mip
from solver.sourcing.plan import Engine, Plan
from solver.sourcing.problem import Problem
from solver.sourcing.solve import decide, solve
from solver.stock.layers.channel_rows import CHANNEL_SCHEMA
from solver.stock.model import Claim, Movement
from solver.stock.physical.place_rows import PLACE_SCHEMA
from solver.stock.stock import Stock
from solver.storage.url import open_database
from solver.wire.codec import from_proto, to_proto
from solver.wire.plans import draft_to_proto, plan_from_proto

Run = Callable[[], object]
STOCKED_PERCENT = 30
_KEPT: list[object] = []  # folders of databases, until the process ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """`make` builds what is timed, and asserts that its answer is right. `quick`: part of the short selection."""

    phase: str
    size: str
    make: Callable[[], Run]
    quick: bool = False

    @property
    def name(self) -> str:
        """Phase and size."""
        return f"{self.phase}, {self.size}"


@cache
def _problem(sources: int, lines: int) -> Problem:
    return worlds.problem(0, sources=sources, lines=lines, stocked_percent=STOCKED_PERCENT)


@cache
def _plan(sources: int, lines: int) -> Plan:
    plan = decide(_problem(sources, lines), engine=Engine.EXACT, time_limit_seconds=60)
    assert plan.is_proven
    return plan


def _decode(lines: int) -> Run:
    world = snapshots.world(1, sources=10, skus=100, stocked_percent=STOCKED_PERCENT)
    command = PlanCommand(order=snapshots.order(random.Random(1), world, lines), hold_for=DEFAULT_HOLD)
    sent = to_proto(command, sourcing_pb2.PlanFulfillmentRequest).SerializeToString()

    def decode() -> PlanCommand | None:
        request = sourcing_pb2.PlanFulfillmentRequest.FromString(sent)
        return from_proto(request, PlanCommand, "", Violations())

    assert decode() == command
    return decode


def _encode(sources: int, lines: int) -> Run:
    plan = _plan(sources, lines)

    def encode() -> bytes:
        return draft_to_proto(plan).SerializeToString()

    assert plan_from_proto(plan_pb2.Plan.FromString(encode())).plan == plan
    return encode


def _snapshot(sources: int, skus: int) -> Run:
    world = snapshots.world(1, sources=sources, skus=skus, stocked_percent=STOCKED_PERCENT)
    stock = {sku: dict(world.available[sku]) for sku in world.skus}
    world = replace(world, available=stock)
    asked = snapshots.order(random.Random(2), world, 3)
    assert world.snapshot().decide(asked).is_proven
    return world.snapshot


def _case(sources: int, lines: int) -> Run:
    problem = _problem(sources, lines)
    assert len(brief(problem).case.lane_offer) == len(problem.lanes)
    return lambda: brief(problem)


def _exact(sources: int, lines: int) -> Run:
    case, best = brief(_problem(sources, lines)).case, _plan(sources, lines)
    assert search(case).cost == (best.total_minor,)
    return lambda: search(case)


def _mip(sources: int, lines: int) -> Run:
    case, best = brief(_problem(sources, lines)).case, _plan(sources, lines)
    assert solve_by_mip(case, time_limit_seconds=60)[0].cost == (best.total_minor,)
    return lambda: solve_by_mip(case, time_limit_seconds=60)


def _greedy(sources: int, lines: int) -> Run:
    case, best = brief(_problem(sources, lines)).case, _plan(sources, lines)
    assert baselines.greedy(case).cost >= (best.total_minor,)
    return lambda: baselines.greedy(case)


def _from_snapshot(sources: int, lines: int) -> Run:
    world = snapshots.world(1, sources=sources, skus=200, stocked_percent=STOCKED_PERCENT)
    snapshot, rng = world.snapshot(), random.Random(2)
    orders = [snapshots.order(rng, world, lines) for _ in range(10)]
    for order in orders[:2]:
        expected = decide(world.problem(order), engine=Engine.EXACT, time_limit_seconds=60)
        assert snapshot.decide(order).total_minor == expected.total_minor
    assert all(snapshot.decide(order).is_proven for order in orders)
    return lambda: [snapshot.decide(order) for order in orders]


def _batch(orders: int) -> Run:
    world = snapshots.world(3, sources=200, skus=500, stocked_percent=STOCKED_PERCENT)
    snapshot = world.snapshot()
    asked = snapshots.wave(random.Random(4), world, orders)
    assert all(decision.is_proven and not decision.fallback for decision in snapshot.decide_all(asked))
    return lambda: snapshot.decide_all(asked)


def _check(sources: int, lines: int) -> Run:
    problem, plan = _problem(sources, lines), _plan(sources, lines)
    assert violations_of(problem, plan) == []
    assert violations_of(problem, replace(plan, total_minor=plan.total_minor - 1)) != []
    return lambda: violations_of(problem, plan)


def _explain(sources: int, lines: int) -> Run:
    """The whole of `solve`: the decision, its runner-up, what binds it and its sentence."""
    problem = _problem(sources, lines)
    explained = solve(problem)
    assert explained.total_minor == _plan(sources, lines).total_minor
    assert explained.runner_up is not None
    return lambda: solve(problem)


def _hold(lines: int) -> Run:
    """Placed in a transaction that is rolled back at its end, so that every one finds the same books."""
    folder = tempfile.TemporaryDirectory()
    _KEPT.append(folder)
    database = open_database(Path(folder.name) / "bench.db", [JOURNAL_SCHEMA, PLACE_SCHEMA, CHANNEL_SCHEMA])
    stock, numbers = Stock(Journal(SystemClock())), count()
    skus = [f"SKU-{number}" for number in range(lines)]
    with database.write() as tx:
        stock.receive(tx, [Movement(site_id="S", sku=sku, units=10**9) for sku in skus], "opening")
    claims = [Claim(site_id="S", sku=sku, units=1) for sku in skus]

    def hold() -> None:
        with database.write() as tx:
            stock.hold(tx, f"hold-{next(numbers)}", claims, stock.now(tx) + timedelta(minutes=15))

    hold()
    with database.read() as reader:
        assert stock.held(reader, skus) == {sku: {"S": 1} for sku in skus}
    return hold


def _post(events: int) -> Run:
    folder = tempfile.TemporaryDirectory()
    _KEPT.append(folder)
    database = open_database(Path(folder.name) / "bench.db", [JOURNAL_SCHEMA + LEDGER_SCHEMA])
    ledger, numbers = Ledger(Journal(ManualClock(datetime(2025, 6, 1, tzinfo=UTC)))), count()
    with database.write() as tx:
        ledger.declare(tx, read_declaration("entities:\n  CN01: {name_en: A, base_currency: CNY, home: true}\n", "a"))

    def post() -> list[object]:
        made = [_sale(next(numbers)) for _ in range(events)]
        with database.write() as tx:
            return list(ledger.post_each(tx, made))

    assert all(voucher is not None for voucher in post())
    return post


def _sale(number: int) -> Event:
    amounts = tuple(
        Amount(charge=charge, amount_minor=minor, party="platform", order_id=f"order-{number}", sku="sku")
        for charge, minor in (("sale", 8_000), ("tax", 1_040), ("cost_of_goods", 5_000))
    )
    return Event(
        kind="shipped", entity="CN01", currency="CNY", on=date(2025, 6, 1), source=f"shipped/{number}", amounts=amounts
    )


def _price() -> Run:
    bands = (
        Band(up_to_grams=1_000, base_minor=800),
        Band(up_to_grams=20_000, base_minor=800, from_grams=1_000, step_grams=500, step_minor=120),
        Band(up_to_grams=None, base_minor=5_360, from_grams=20_000, step_grams=1_000, step_minor=200),
    )
    card = RateCard(bands=bands)
    assert [card.price_minor(grams) for grams in (1_000, 1_001, 20_001)] == [800, 920, 5_560]
    return lambda: [card.price_minor(grams) for grams in range(1, 40_000, 400)]


def _all() -> tuple[Benchmark, ...]:
    sizes = ((20, 3), (100, 3), (1_000, 3), (100, 8))
    found = [
        *(
            Benchmark(phase="decode", size=f"{lines} lines", make=partial(_decode, lines), quick=lines == 3)
            for lines in (1, 3, 12)
        ),
        Benchmark(phase="snapshot", size="100 sources x 100 SKUs", make=partial(_snapshot, 100, 100)),
        Benchmark(phase="snapshot", size="300 sources x 500 SKUs", make=partial(_snapshot, 300, 500)),
        *(
            Benchmark(
                phase=phase,
                size=f"{sources} sources x {lines} lines",
                make=partial(make, sources, lines),
                quick=quick and (sources, lines) == (100, 3),
            )
            for phase, make, quick, chosen in (
                ("case", _case, True, sizes),
                ("exact engine", _exact, True, sizes),
                ("program", _mip, False, sizes[:1]),
                ("greedy", _greedy, False, sizes[:2]),
                ("decision from a snapshot", _from_snapshot, True, sizes[1:]),
                ("check", _check, True, sizes),
                ("decision explained", _explain, False, sizes),
                ("encode", _encode, True, sizes[1:2] + sizes[3:]),
            )
            for sources, lines in chosen
        ),
        *(Benchmark(phase="batch", size=f"{n} orders", make=partial(_batch, n), quick=n == 100) for n in (100, 500)),
        *(Benchmark(phase="hold", size=f"{n} lines", make=partial(_hold, n)) for n in (1, 3, 50)),
        *(Benchmark(phase="post", size=f"{n} events", make=partial(_post, n)) for n in (1, 50)),
        Benchmark(phase="price of a weight", size="100 weights", make=_price, quick=True),
    ]
    return tuple(found)


BENCHMARKS: Mapping[str, Benchmark] = {one.name: one for one in _all()}
