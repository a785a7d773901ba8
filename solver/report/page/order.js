// One order: what each run decided, why in brief, and what differs between the two.
import { CROSSES, MOVED, REFUSED } from "./runs.js";
import { nameOf, whereOf } from "./flows.js";
import { parcelsTable } from "./returns.js";
import { make, tableOf } from "./words.js";

const KILOGRAM = 1000;
const KILOMETER = 1000;

export class OrderPage {
  constructor(words, content) {
    Object.assign(this, { words, content, dialog: document.getElementById("order") });
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  open(order, run, against) {
    this.shown = [order, run, against];
    this.fill();
    this.dialog.showModal();
    this.dialog.scrollTop = 0;
  }

  // In the language of the moment, where it is open.
  speak() {
    if (this.dialog.open) this.fill();
  }

  fill() {
    const [order, run, against] = this.shown;
    const id = run.columns.get("order_ids")[order];
    const close = make("button", { type: "button", class: "close", "aria-label": this.words.say("close"), onclick: () => this.dialog.close() }, "×");
    this.dialog.replaceChildren(
      make("div", { class: "dialog-head" }, make("h2", { id: "order-title" }, this.words.say("order_named", { id })), close),
      this.facts(order, run),
      ...[run, against].filter(Boolean).map((one) => this.decision(order, id, one, one === run ? null : run)),
      this.terms(order, run, against),
    );
  }

  facts(order, run) {
    const { words, content } = this;
    const column = (name) => run.columns.get(name)[order];
    const promised = column("promised_in");
    const facts = [
      ["column_placed", `${words.time(column("placed"))} UTC`],
      ["promised", promised < 0 ? words.say("not_promised") : `${words.time(column("placed") + promised)} UTC`],
      ["column_region", whereOf(content, content.regions[column("region")])],
      ["column_units", words.number(column("ordered_units"))],
    ];
    return make("dl", { class: "facts" }, ...facts.map(([name, text]) => make("div", {}, make("dt", {}, words.say(name)), make("dd", {}, text))));
  }

  decision(order, id, run, base) {
    const { words } = this;
    const sentences = brief(words, this.content, order, run, base);
    const packages = run.packages(order);
    return make(
      "section",
      { class: "decision", "data-run": run.name },
      make("h3", {}, `${run.name}: ${words.money(run.total[order])} ${this.content.currency}`),
      make("ul", { class: "why" }, ...sentences.map((text) => make("li", {}, text))),
      packages.length ? make("div", { class: "scrolls" }, this.packages(order, run, packages)) : null,
      parcelsTable(words, this.content, order, run),
      run.shown.run.kind === "rule" || run.shown.run.kind === "history" ? null : make("p", { class: "quiet" }, words.say("explain_by"), " ", make("code", {}, `python -m solver explain ${quoted(run.shown.folder)} ${quoted(id)}`)),
    );
  }

  packages(order, run, packages) {
    const { words, content } = this;
    const told = (name, text) => (run.knows(order, name) ? text() : "?");
    const placed = run.columns.get("placed")[order];
    const rows = packages.map((one) => [
      told("source_id", () => nameOf(content.sources[one.source])),
      told("service_id", () => content.services[one.service][1] || content.services[one.service][0]),
      make("span", { class: "items" }, words.listed(one.items.map(({ sku, units }) => `${units} × ${content.skus[sku]}`))),
      this.marks(one),
      told("weight_grams", () => `${words.number(one.weight / KILOGRAM)} kg`),
      told("distance_meters", () => `${words.number(Math.round(one.distance / KILOMETER))} km`),
      told("hand_over_at", () => words.time(placed + one.leaves)),
      told("arrives_at", () => words.time(placed + one.arrives)),
      told("freight", () => words.money(one.cost)),
    ]);
    const heads = ["source", "service", "contents", "remarks", "weight", "distance", "leaves", "arrives", "column_cost"];
    return tableOf(heads.map((name) => words.say(name)), rows, 4);
  }

  marks({ flags, late }) {
    const marks = [];
    if (flags & CROSSES) marks.push("mark_crosses");
    if (flags & REFUSED) marks.push("mark_refused");
    if (flags & MOVED) marks.push("mark_moved");
    if (late) marks.push("mark_late");
    return this.words.listed(marks.map((mark) => this.words.say(mark))) || "–";
  }

  terms(order, run, against) {
    const { words } = this;
    const shown = [run, against].filter(Boolean);
    const all = shown.map((one) => one.terms(order));
    const names = [...new Set(all.flatMap((terms) => Object.keys(terms)))].sort();
    const difference = (a, b) => words.signed(b - a, (value) => words.money(value));
    const rows = [...names.map((term) => [words.term(term), ...all.map((terms) => terms[term] ?? 0)]), [words.say("total"), ...shown.map((one) => one.total[order])]];
    const cells = rows.map(([name, ...amounts]) => [name, ...amounts.map((minor) => words.money(minor)), ...(against ? [difference(...amounts)] : [])]);
    const heads = [words.say("term"), ...shown.map((one) => one.name), ...(against ? [words.say("column_difference")] : [])];
    return make("div", { class: "scrolls" }, tableOf(heads, cells, 1, words.say("by_term")));
  }
}

function quoted(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

// Why an order came out as it did, as far as the run itself tells it.
function brief(words, content, order, run, base) {
  if (!run.knows(order, "packages")) return [words.say("why_unknown")];
  const told = [];
  const sources = run.sources(order).map((source) => nameOf(content.sources[source]));
  const unfilled = run.unfilled[order];
  const what = { sources: words.listed(sources), packages: words.number(run.shipped[order]), cost: words.money(run.cost[order]) };
  if (!sources.length) told.push(words.say("why_nothing"));
  else if (unfilled) told.push(words.say("why_part", what));
  else told.push(words.say(run.shipped[order] === 1 ? "why_one" : "why_whole", what));
  if (unfilled) told.push(words.say("why_unfilled", { units: words.number(unfilled), lost: words.money(run.lost[order]) }));
  if (run.changed[order]) told.push(words.say("why_changed", { packages: words.number(run.changed[order]) }));
  else told.push(...proof(words, order, run));
  if (run.fallback[order]) told.push(words.say("why_fallback", { reason: content.fallbacks[run.fallback[order]].replaceAll("_", " ") }));
  if (sources.length) told.push(...onTime(words, order, run));
  if (base) told.push(against(words, order, run, base));
  return told;
}

// How far from the best, where whoever decided proved anything.
function proof(words, order, run) {
  const gap = run.gap[order];
  if (run.shown.run.kind === "rule" || run.shown.run.kind === "history" || gap >= run.total[order]) return [];
  return [gap > 0 ? words.say("why_gap", { gap: words.money(gap) }) : words.say("why_proven")];
}

function onTime(words, order, run) {
  const promised = run.columns.get("promised_in")[order];
  if (promised < 0 || !run.knows(order, "arrives_at")) return [];
  const spare = promised - run.arrives[order];
  return [words.say(spare < 0 ? "why_late" : "why_in_time", { time: words.duration(Math.abs(spare)) })];
}

function against(words, order, run, base) {
  const difference = run.total[order] - base.total[order];
  const [now, then] = [run.terms(order), base.terms(order)];
  const parts = [...new Set([...Object.keys(now), ...Object.keys(then)])]
    .map((term) => [term, (now[term] ?? 0) - (then[term] ?? 0)])
    .filter(([, minor]) => minor)
    .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
    .map(([term, minor]) => `${words.term(term)} ${words.signed(minor, (value) => words.money(value))}`);
  if (!parts.length) return words.say("why_same", { base: base.name });
  const name = difference > 0 ? "why_dearer" : difference < 0 ? "why_cheaper" : "why_level";
  return words.say(name, { base: base.name, amount: words.money(Math.abs(difference)), parts: words.listed(parts) });
}
