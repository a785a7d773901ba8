"""Which records a sum is made of, as a program: some solution, and whether there is another one."""

from collections.abc import Collection, Mapping, Sequence

_WORTH = 1_000  # of a record that is explained, before its days
_WORK = 5.0  # of the solver's own measure of time, which does not depend on the machine's load


class NotProved(Exception):
    """The search ended before it knew."""


def choose(
    amounts: Sequence[int],
    wanted: Sequence[Collection[int]],
    may: Sequence[Collection[int]],
    *,
    apart: Sequence[Mapping[int, int]] = (),
    least_explained: int = 0,
    other_than: tuple[int, frozenset[int]] | None = None,
) -> Mapping[int, frozenset[int]] | None:
    """Records (by position) of as many targets as can be explained; None where there is no solution.

    A target is explained when the amounts of its records sum to one of the values `wanted` of it; `may[t]` are the
    records that may belong to it, and a record belongs to one target at most. Of solutions that explain as many
    targets, the one with the most records is taken, then the one least `apart` (a number below 100 for each record of
    each target). `other_than` asks for a solution in
    which that target is not made of just those records. Raises NotProved where the search gives up.
    """
    from ortools.sat.python import cp_model  # late: see solver.late

    model = cp_model.CpModel()
    takes = {(t, r): model.new_bool_var(f"takes_{t}_{r}") for t, records in enumerate(may) for r in sorted(records)}
    is_explained = [model.new_bool_var(f"is_explained_{t}") for t in range(len(wanted))]
    for target, values in enumerate(wanted):
        ways = {value: model.new_bool_var(f"comes_to_{target}_{value}") for value in sorted(values)}
        model.add(sum(ways.values()) == is_explained[target])
        mine = [(takes[target, record], amounts[record]) for record in sorted(may[target])]
        model.add(sum(take * amount for take, amount in mine) == sum(way * value for value, way in ways.items()))
        for take, _ in mine:
            model.add_implication(take, is_explained[target])
        model.add_bool_or([take for take, _ in mine]).only_enforce_if(is_explained[target])
    for record in sorted({r for _, r in takes}):
        model.add_at_most_one(take for (_, r), take in takes.items() if r == record)
    model.add(sum(is_explained) >= max(1, least_explained))
    if other_than is not None:
        target, records = other_than
        model.add_bool_or(
            [takes[target, r].negated() if r in records else takes[target, r] for r in sorted(may[target])]
        )
    worth = {(t, r): _WORTH - (apart[t].get(r, 0) if apart else 0) for t, r in takes}
    model.maximize(sum(is_explained) * _WORTH * (len(amounts) + 1) + sum(takes[one] * worth[one] for one in takes))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = _WORK
    solver.parameters.max_time_in_seconds = 100.0
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status != cp_model.OPTIMAL:
        raise NotProved
    return {
        target: frozenset(r for r in may[target] if solver.boolean_value(takes[target, r]))
        for target in range(len(wanted))
        if solver.boolean_value(is_explained[target])
    }
