"""The judge's short way calls sound what the judge finds no fault in, and nothing else."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any, TypeVar

from solver.network.lanes import Lane
from solver.network.model import RateCard, Source
from solver.network.surcharge import Surcharge
from solver.orders.model import Order, OrderLine
from solver.sourcing.check import violations_of
from solver.sourcing.check_straight import StraightJudge
from solver.sourcing.dimensions import all_rules, all_terms
from solver.sourcing.plan import LevelValue, Package, PackedUnits, Plan
from solver.sourcing.policy import Policy
from solver.sourcing.problem import Offer, Problem, Stage
from solver.sourcing.snapshot.planned import priced
from tests.sourcing.judged import with_line, with_package
from tests.sourcing.snapshot.any_world import World, any_world
from tests.sourcing.snapshot.straight import straight_of
from tests.sourcing.test_every_number import with_a_number_changed, with_a_unit_moved

WORLDS = 60
CAUTIOUS = "cautious: "  # before what only the judge himself may find sound
Judged = tuple[str, Problem, Plan]  # what was changed, and what is to be judged
Change = Callable[[random.Random, Problem, Plan], Problem]
_Noun = TypeVar("_Noun")


def test_it_says_of_each_plan_what_the_judge_says(seed: int) -> None:
    """Of sound ones, of such as were tampered with, and of such as the world changed under."""
    sound, refused = Counter[str](), Counter[str]()
    for number in range(seed, seed + WORLDS):
        draw = random.Random(f"straight/{number}")
        for order, problem, plan, sources in planned(draw, roomy(any_world(number, busy=0.2))):
            judged = [("nothing", problem, plan), *tampered(plan, problem), *changed_under(draw, problem, plan)]
            for what, asked, told in judged:
                said, found = is_sound(order, asked, told, sources), violations_of(asked, told)
                if what.startswith(CAUTIOUS):
                    assert not (said and found), f"world {number}, {what}: {found}"
                else:
                    assert said == (not found), f"world {number}, {what}: {found}"
                (sound if said else refused)[what] += 1
    assert sound["nothing"] > WORLDS
    assert refused["nothing"] == 0
    assert sum(sound.values()) > 10 * WORLDS
    # What a plan says, whichever it is, counts; the world changes now and then so that it is sound all the same.
    assert [what for what, _ in WORLD_CHANGES if not refused[what]] == []
    assert min(refused[what] for what in refused if what not in dict(WORLD_CHANGES)) > 5


def test_a_policy_that_asks_for_more_is_left_to_the_judge() -> None:
    asking = Policy(settings={"labour_minor_per_hour": 7}), Policy(settings={"max_minutes_to_door": 60})
    assert [StraightJudge(policy, {}).knows_all for policy in (Policy(), *asking)] == [True, False, False]


def planned(draw: random.Random, world: World) -> Iterator[tuple[Order, Problem, Plan, dict[str, Source]]]:
    """Orders of the world with their plans, of which no line shares a SKU with another."""
    world = replace(world, policy=straight_policy(draw))
    snapshot = world.snapshot()
    for order in world.orders:
        decision = snapshot.decide(order)
        if decision.fallback or not decision.packages or snapshot.may_close_lanes(order):
            continue
        problem = world.problem(order)
        plan = priced(snapshot.itemiser, straight_of(order, problem), decision)
        if plan is not None:
            yield order, problem, plan, dict(world.network.sources)


def roomy(world: World) -> World:
    """The same with more stock here and there, and orders of which no line shares a SKU with another."""
    orders = tuple(replace(order, lines=tuple(_apart(order.lines))) for order in world.orders)
    available = {sku: {one: 2 * units + 1 for one, units in of.items()} for sku, of in world.available.items()}
    return replace(world, available=available, orders=orders)


def _apart(lines: tuple[OrderLine, ...]) -> Iterator[OrderLine]:
    seen: set[str] = set()
    for line in lines:
        skus = {"SKU-0", "SKU-1"} if line.sku == "BUNDLE" else {line.sku}
        if seen.isdisjoint(skus):
            yield line
            seen |= skus


def straight_policy(draw: random.Random) -> Policy:
    """One that asks for nothing that the short way does not know."""

    def some(value: int) -> int:
        return value if draw.random() < 0.4 else 0

    return Policy(
        distance_minor_per_km=some(draw.randint(1, 3)),
        lateness_minor_per_hour=draw.choice([0, 100]),
        split_minor=draw.choice([0, 200]),
        max_sources=some(3),
        max_distance_meters=some(9_000_000),
        settings={
            "lateness_minor_per_day": some(900),
            "cross_province_minor": some(draw.randint(1, 500)),
            "split_minor_per_source": some(150),
            "max_units_per_package": some(4),
            "ship_lines_together": some(1),
        },
        off=tuple(
            draw.sample(["freight", "handling", "packaging", "surcharges", "lateness"], k=draw.choice([0, 0, 1]))
        ),
        policy_id="straight",
        version=3,
    )


def is_sound(order: Order, problem: Problem, plan: Plan, sources: dict[str, Source]) -> bool:
    """By the short way, of sources such as the problem's offers tell of."""
    told = {offer.source_id: _source_of(sources[offer.source_id], offer) for offer in problem.offers}
    straight = straight_of(replace(order, promised_at=problem.promised_at), problem)
    return StraightJudge(problem.policy, told).is_sound(straight, plan)


