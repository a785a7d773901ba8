"""The order as a model, the way one would first write it for CP-SAT, SCIP or HiGHS.

A yes or no for each way (a source with a service), whole units of each SKU on it, whole filled units of each line, and
for each band of its rate card whether the package's weight lies in it and how many steps it comes to. Cost: packages,
bands, steps, units, splits, unfilled units.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from benchmarks.plain import Answer, Question, Way
from solver.network.model import Band

Model = Callable[[Question, float], Answer]


def by_cp_sat(question: Question, seconds: float) -> Answer:
    """Google's CP-SAT, which the same user would run on all cores."""
    model = cp_model.CpModel()

    def whole(most: int, name: str) -> Any:
        return model.new_int_var(0, most, name)

    made = _built(question, whole, model.add)
    model.minimize(made.cost)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer()
    return Answer(shipped=made.shipped(solver.value), bound_minor=solver.best_objective_bound)


def by_scip(question: Question, seconds: float) -> Answer:
    """SCIP by way of MathOpt."""
    return _by_mathopt(question, seconds, mathopt.SolverType.GSCIP)


def by_highs(question: Question, seconds: float) -> Answer:
    """HiGHS by way of MathOpt."""
    return _by_mathopt(question, seconds, mathopt.SolverType.HIGHS)


def _by_mathopt(question: Question, seconds: float, solver: mathopt.SolverType) -> Answer:
    model = mathopt.Model()

    def whole(most: int, name: str) -> Any:
        return model.add_integer_variable(lb=0, ub=most, name=name)

    made = _built(question, whole, model.add_linear_constraint)
    model.minimize(made.cost)
    limits = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds), relative_gap_tolerance=0.0)
    result = mathopt.solve(model, solver, params=limits)
    if not result.has_primal_feasible_solution():
        return Answer()
    values = result.variable_values()
    return Answer(
        shipped=made.shipped(lambda variable: round(values[variable])),
        bound_minor=result.termination.objective_bounds.dual_bound,
    )


class _Built:
    """The model's variables and what they cost."""

    def __init__(self, units: dict[tuple[int, str], Any], cost: Any) -> None:
        self._units, self.cost = units, cost

    def shipped(self, value: Callable[[Any], int]) -> dict[int, dict[str, int]]:
        """Units by way."""
        found: dict[int, dict[str, int]] = {}
        for (number, sku), variable in self._units.items():
            if count := value(variable):
                found.setdefault(number, {})[sku] = count
        return found


def _built(question: Question, whole: Callable[[int, str], Any], require: Callable[[Any], Any]) -> _Built:
    used, units, cost = [], {}, 0
    for number, way in enumerate(question.ways):
        uses = whole(1, f"uses {number}")
        used.append(uses)
        of_way = {}
        for sku, wanted in question.demand.items():
            most = min(wanted, way.offer.available.get(sku, 0))
            if most:
                of_way[sku] = whole(most, f"units of {sku} by {number}")
                require(of_way[sku] <= most * uses)
                units[number, sku] = of_way[sku]
        cost += way.package_minor * uses + way.offer.handling_per_unit_minor * sum(of_way.values())
        cost += _freight(question, way, uses, of_way, number, whole, require)
    for source in question.by_source:
        for sku in question.demand:
            shared = [units[number, sku] for number in question.by_source[source] if (number, sku) in units]
            if shared:
                offer = question.ways[question.by_source[source][0]].offer
                require(sum(shared) <= offer.available[sku])
    filled = [whole(line.quantity, f"filled {line.line_id}") for line in question.lines]
    for sku in question.demand:
        asked = sum(
            part.units * count
            for line, count in zip(question.lines, filled, strict=True)
            for part in line.parts
            if part.sku == sku
        )
        require(sum(variable for (_, one), variable in units.items() if one == sku) == asked)
    splits = whole(len(question.ways), "splits")
    require(splits >= sum(used) - 1)
    require(sum(used) <= question.most_packages)
    ordered = sum(line.quantity for line in question.lines)
    cost += question.split_minor * splits + question.unfilled_minor * (ordered - sum(filled))
    return _Built(units, cost)


def _freight(
    question: Question,
    way: Way,
    uses: Any,
    of_way: dict[str, Any],
    number: int,
    whole: Callable[[int, str], Any],
    require: Callable[[Any], Any],
) -> Any:
    """What the weight costs: the package lies in one band of the rate card, and every begun step is paid."""
    heaviest = sum(question.grams[sku] * units for sku, units in question.demand.items())
    bulk = sum(question.mm3[sku] * units for sku, units in question.demand.items())
    divisor = way.lane.volumetric_divisor_cm3_per_kg
    most = max(heaviest, -(-bulk // divisor) if divisor else 0, way.lane.min_billable_grams)
    weight = whole(most, f"grams by {number}")
    actual = sum(question.grams[sku] * units for sku, units in of_way.items())
    require(weight >= actual)
    if way.lane.max_weight_grams:
        require(actual <= way.lane.max_weight_grams)
    if divisor:
        require(divisor * weight >= sum(question.mm3[sku] * units for sku, units in of_way.items()))
    require(weight >= way.lane.min_billable_grams * uses)
    cost, in_band, ends, begins, after = 0, [], 0, 0, 0
    for place, band in enumerate(way.lane.card.bands):
        end = most if band.up_to_grams is None else min(most, band.up_to_grams)
        if not band.closed and end > after:
            lies = whole(1, f"band {place} of {number}")
            in_band.append(lies)
            ends += end * lies
            begins += (after + 1) * lies
            cost += band.base_minor * lies + _steps(band, weight, lies, most, f"{place} of {number}", whole, require)
        after = end
    require(sum(in_band) == uses)
    require(weight <= ends)
    require(weight >= begins)
    return cost


def _steps(
    band: Band,
    weight: Any,
    lies: Any,
    most: int,
    name: str,
    whole: Callable[[int, str], Any],
    require: Callable[[Any], Any],
) -> Any:
    if not band.step_minor:
        return 0
    steps = whole(-(-most // band.step_grams), f"steps in {name}")
    require(band.step_grams * steps >= weight - band.from_grams - most * (1 - lies))
    return band.step_minor * steps


MODELS: dict[str, Model] = {"CP-SAT, plain": by_cp_sat, "SCIP, plain": by_scip, "HiGHS, plain": by_highs}
