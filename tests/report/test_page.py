"""The page of two runs in a real browser, opened from its file without a network."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from solver.replay.run_files import Run, RunKind, write_head
from solver.report.content import content_of, gather
from solver.report.page import Language, page_of
from tests.report.browser import Visit, chromium
from tests.report.made_runs import ORDERS, base_outcomes, write, write_both


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def written(folder: Path, *names: str, language: Language = Language.ENGLISH) -> str:
    path = folder / f"{'-'.join(names)}-{language}.html"
    read = gather([folder / name for name in names])
    path.write_text(page_of(*content_of(read), language), "utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def runs(folder: Path) -> tuple[Run, Run]:
    return write_both(folder)


@pytest.fixture(scope="module")
def file(folder: Path, runs: tuple[Run, Run]) -> str:
    return written(folder, "base", "split")


@pytest.fixture
def visit(browser: Browser, file: str) -> Iterator[Visit]:
    made = Visit(browser, file)
    yield made
    made.context.close()
    assert made.said == [], "the page says nothing to the console"


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


def column(page: Page, number: int) -> list[str]:
    """The cells of a column of the table of orders, of the rows that are drawn."""
    return page.locator(f"#grid .rows > div > div:nth-child({number})").all_inner_texts()


def test_it_opens_without_asking_for_anything_but_itself(visit: Visit, file: str) -> None:
    assert visit.asked == [file]
    assert visit.page.locator("h1").inner_text() == "Made <by hand>"
    assert visit.page.locator("#state").is_hidden()
    for chart in ("terms-chart", "time-chart", "spread-chart", "flows-map"):
        assert visit.page.locator(f"#{chart} svg path").count() > 3, f"{chart} is drawn"


def test_the_headline_says_what_the_runs_say(page: Page, runs: tuple[Run, Run]) -> None:
    lead = page.locator("[data-lead=split]").inner_text()
    assert lead.startswith("split costs 2.99 ± 1.94 CNY an order more than base, unfilled units priced: 0 orders")

    def card(metric: str, run: str) -> str:
        return page.locator(f"[data-metric={metric}][data-run={run}] strong").inner_text()

    for run in runs:
        figures = run.metrics.figures
        cost, split, fill = (figures[name] for name in ("cost_per_order_minor", "split_share", "fill_rate"))
        assert cost is not None
        assert split is not None
        assert fill is not None
        assert card("cost_per_order_minor", run.policy) == f"{cost / 100:.2f}"
        assert card("split_share", run.policy) == f"{100 * split:.1f}%"
        assert card("fill_rate", run.policy) == f"{100 * fill:.1f}%"
    change = page.locator("[data-metric=on_time_share][data-run=split] .change")
    assert (change.inner_text(), change.get_attribute("class")) == ("+10.0 points", "change better")
    verdicts = page.locator("#verdicts tbody tr").all_inner_texts()
    assert [row.split("\t")[-1] for row in verdicts] == ["met", "met", "missed", "missed"]


def test_what_each_source_did_and_what_repetitions_come_to_stand_in_tables(page: Page) -> None:
    rows = [row.split("\t") for row in page.locator("#sources-table tbody tr").all_inner_texts()]
    assert rows == [
        ["East Warehouse", "warehouse", "40", "30", "75.0%", "30", "1,200", "0", "0"],
        ["East Store", "store", "0", "10", "25.0%", "0", "0", "0", "7 / 9"],
    ]
    assert page.locator("#repetitions caption").inner_text().startswith("Over 2 repetitions")
    told = page.locator("#repetitions tbody tr").inner_text().split("\t")
    assert told == ["fill rate", "75.0% ± 12.5%", "75.0% ± 12.5%", "−2.0 points ± 1.0%"]


def test_orders_are_sorted_by_a_click_on_a_heading_and_the_other_way_by_another(page: Page) -> None:
    assert column(page, 1)[:2] == ["O-000", "O-001"]
    page.click("[data-sort=cost]")
    assert column(page, 9)[:2] == ["10.39", "10.38"]
    assert page.locator("[aria-sort=descending]").inner_text().startswith("cost")
    page.click("[data-sort=cost]")
    assert column(page, 1)[:2] == ["O-000", "O-001"]


def test_filters_and_the_search_let_through_what_is_so(page: Page) -> None:
    page.click("[data-filter=late]")
    assert column(page, 1) == ["O-000", "O-010", "O-020", "O-030"]
    page.fill("#search", "west city")
    assert column(page, 1) == ["O-000", "O-020"]
    assert page.locator("#count").inner_text() == "2 of 40 orders"
    page.fill("#search", "nowhere")
    assert page.locator("#count").inner_text().startswith("None of 40 orders")
    page.fill("#search", "o-03")
    page.click("[data-filter=late]")
    assert len(column(page, 1)) == 10


def test_what_changed_from_one_run_to_the_other_is_told_order_by_order(page: Page) -> None:
    assert column(page, 12)[:2] == ["sources", "nothing"]
    assert column(page, 11)[:2] == ["+4.00", "–"]
    page.click("[data-filter=changed]")
    assert page.locator("#count").inner_text() == f"{ORDERS // 2 + 1} of 40 orders"
    page.select_option("#run-against", "")
    assert page.locator("[data-sort=difference]").count() == 0
    assert page.locator("#count").inner_text() == "40 of 40 orders"


def test_an_order_is_opened_and_closed_by_keys_alone(page: Page) -> None:
    page.locator("#grid").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "End", "Home", "PageDown", "Home", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert page.locator("#grid").get_attribute("aria-activedescendant") == "row-2"
    assert page.locator("#row-2").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    dialog = page.locator("dialog")
    assert dialog.locator("h2").inner_text() == "Order O-002"
    told = dialog.locator("[data-run=split]").inner_text()
    assert "East Warehouse, East Store ship all of it in 2 packages for 14.02." in told
    assert "4.00 more than under base: freight +4.00." in told
    assert "Arrives 23 h before the promise ends." in told
    assert "python -m solver explain" in told
    assert dialog.locator("[data-run=split] tbody tr").count() == 2
    assert dialog.locator("tbody tr").last.inner_text().split("\t") == ["total", "10.02", "14.02", "+4.00"]
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.id") == "grid"


def test_everything_is_reached_by_the_tab_key_and_seen_when_it_has_the_focus(page: Page) -> None:
    page.evaluate(
        """addEventListener("focusin", ({ target }) => {
            const { id, dataset, className } = target;
            window.reached = [...(window.reached ?? []), id || Object.values(dataset)[0] || className];
            if (id === "grid") window.outline = getComputedStyle(target).outlineStyle;
        })"""
    )
    for _ in range(50):
        page.keyboard.press("Tab")
    reached = page.evaluate("window.reached")
    assert page.evaluate("window.outline") == "solid"
    wanted = ["skip_to_orders", "en", "zh", "auto", "light", "dark", "time-measure", "spread-measure", "flows-run",
              "run-shown", "run-against", "search", "split", "dearer", "grid", "order", "change"]  # fmt: skip
    places = [reached.index(name) for name in wanted]
    assert places == sorted(places), "in the sequence in which they are read"


def test_the_language_is_switched_for_everything(page: Page) -> None:
    page.click("[data-language=zh]")
    assert page.locator("html").get_attribute("lang") == "zh"
    assert page.locator("#headline-heading").inner_text() == "主要差异"
    assert page.locator("[data-lead=split]").inner_text().startswith("split 比 base 每单贵 2.99 ± 1.94 CNY")
    assert page.locator("[data-sort=placed]").inner_text().startswith("下单时间")
    assert page.locator("[data-filter=late]").inner_text() == "延误"
    page.locator("#grid .row").first.click()
    assert "包裹" in page.locator("dialog").inner_text()
    page.keyboard.press("Escape")
    page.click("[data-language=en]")
    assert page.locator("#headline-heading").inner_text() == "What differs"


def test_it_speaks_the_language_that_it_was_made_in(browser: Browser, folder: Path, runs: tuple[Run, Run]) -> None:
    visit = Visit(browser, written(folder, "base", language=Language.CHINESE))
    assert visit.page.locator("[data-language=zh]").get_attribute("aria-pressed") == "true"
    assert visit.page.locator("#lead").inner_text() == "采用 base，40 个订单中有 40 个发货。"
    assert visit.page.locator("#against-label").is_hidden(), "one run differs from none"
    visit.context.close()
    assert visit.said == []


def test_it_is_light_or_dark_as_the_system_or_the_switch_says(page: Page) -> None:
    def colours() -> list[str]:
        told: list[str] = page.evaluate(
            "['--page', '--text'].map((n) => getComputedStyle(document.documentElement).getPropertyValue(n).trim())"
        )
        return told

    light, dark = ["#f5f6f8", "#1a2230"], ["#12161d", "#e6eaf0"]
    assert colours() == light
    page.emulate_media(color_scheme="dark")
    assert colours() == dark
    page.click("[data-theme-is=light]")
    assert colours() == light
    page.emulate_media(color_scheme="light")
    page.click("[data-theme-is=dark]")
    assert colours() == dark
    axis = page.locator("#terms-chart svg text").first
    assert axis.get_attribute("fill") in {"#e6eaf0", "#a3adbb"}, "charts too"


def test_it_prints_the_headline_and_the_first_orders(page: Page) -> None:
    page.emulate_media(media="print")
    assert page.locator(".switches").is_hidden()
    assert page.locator("[data-lead=split]").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("html").get_attribute("data-theme") == "light"
    assert page.locator("#grid .row").count() == ORDERS
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("html").get_attribute("data-theme") == "auto"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_long_ids_and_names_of_runs_are_seen_whole_in_the_table_of_orders(browser: Browser, folder: Path) -> None:
    outcomes = [replace(one, order_id=f"after_the_festival-{one.order_id}") for one in base_outcomes()]
    for name in ("warehouses-alone-as-before", "warehouses-and-all-stores"):
        write(folder / name, name, outcomes)
    visit = Visit(browser, written(folder, "warehouses-alone-as-before", "warehouses-and-all-stores"))
    cut = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.innerText)"
    assert visit.page.locator("#grid .rows > div > div:nth-child(1)").evaluate_all(cut) == []
    assert visit.page.locator("#grid .heads > div").evaluate_all(cut) == []
    visit.context.close()
    assert visit.said == []


def test_a_run_of_no_orders_is_shown_as_what_it_is(browser: Browser, folder: Path) -> None:
    write(folder / "empty", "empty", [])
    visit = Visit(browser, written(folder, "empty"))
    assert visit.page.locator("#lead").inner_text() == "Under empty, 0 of 0 orders ship."
    assert visit.page.locator("[data-metric=fill_rate] strong").inner_text() == "unknown"
    assert visit.page.locator("#flows-note").inner_text().startswith("Nothing to draw")
    assert visit.page.locator("#grid .row").count() == 0
    visit.context.close()
    assert visit.said == []


def test_what_a_history_does_not_tell_is_unknown_and_never_nothing(browser: Browser, folder: Path) -> None:
    untold = ("late_minutes", "arrives_at", "cost", "carbon_grams")
    outcomes = [replace(one, unknown=untold) for one in base_outcomes()]
    write(folder / "history", "history", outcomes, RunKind.HISTORY)
    write(folder / "policy", "policy", base_outcomes())
    visit = Visit(browser, written(folder, "history", "policy"))
    lead = visit.page.locator("[data-lead=policy]").inner_text()
    assert "what is paid" in lead
    assert set(column(visit.page, 7)) == {"?"}, "nobody knows whether it was late"
    visit.page.locator("#grid .row").first.click()
    told = visit.page.locator("dialog [data-run=history]").inner_text()
    assert "promise" not in told
    assert "No plan was better" not in told
    visit.context.close()
    assert visit.said == []


def test_what_came_back_stands_in_a_section_and_with_its_order(page: Page) -> None:
    rows = dict(row.split("\t", 1) for row in page.locator("#returns-table tbody tr").all_inner_texts())
    assert rows == {
        "parcels that came back": "1\t–",
        "units that came back": "1\t–",
        "share of returned units": "2.5%\tunknown",
        "days after arrival, mean of the units": "2\t–",
        "graded good": "0 (0.0%)\t–",
        "to be refurbished": "0 (0.0%)\t–",
        "sent back to the supplier": "0 (0.0%)\t–",
        "scrapped": "1 (100.0%)\t–",
        "units sent in exchange": "1\t–",
        "units wanted in exchange and not to be had": "0\t–",
        "returned units sold again": "0\tunknown",
        "way back and looking at the units": "7.30\t–",
        "shipping what is exchanged": "9.00\t–",
        "both, for a unit that came back": "16.30\t–",
        "refund": "0.00\t–",
    }
    assert page.locator("#returns-days tbody tr").all_inner_texts() == ["2\t1\t–"]
    page.click("[data-filter=returned]")
    assert column(page, 1) == ["O-001"]
    page.locator("#grid .row").first.click()
    [told] = page.locator("dialog [data-returned] tbody tr").all_inner_texts()
    assert told.split("\t") == [
        *("East Store", "1 × TEA scrapped, 1 × CUP sent in exchange", "2026-03-05 10:00"),
        *("2 days", "7.30", "9.00", "0.00"),
    ]
    assert page.locator("dialog [data-returned]").get_attribute("data-returned") == "base"
    page.keyboard.press("Escape")
    page.click("[data-language=zh]")
    assert page.locator("#returns-heading").inner_text() == "退换货"
    assert page.locator("#returns-table tbody tr").first.inner_text() == "退回包裹\t1\t–"


def test_where_nothing_came_back_though_it_may_that_is_said(browser: Browser, folder: Path) -> None:
    made = write(folder / "kept", "kept", [replace(one, returned=()) for one in base_outcomes()])
    figures = {**made.metrics.figures, "returned_units": 0.0, "returned_share": 0.0, "resold_units": 0.0}
    write_head(folder / "kept", replace(made, metrics=replace(made.metrics, figures=figures)))
    visit = Visit(browser, written(folder, "kept"))
    rows = dict(row.split("\t", 1) for row in visit.page.locator("#returns-table tbody tr").all_inner_texts())
    assert (rows["units that came back"], rows["graded good"], rows["refund"]) == ("0", "0", "0.00")
    assert (rows["days after arrival, mean of the units"], rows["both, for a unit that came back"]) == ("–", "–")
    assert visit.page.locator("#returns-days tbody tr").count() == 0
    visit.context.close()
    assert visit.said == []


def test_where_nothing_comes_back_nothing_is_said_of_it(browser: Browser, folder: Path, runs: tuple[Run, Run]) -> None:
    visit = Visit(browser, written(folder, "split"))
    assert visit.page.locator("#returns").is_hidden()
    assert visit.page.locator("[data-filter=returned]").count() == 0
    visit.context.close()
    assert visit.said == []
