"""Everything that a report shows, of one run or of several on the same orders."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from solver.errors import InvalidRequest, XunyuanError
from solver.money import currency_decimals
from solver.replay.compare import Verdict, are_comparable, judged
from solver.replay.run_files import ORDERS_FILE, Run, read_outcomes, read_run
from solver.replay.world_file import Place, World, read_world
from solver.report.columns import Column, Packing
from solver.report.gathering import FATES, Gathered, Words
from solver.report.headline import Paired, paired_differences
from solver.scenario.metric_names import ALL_METRICS
from solver.sourcing.dimensions import all_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """A run with what its scenario asks of it, and how it differs from the first run (the first: nothing)."""

    name: str
    folder: str
    run: Run
    verdicts: tuple[tuple[Verdict, bool], ...]
    paired: Mapping[str, Paired]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the page is made from, but for the columns themselves; names stand by the numbers that columns have."""

    title: str
    description: str
    assumptions: tuple[str, ...]
    currency: str
    decimals: int
    orders: int
    runs: tuple[ShownRun, ...]
    sources: tuple[Place, ...]
    regions: tuple[Place, ...]
    all_regions: Mapping[str, tuple[str, str]]  # name and the region it lies in, by id
    source_names: Mapping[str, str]
    services: tuple[tuple[str, str], ...]  # id and name
    skus: tuple[str, ...]
    fallbacks: tuple[str, ...]
    unknown: tuple[str, ...]
    fates: tuple[str, ...]
    term_words: Mapping[str, str]  # in Chinese
    metrics: Mapping[str, str]  # what each means
    directory: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatherings:
    """Runs as they were read: the first is what others differ from."""

    folders: tuple[Path, ...]
    runs: tuple[Run, ...]
    gathered: tuple[Gathered, ...]
    words: Words
    world: World


def gather(folders: Sequence[Path]) -> Gatherings:
    """Read runs. Raises InvalidRequest for a folder without one, XunyuanError where the orders are not the same."""
    runs = tuple(read_run(folder) for folder in folders)
    for folder, run in zip(folders, runs, strict=True):
        if not are_comparable(runs[0], run):
            raise XunyuanError(
                f"{folder} did not run on the scenario and seed of {folders[0]}: their orders cannot be compared; "
                "make a report of each"
            )
    words = Words()
    gathered = tuple(_read(folder, words) for folder in folders)
    if any(one.order_ids != gathered[0].order_ids for one in gathered):
        raise XunyuanError(f"the runs in {', '.join(map(str, folders))} do not have the same orders")
    world = next((world for folder in folders if (world := read_world(folder))), World(title=runs[0].scenario))
    return Gatherings(folders=tuple(folders), runs=runs, gathered=gathered, words=words, world=world)


def _read(folder: Path, words: Words) -> Gathered:
    try:
        return Gathered(words).add_all(read_outcomes(folder))
    except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
        path = folder / ORDERS_FILE
        raise XunyuanError(f"{path} cannot be read: {error}; replay it", reason=InvalidRequest.reason) from error


def names_of(runs: Sequence[Run], folders: Sequence[Path]) -> list[str]:
    """By policy; by folder too where policies alone do not tell them apart."""
    policies = [run.policy for run in runs]
    return [
        policy if policies.count(policy) == 1 else f"{policy} ({folder})"
        for policy, folder in zip(policies, folders, strict=True)
    ]


def content_of(read: Gatherings) -> tuple[Content, str]:
    """What the page shows, and its columns packed."""
    packing = _packing(read)
    packed = packing.packed()
    words, world = read.words, read.world
    content = Content(
        title=world.title,
        description=world.description,
        assumptions=world.assumptions,
        currency=read.runs[0].currency,
        decimals=currency_decimals(read.runs[0].currency),
        orders=len(read.gathered[0].order_ids),
        runs=tuple(_shown(read, number, name) for number, name in enumerate(names_of(read.runs, read.folders))),
        sources=_placed(words.sources.all, world.sources),
        regions=_placed(words.regions.all, world.regions),
        source_names={one.place_id: one.name for one in world.sources},
        all_regions={one.place_id: (one.name, one.within) for one in world.regions},
        services=tuple((service_id, world.services.get(service_id, "")) for service_id in words.services.all),
        skus=tuple(words.skus.all),
        fallbacks=tuple(words.fallbacks.all),
        unknown=tuple(words.unknown.all),
        fates=FATES,
        term_words={term.name: term.chinese for term in all_terms()},
        metrics=ALL_METRICS,
        directory=tuple(packing.directory),
    )
    return content, packed


def _shown(read: Gatherings, number: int, name: str) -> ShownRun:
    run, gathered = read.runs[number], read.gathered[number]
    verdicts = judged(run, read.world.thresholds)
    return ShownRun(
        name=name,
        folder=str(read.folders[number]),
        run=run,
        verdicts=tuple((one, one.is_met) for one in verdicts),
        paired=paired_differences(read.gathered[0], gathered) if number else {},
        terms=tuple(sorted(gathered.terms)),
    )


def _packing(read: Gatherings) -> Packing:
    packing = Packing()
    packing.add_text("order_ids", read.gathered[0].order_ids)
    for name, values in read.gathered[0].orders.items():
        packing.add(name, values, delta=name == "placed")
    for number, gathered in enumerate(read.gathered):
        tables = {"run": gathered.run, "package": gathered.packages, "item": gathered.items, "term": gathered.terms}
        tables |= {"parcel": gathered.parcels, "fated": gathered.fated}
        for table, columns in tables.items():
            for name, values in columns.items():
                packing.add(f"{number}/{table}/{name}", values)
    return packing


def _placed(ids: Sequence[str], places: Sequence[Place]) -> tuple[Place, ...]:
    """Each by its number; one that is nowhere described has neither name nor coordinates."""
    known = {place.place_id: place for place in places}
    nowhere = float("nan")
    return tuple(known.get(one) or Place(place_id=one, name="", latitude=nowhere, longitude=nowhere) for one in ids)
