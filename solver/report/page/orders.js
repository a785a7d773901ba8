// The table of orders: one run, or what changed from it to another; searched, filtered, sorted.
import { CHANGES, changesBetween } from "./runs.js";
import { nameOf, whereOf } from "./flows.js";
import { Grid } from "./grid.js";
import { fill, make, options } from "./words.js";

const HOUR_MINUTES = 60;
const CHARACTER_REM = 0.52; // of an id, in a wide font
const LEAST_ID_REM = 7.5;
const MOST_ID_REM = 16;
const OTHERS_REM = 66; // all other columns at their least, with the gaps
const NOTHING = "";

export class Orders {
  constructor(words, content, runs, open) {
    Object.assign(this, { words, content, runs });
    this.placed = runs[0].columns.get("placed");
    this.region = runs[0].columns.get("region");
    this.units = runs[0].columns.get("ordered_units");
    this.ids = runs[0].columns.get("order_ids");
    this.longestId = this.ids.reduce((longest, id) => Math.max(longest, id.length), 0);
    this.filters = new Set();
    this.sorted = "placed";
    this.descending = false;
    this.grid = new Grid(document.getElementById("grid"), {
      sort: (name) => this.sortBy(name),
      open: (order) => open(order, this.run, this.against),
    });
    this.changes = new Map();
    document.getElementById("search").addEventListener("input", () => this.refresh());
    for (const id of ["run-shown", "run-against"]) document.getElementById(id).addEventListener("change", () => this.refresh());
  }

  // Texts anew, in the language of the moment; what is chosen stays.
  speak() {
    const shown = document.getElementById("run-shown").value || "0";
    const against = document.getElementById("run-against");
    const compared = against.options.length ? against.value : String(this.runs.length - 1 || NOTHING);
    const names = this.runs.map((run) => [String(run.number), run.name]);
    options("run-shown", names, shown);
    options("run-against", [[NOTHING, this.words.say("nothing")], ...names], this.runs.length > 1 && compared !== "" ? compared : NOTHING);
    document.getElementById("against-label").hidden = this.runs.length < 2;
    this.refresh();
  }

  get run() {
    return this.runs[Number(document.getElementById("run-shown").value)];
  }

  get against() {
    const value = document.getElementById("run-against").value;
    return value === NOTHING || Number(value) === this.run.number ? null : this.runs[Number(value)];
  }

  change() {
    const key = `${this.run.number} ${this.against.number}`;
    if (!this.changes.has(key)) this.changes.set(key, changesBetween(this.run, this.against));
    return this.changes.get(key);
  }

  refresh() {
    this.columns = this.columnsOf();
    this.tests = this.testsOf();
    for (const name of this.filters) if (!(name in this.tests)) this.filters.delete(name);
    if (!this.columns.some((column) => column.name === this.sorted)) [this.sorted, this.descending] = ["placed", false];
    this.showFilters();
    const rows = this.found();
    const { key } = this.columns.find((column) => column.name === this.sorted);
    this.grid.show(this.columns, sortedBy(rows, key, this.descending), this.sorted, this.descending);
    const counts = { found: this.words.number(rows.length), all: this.words.number(this.content.orders) };
    document.getElementById("count").textContent = this.words.say(rows.length ? "orders_found" : "orders_none", counts);
  }

  columnsOf() {
    const { words, run, against } = this;
    const told = (name, text, of = run) => (order) => (of.knows(order, name) ? text(order) : "?");
    const column = (name, width, key, text, number = true) => ({ name, head: words.say(`column_${name}`), width, key, text, number });
    const money = (name, head, one) => ({
      name, head, width: "minmax(5.2rem, 0.8fr)", key: (order) => one.total[order], number: true,
      text: told("freight", (order) => words.money(one.total[order]), one),
    });
    const change = against ? this.change() : null;
    return [
      column("order", `minmax(${this.idRem}rem, 1.2fr)`, (order) => order, (order) => this.ids[order], false),
      column("placed", "8.5rem", (order) => this.placed[order], (order) => words.time(this.placed[order]), false),
      column("region", "minmax(5.5rem, 1.2fr)", (order) => this.region[order], (order) => whereOf(this.content, this.content.regions[this.region[order]]), false),
      column("units", "3.2rem", (order) => this.units[order], (order) => words.number(this.units[order])),
      column("packages", "4.8rem", (order) => run.shipped[order], told("packages", (order) => words.number(run.shipped[order]))),
      column("sources", "minmax(6rem, 2fr)", (order) => run.sources(order)[0] ?? -1, told("source_id", (order) => this.sourcesText(run, order)), false),
      column("late", "4.6rem", (order) => run.late[order], told("late_minutes", (order) => (run.late[order] ? words.number(run.late[order] / HOUR_MINUTES) : "–"))),
      column("unfilled", "4.2rem", (order) => run.unfilled[order], told("units", (order) => (run.unfilled[order] ? words.number(run.unfilled[order]) : "–"))),
      money("cost", against ? words.say("column_cost_of", { run: run.name }) : words.say("column_cost"), run),
      ...(against
        ? [
            money("other_cost", words.say("column_cost_of", { run: against.name }), against),
            this.differenceColumn(run, against),
            { name: "change", head: words.say("column_change"), width: "minmax(5.5rem, 1fr)", key: (order) => change[order], text: (order) => words.say(`change_${CHANGES[change[order]]}`) },
          ]
        : []),
    ];
  }

