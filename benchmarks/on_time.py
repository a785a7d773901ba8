"""Are the chances of being on time true? Fitted on the earlier orders of a real marketplace, asked on the later ones.

`python -m benchmarks.on_time` prints the tables of docs/promise.md.
"""

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from solver.importers.olist.importer import read_parcels
from solver.importers.olist.transit import Parcel, SeenTimes, fit_times
from solver.network.transit import CERTAIN_PERMILLE, TransitTimes, after, arrival_permille
from solver.units import round_half_up_div

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
TRAIN_PERCENT, SHUFFLE_SEED, LAST_DAYS = 70, 1, 60
LEVELS_PERMILLE = (100, 200, 300, 400, 500, 600, 700, 800, 900, 950)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The chance that was given, and what came of it."""

    chance_permille: int
    was_on_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decile:
    """Forecasts of similar chance: the mean chance that was given and the share that was on time, of 1,000."""

    count: int
    chance_permille: int
    on_time_permille: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One fit asked about parcels that it had not seen, counted from the hand-over and from the order.

    `from_...` are the deciles of the chance to arrive by the promised day, and last all forecasts together.
    `reached_...` are, for each of LEVELS_PERMILLE, the share that arrived in the time in which so many were expected.
    """

    name: str
    fitted: int
    asked: int
    from_hand_over: tuple[Decile, ...]
    from_order: tuple[Decile, ...]
    reached_from_hand_over: tuple[int, ...]
    reached_from_order: tuple[int, ...]


def by_date(parcels: Iterable[Parcel], last_days: int = 10_000) -> tuple[list[Parcel], list[Parcel]]:
    """Those delivered in the days before the first order that is asked about, and the orders from then on.

    Nothing is fitted to that was not known at the first question; what was on its way then is in neither part.
    """
    ordered = sorted(parcels, key=lambda parcel: (parcel.placed_at, parcel.delivered_at, parcel.seller_id))
    cut = ordered[len(ordered) * TRAIN_PERCENT // 100].placed_at
    known = [parcel for parcel in ordered if cut - timedelta(days=last_days) <= parcel.delivered_at < cut]
    return known, [parcel for parcel in ordered if parcel.placed_at >= cut]


def at_random(parcels: Iterable[Parcel], seed: int = SHUFFLE_SEED) -> tuple[list[Parcel], list[Parcel]]:
    """The same share drawn at random, so that both parts are of the same time."""
    shuffled = sorted(parcels, key=lambda parcel: (parcel.placed_at, parcel.delivered_at, parcel.seller_id))
    random.Random(seed).shuffle(shuffled)
    cut = len(shuffled) * TRAIN_PERCENT // 100
    return shuffled[:cut], shuffled[cut:]


def deciles(forecasts: Iterable[Forecast], groups: int = 10) -> tuple[Decile, ...]:
    """The forecasts in groups of equal size, from the lowest chances to the highest; fewer where they are few."""
    ordered = sorted(forecasts, key=lambda forecast: forecast.chance_permille)
    count = len(ordered)
    cuts = [count * group // groups for group in range(groups + 1)]
    return tuple(_decile(ordered[low:high]) for low, high in pairwise(cuts) if low < high)


def _decile(forecasts: Sequence[Forecast]) -> Decile:
    count = len(forecasts)
    return Decile(
        count=count,
        chance_permille=round_half_up_div(sum(forecast.chance_permille for forecast in forecasts), count),
        on_time_permille=round_half_up_div(
            CERTAIN_PERMILLE * sum(forecast.was_on_time for forecast in forecasts), count
        ),
    )


def try_out(name: str, train: Sequence[Parcel], test: Sequence[Parcel]) -> Trial:
    """Fit to one part, forecast the other. Every zone and seller must have times: 30 parcels in all at least."""
    times = fit_times(train)
    asked = [(parcel, *_times_of(times, parcel)) for parcel in test]
    from_hand_over = [_forecast(parcel, transit, from_order=False) for parcel, transit, _ in asked]
    from_order = [_forecast(parcel, door, from_order=True) for parcel, _, door in asked]
    return Trial(
        name=name,
        fitted=len(train),
        asked=len(test),
        from_hand_over=(*deciles(from_hand_over), *deciles(from_hand_over, groups=1)),
        from_order=(*deciles(from_order), *deciles(from_order, groups=1)),
        reached_from_hand_over=_reached([(transit, parcel.transit_minutes) for parcel, transit, _ in asked]),
        reached_from_order=_reached([(door, parcel.door_minutes) for parcel, _, door in asked]),
    )


def _times_of(times: SeenTimes, parcel: Parcel) -> tuple[TransitTimes, TransitTimes]:
    transit, lead = times.transit[parcel.step], times.lead_of(parcel.seller_id)
    if transit is None or lead is None:
        raise ValueError("too few parcels to fit to")
    return transit, after(lead, transit)


def _forecast(parcel: Parcel, times: TransitTimes, *, from_order: bool) -> Forecast:
    begins_at = parcel.placed_at if from_order else parcel.handed_over_at
    chance = arrival_permille(times, begins_at=begins_at, deadline=parcel.promised_at)
    return Forecast(chance_permille=chance or 0, was_on_time=parcel.delivered_at <= parcel.promised_at)


def _reached(taken: Sequence[tuple[TransitTimes, int]]) -> tuple[int, ...]:
    return tuple(
        round_half_up_div(
            CERTAIN_PERMILLE * sum(minutes <= times.quantile_minutes(level) for times, minutes in taken), len(taken)
        )
        for level in LEVELS_PERMILLE
    )


def tables(trial: Trial) -> Iterator[str]:
    """The trial as Markdown."""
    yield f"**{trial.name}**: fitted to {trial.fitted:,} parcels, asked about {trial.asked:,}."
    yield ""
    yield f"| expected within | {' | '.join(_percent(level) for level in LEVELS_PERMILLE)} |"
    yield "|---" + "|---:" * len(LEVELS_PERMILLE) + "|"
    yield f"| arrived, from hand-over | {' | '.join(map(_percent, trial.reached_from_hand_over))} |"
    yield f"| arrived, from order | {' | '.join(map(_percent, trial.reached_from_order))} |"
    yield ""
    groups = range(1, len(trial.from_order))
    yield f"| by the promised day, decile | {' | '.join(map(str, groups))} | all |"
    yield "|---" + "|---:" * (len(groups) + 1) + "|"
    for begin, found in (("hand-over", trial.from_hand_over), ("order", trial.from_order)):
        chances = [_percent(decile.chance_permille) for decile in found]
        shares = [_percent(decile.on_time_permille) for decile in found]
        yield f"| chance from {begin} | {' | '.join(chances)} |"
        yield f"| on time | {' | '.join(shares)} |"
    yield ""


def _percent(permille: int) -> str:
    return f"{permille // 10}.{permille % 10}"


def main() -> int:
    """Print every trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder that holds the real data sets")
    parcels = read_parcels(parser.parse_args().data)
    for name, (train, test) in (
        ("By date, fitted to all before", by_date(parcels)),
        (f"By date, fitted to the last {LAST_DAYS} days", by_date(parcels, LAST_DAYS)),
        ("At random", at_random(parcels)),
    ):
        for line in tables(try_out(name, train, test)):
            sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
