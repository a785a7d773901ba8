"""How large a report is, and how long a browser takes until it can be used: two policies on the same orders.

Usage: python -m benchmarks.reports [--orders N] [--sources N] [--skus N] [--regions N] [--seed N] [--keep FOLDER]

Needs Debian's Chromium on the PATH. Runs that FOLDER has are not made again.
"""

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.replays import scenario
from solver.network.model import Region
from solver.orders.model import Address
from solver.replay.run_files import ORDERS_FILE, digest_of
from solver.replay.running import run_into
from solver.replay.unfinished import Settings
from solver.report.content import content_of, gather
from solver.report.page import Language, page_of
from solver.scenario.model import Scenario
from solver.scenario.plain import plain
from solver.sourcing.policy import Policy

POLICIES = {"cheapest": Policy(), "fewest packages": Policy(split_minor=1000)}
STEPS = {  # what a reader does, and the condition under which it is done
    "sort by cost": ("document.querySelector('[data-sort=cost]').click()", "[aria-sort=descending] [data-sort=cost]"),
    "filter": ("document.querySelector('[data-filter=split]').click()", "[data-filter=split][aria-pressed=true]"),
    "search": (
        "Object.assign(document.getElementById('search'), { value: '77' }).dispatchEvent(new Event('input'))",
        "#grid .row",
    ),
    "open an order": ("document.querySelector('#grid .row').click()", "dialog[open]"),
    "Chinese": ("document.querySelector('[data-language=zh]').click()", "html[lang=zh]"),
}


def to_regions(made: Scenario, regions: int, seed: int) -> Scenario:
    """The same scenario with its orders bound for the centres of so many regions."""
    rng = random.Random(seed)
    places = [
        Region(region_id=f"R-{n:04}", name=f"Region {n}", latitude=rng.uniform(22, 45), longitude=rng.uniform(100, 122))
        for n in range(regions)
    ]
    drawn = [replace(order, destination=_to(rng.choice(places))) for order in made.orders]
    return replace(made, regions=(*made.regions, *places), orders=tuple(drawn))


def _to(region: Region) -> Address:
    return Address(region_id=region.region_id, latitude=region.latitude, longitude=region.longitude)


def runs_in(folder: Path, made: Scenario) -> list[Path]:
    """A run under each policy, made where it is not there yet."""
    folders = []
    for name, policy in POLICIES.items():
        run = folder / name.replace(" ", "-")
        if not (run / ORDERS_FILE).is_file():
            settings = Settings(
                scenario_folder="",
                scenario_digest=digest_of(made),
                policy=name,
                policy_values=plain(policy),
            )
            run_into(run, made, policy, settings)
        folders.append(run)
    return folders


def in_browser(file: Path) -> dict[str, float]:
    """Seconds until the page can be used, and what each step of a reader takes then."""
    chromium = shutil.which("chromium")
    assert chromium, "needs Debian's Chromium on the PATH"
    seconds = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(offline=True).new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-state=ready]")
        seconds["ready"] = page.evaluate("performance.getEntriesByName('ready')[0].startTime") / 1000
        for name, (act, shown) in STEPS.items():
            seconds[name] = _step(page, act, shown)
        browser.close()
    return seconds


def _step(page: Page, act: str, shown: str) -> float:
    """The page's own time for one step, until the next frame is drawn."""
    taken: float = page.evaluate(
        f"() => new Promise((done) => {{ const begun = performance.now(); {act};"
        " requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun))); })"
    )
    page.wait_for_selector(shown)
    return taken / 1000


def main(arguments: Sequence[str] | None = None) -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--orders", type=int, default=100_000)
    reader.add_argument("--sources", type=int, default=500)
    reader.add_argument("--skus", type=int, default=1_000)
    reader.add_argument("--regions", type=int, default=340)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--keep", type=Path, help="keep runs and page there")
    options = reader.parse_args(arguments)
    made = scenario(options.orders, options.sources, options.skus, options.seed)
    made = to_regions(made, options.regions, options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        runs = runs_in(folder, made)
        print(
            "| runs | orders x sources | page, MB | made in, s of a processor | ready, s | " + " | ".join(STEPS) + " |"
        )
        print("|---:|---|" + "---:|" * (3 + len(STEPS)))
        for number in (1, 2):
            begun = time.process_time()
            text = page_of(*content_of(gather(runs[:number])), Language.ENGLISH)
            file = folder / f"{number}.html"
            file.write_text(text, "utf-8")
            spent = time.process_time() - begun
            seconds = in_browser(file)
            told = " | ".join(f"{value:.2f}" for value in seconds.values())
            print(
                f"| {number} | {options.orders:,} x {options.sources:,} | {file.stat().st_size / 1e6:.1f} "
                f"| {spent:.1f} | {told} |"
            )


if __name__ == "__main__":
    main()