  // Ids often differ in their last characters alone, so that none may be cut.
  get idRem() {
    return Math.min(MOST_ID_REM, Math.max(LEAST_ID_REM, this.longestId * CHARACTER_REM));
  }

  sourcesText(run, order) {
    const names = run.sources(order).map((source) => nameOf(this.content.sources[source]));
    return names.length ? this.words.listed(names) : "–";
  }

  differenceColumn(run, against) {
    const difference = (order) => against.total[order] - run.total[order];
    const isKnown = (order) => run.knows(order, "freight") && against.knows(order, "freight");
    return {
      name: "difference", head: this.words.say("column_difference"), width: "minmax(5.2rem, 0.8fr)", key: difference, number: true,
      cell: (order) => (isKnown(order) ? this.differenceCell(difference(order)) : "?"),
    };
  }

  differenceCell(minor) {
    if (!minor) return "–";
    return make("span", { class: minor < 0 ? "better" : "worse" }, this.words.signed(minor, (value) => this.words.money(value)));
  }

  testsOf() {
    const { run, against } = this;
    const change = against ? this.change() : null;
    return {
      split: (order) => run.shipped[order] > 1,
      crossing: (order) => run.crossing[order] > 0,
      late: (order) => run.late[order] > 0,
      unfilled: (order) => run.unfilled[order] > 0,
      troubled: (order) => run.changed[order] > 0,
      ...(this.runs.some((one) => one.anyReturned) ? { returned: (order) => run.parcelFrom[order + 1] > run.parcelFrom[order] } : {}),
      ...(against
        ? {
            changed: (order) => change[order] > 0,
            cheaper: (order) => against.total[order] < run.total[order],
            dearer: (order) => against.total[order] > run.total[order],
          }
        : {}),
    };
  }

  showFilters() {
    const known = [...document.getElementById("filters").children].map((button) => button.dataset.filter).join();
    const focused = document.activeElement?.dataset?.filter;
    const buttons = Object.keys(this.tests).map((name) =>
      make("button", { type: "button", "data-filter": name, "aria-pressed": String(this.filters.has(name)), onclick: () => this.toggle(name) }, this.words.say(`filter_${name}`)),
    );
    fill("filters", ...buttons);
    if (known && focused) buttons.find((button) => button.dataset.filter === focused)?.focus();
  }

  toggle(name) {
    if (!this.filters.delete(name)) this.filters.add(name);
    this.refresh();
  }

  sortBy(name) {
    this.descending = this.sorted === name ? !this.descending : this.columns.find((column) => column.name === name).number === true;
    this.sorted = name;
    this.refresh();
    document.querySelector(`[data-sort="${name}"]`)?.focus();
  }

  // The orders that every filter lets through and that the search finds: by id, region, source or SKU's source.
  found() {
    const tests = [...this.filters].map((name) => this.tests[name]);
    const wanted = document.getElementById("search").value.trim().toLowerCase();
    if (wanted) tests.push(this.searching(wanted));
    const rows = new Int32Array(this.content.orders);
    let number = 0;
    for (let order = 0; order < this.content.orders; order++) if (tests.every((test) => test(order))) rows[number++] = order;
    return rows.subarray(0, number);
  }

  searching(wanted) {
    const holds = (text) => text.toLowerCase().includes(wanted);
    const regions = this.content.regions.map((region) => holds(`${region.place_id} ${whereOf(this.content, region)}`));
    const sources = this.content.sources.map((source) => holds(`${source.place_id} ${source.name}`));
    const anySource = sources.some(Boolean);
    const { run } = this;
    return (order) =>
      holds(this.ids[order]) || regions[this.region[order]] || (anySource && run.sources(order).some((source) => sources[source]));
  }
}

// Rows by a number of each; equal ones stay in the sequence in which orders were placed.
function sortedBy(rows, key, descending) {
  const keys = Float64Array.from(rows, key);
  const places = Uint32Array.from(rows.keys());
  const sign = descending ? -1 : 1;
  places.sort((a, b) => sign * (keys[a] - keys[b]) || a - b);
  return Int32Array.from(places, (place) => rows[place]);
}