def _source_of(source: Source, offer: Offer) -> Source:
    stated = {field.name for field in fields(Source)} & {field.name for field in fields(Offer)}
    return replace(source, **{name: getattr(offer, name) for name in stated})


def tampered(plan: Plan, problem: Problem) -> Iterator[Judged]:
    """Each number changed by one, each unit moved, each word another."""
    told = [*with_a_number_changed(plan), *(("a unit's package", one) for one in with_a_unit_moved(plan))]
    told += [(f"the plan's {what}", _with(plan, {what: "another"})) for what in ("order_id", "currency")]
    told.append(("levels", replace(plan, levels=(LevelValue(measure="cost_minor", value=0, bound=0),))))
    told.append(("relaxed_rules", replace(plan, relaxed_rules=("goods_travel_without_transfer",))))
    told.append(("no packages", replace(plan, packages=())))
    told.append(("a line less", replace(plan, lines=plan.lines[1:])))
    told.append(("an answer more", replace(plan, lines=(*plan.lines, plan.lines[0]))))
    told += [("a package of nothing", one) for one in _with_a_package_of_nothing(problem, plan)]
    told += [(f"a line's {what}", with_line(plan, 0, **{what: "another"})) for what in ("line_id", "sku")]
    for at, package in enumerate(plan.packages):
        told.append(("a package less", replace(plan, packages=plan.packages[:at] + plan.packages[at + 1 :])))
        told.append(("a package twice", replace(plan, packages=(*plan.packages, package))))
        words = ("source_id", "service_id", "carrier_id", "via_source_id", "offer_id")
        told += [(f"a package's {what}", with_package(plan, at, **{what: "another"})) for what in words]
        others: dict[str, Any] = {
            "stage": Stage.IN_TRANSIT,
            "arrives_at": package.arrives_at + timedelta(seconds=1),
            "crosses_province": not package.crosses_province,
            "contents": (),
        }
        told += [(f"a package's {what}", with_package(plan, at, **{what: value})) for what, value in others.items()]
        for packed in package.contents:
            for what in ("line_id", "sku"):
                contents = [_with(packed, {what: "another"}) if one is packed else one for one in package.contents]
                told.append((f"contents' {what}", with_package(plan, at, contents=tuple(contents))))
        spare = PackedUnits(line_id=package.contents[0].line_id, sku=package.contents[0].sku, units=0)
        told.append(("contents of nothing", with_package(plan, at, contents=(*package.contents, spare))))
    for what, one in told:
        yield what, problem, one
    first = plan.lines[0]
    more = replace(first, ordered_units=first.ordered_units + 1, planned_units=first.planned_units + 1)
    ordered = replace(problem.lines[0], quantity=problem.lines[0].quantity + 1)
    asked = replace(problem, lines=(ordered, *problem.lines[1:]))
    yield "a unit that no package holds", asked, replace(plan, lines=(more, *plan.lines[1:]))


def _with_a_package_of_nothing(problem: Problem, plan: Plan) -> Iterator[Plan]:
    """Beside the first package, by the same lane; every cent of it is stated."""
    package = plan.packages[0]
    lane = next(one for one in problem.lanes if one.lane_id == package.lane_id)
    offer = next(one for one in problem.offers if one.source_id == package.source_id)
    freight_minor, off = lane.card.price_minor(lane.min_billable_grams), problem.policy.off
    if lane.surcharges or freight_minor is None:
        return
    of_nothing = {"freight": freight_minor, "handling": offer.handling_per_package_minor}
    cost = {**package.cost_minor, **{name: 0 if name in off else minor for name, minor in of_nothing.items()}}
    of_plan = dict(plan.cost_minor)
    for name, minor in (*cost.items(), ("split", problem.policy.split_minor)):
        of_plan[name] = of_plan.get(name, 0) + minor
    nothing = replace(
        package,
        contents=(),
        weight_grams=0,
        volume_mm3=0,
        billable_grams=lane.min_billable_grams,
        cost_minor=cost,
    )
    packages = (package, nothing, *plan.packages[1:])
    yield replace(plan, packages=packages, cost_minor=of_plan, total_minor=sum(of_plan.values()))


def changed_under(draw: random.Random, problem: Problem, plan: Plan) -> Iterator[Judged]:
    """The same plan of a problem in which something is otherwise."""
    for what, change in WORLD_CHANGES:
        yield what, change(draw, problem, plan), plan


def _with(noun: _Noun, more: dict[str, Any]) -> _Noun:
    """The noun with other values, or with what a function makes of its own."""
    values = {name: value(getattr(noun, name)) if callable(value) else value for name, value in more.items()}
    return replace(noun, **values)  # type: ignore[type-var]  # a dataclass, which the type does not say


def _with_lane(**more: Any) -> Change:

    def change(draw: random.Random, problem: Problem, plan: Plan) -> Problem:
        used = draw.choice(plan.packages).lane_id

        def changed(lane: Lane) -> Lane:
            return _with(lane, more) if lane.lane_id == used else lane

        return replace(problem, lanes=tuple(map(changed, problem.lanes)))

    return change


def _with_offer(**more: Any) -> Change:
    def change(draw: random.Random, problem: Problem, plan: Plan) -> Problem:
        used = draw.choice(plan.packages).source_id

        def changed(offer: Offer) -> Offer:
            return _with(offer, more) if offer.source_id == used else offer

        return replace(problem, offers=tuple(map(changed, problem.offers)))

    return change


def _with_item(**more: Any) -> Change:
    def change(draw: random.Random, problem: Problem, plan: Plan) -> Problem:
        sku = draw.choice(sorted(problem.items))
        return replace(problem, items={**problem.items, sku: _with(problem.items[sku], more)})

    return change


def _with_line(**more: Any) -> Change:
    def change(draw: random.Random, problem: Problem, plan: Plan) -> Problem:
        at = draw.randrange(len(problem.lines))
        lines = (*problem.lines[:at], _with(problem.lines[at], more), *problem.lines[at + 1 :])
        return replace(problem, lines=lines)

    return change


def _with_policy(**more: Any) -> Change:
    def change(draw: random.Random, problem: Problem, plan: Plan) -> Problem:
        return replace(problem, policy=_with(problem.policy, more))

    return change


def _off(draw: random.Random, problem: Problem, plan: Plan) -> Problem:
    names = [*(term.name for term in all_terms()), *(rule.name for rule in all_rules())]
    return replace(problem, policy=replace(problem.policy, off=(*problem.policy.off, draw.choice(names))))


def _promised(draw: random.Random, problem: Problem, plan: Plan) -> Problem:
    arrives_at = draw.choice(plan.packages).arrives_at
    return replace(problem, promised_at=arrives_at - timedelta(minutes=draw.choice([-1, 0, 1, 61])))


def _with_word(setting: str, word_of: Callable[[Problem, Package], str]) -> Change:
    """The word of one of the packages is the only one, or is blocked."""

    def change(draw: random.Random, problem: Problem, plan: Plan) -> Problem:
        words = {setting: (word_of(problem, draw.choice(plan.packages)),)}
        return replace(problem, policy=replace(problem.policy, words=words))

    return change


def _kind_of(problem: Problem, package: Package) -> str:
    return next(str(offer.kind) for offer in problem.offers if offer.source_id == package.source_id)


def _fewer(units: Any) -> dict[str, int]:
    return {sku: max(0, count - 2) for sku, count in units.items()}


def _closed(card: RateCard) -> RateCard:
    return RateCard(bands=tuple(replace(band, closed=True) for band in card.bands))


_NEARLY_BY_THE_PROMISE = {"arrive_by_promise": 1, "promise_grace_minutes": 600}
WORLD_CHANGES: tuple[tuple[str, Change], ...] = (
    ("a farther lane", _with_lane(distance_meters=lambda meters: meters + 1_000)),
    ("a later lane", _with_lane(arrives_at=lambda at: at + timedelta(minutes=1))),
    ("another carrier", _with_lane(carrier_id="another")),
    ("another province", _with_lane(crosses_province=lambda crosses: not crosses)),
    ("a dearer lane", _with_lane(package_minor=1)),
    (CAUTIOUS + "a dearer unit", _with_lane(unit_minor={"SKU-1": 1})),
    ("billed as heavier", _with_lane(min_billable_grams=lambda grams: grams + 30_000)),
    ("billed by its volume", _with_lane(volumetric_divisor_cm3_per_kg=1)),
    ("billed by its volume in inches", _with_lane(volumetric_divisor_cm3_per_kg=0, volumetric_divisor_in3_per_lb=1)),
    ("a surcharge", _with_lane(surcharges=(Surcharge(name="", per_kg_minor=3, freight_basis_points=77),))),
    ("a lane that carries nothing", _with_lane(card=_closed)),
    ("a lane for little weight", _with_lane(max_weight_grams=3_000)),
    ("a lane for little volume", _with_lane(max_volume_mm3=9_000_000)),
    ("a lane for few units", _with_lane(max_units=2)),
    ("a lane for short ones", _with_lane(max_side_mm=300)),
    ("a lane that refuses some", _with_lane(refuses_tags=("hazmat", "food"))),
    (CAUTIOUS + "a lane with few packages left", _with_lane(packages_left=0)),
    (CAUTIOUS + "a lane with few grams left", _with_lane(grams_left=1)),
    ("less available", _with_offer(available=_fewer)),
    (CAUTIOUS + "nothing on hand", _with_offer(on_hand={})),
    ("a source that is not active", _with_offer(is_active=False)),
    ("dearer packages", _with_offer(handling_per_package_minor=lambda minor: minor + 1)),
    ("dearer orders", _with_offer(handling_per_order_minor=lambda minor: minor + 1)),
    ("dearer lines", _with_offer(handling_per_line_minor=lambda minor: minor + 1)),
    ("dearer units", _with_offer(handling_per_unit_minor=lambda minor: minor + 1)),
    ("dearer cartons", _with_offer(packaging_minor=lambda minor: minor + 1)),
    ("a heavier item", _with_item(weight_grams=lambda grams: grams + 1)),
    ("a larger item", _with_item(volume_mm3=lambda mm3: mm3 + 1)),
    ("a longer item", _with_item(longest_side_mm=5_000)),
    ("an item of other tags", _with_item(tags=("hazmat", "food", "cold_chain"))),
    ("more ordered", _with_line(quantity=lambda units: units + 1)),
    ("less ordered", _with_line(quantity=lambda units: units - 1)),
    ("a part twice", _with_line(parts=lambda parts: (*parts, parts[0]))),
    ("a part less", _with_line(parts=lambda parts: parts[1:])),
    ("a line to ship together", _with_line(ships_together=True)),
    ("one package", _with_policy(max_packages=1)),
    ("one source", _with_policy(max_sources=1)),
    ("near sources", _with_policy(max_distance_meters=50_000)),
    ("another price of a way", _with_policy(distance_minor_per_km=lambda minor: minor + 1)),
    ("another price of splitting", _with_policy(split_minor=lambda minor: minor + 1)),
    ("another price of lateness", _with_policy(lateness_minor_per_hour=lambda minor: minor + 1)),
    ("other settings", _with_policy(settings={"cross_province_minor": 33, "max_units_per_package": 2})),
    ("lines together", _with_policy(settings={"ship_lines_together": 1})),
    ("bundles together", _with_policy(settings={"ship_bundles_together": 1})),
    (CAUTIOUS + "something off", _off),
    (CAUTIOUS + "a soft rule", _with_policy(soft={"sources_are_near_enough": 5}, max_distance_meters=50_000)),
    (CAUTIOUS + "more is asked for", _with_policy(settings={"labour_minor_per_hour": 3, "max_transit_minutes": 600})),
    ("another promise", _promised),
    ("the promise to be kept", _with_policy(settings=lambda known: {**known, "arrive_by_promise": 1})),
    ("the promise to be kept nearly", _with_policy(settings=lambda known: {**known, **_NEARLY_BY_THE_PROMISE})),
    ("the kinds of some", _with_word("only_kinds", _kind_of)),
    ("not the kinds of some", _with_word("blocked_kinds", _kind_of)),
    ("the services of some", _with_word("only_services", lambda _, package: package.service_id)),
    ("not the services of some", _with_word("blocked_services", lambda _, package: package.service_id)),
    ("the carriers of some", _with_word("only_carriers", lambda _, package: package.carrier_id)),
    ("not the carriers of some", _with_word("blocked_carriers", lambda _, package: package.carrier_id)),
)
