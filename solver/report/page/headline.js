// How the runs differ from the first, in a sentence, in cards and in tables.
import { fill, make, tableOf } from "./words.js";

const CARDS = ["cost_per_order_minor", "split_share", "cross_province_share", "on_time_share", "fill_rate"];
const MORE_IS_BETTER = new Set(["on_time_share", "fill_rate", "filled_units"]);
const NEITHER = new Set(["all_terms_minor"]);

export function showHeadline(words, content) {
  const [base, ...others] = content.runs;
  fill("lead", ...(others.length ? others.flatMap((run) => [leadOf(words, content, base, run), " "]) : [alone(words, base)]));
  fill("cards", ...CARDS.map((metric) => card(words, content, metric)));
  fill("verdicts", verdicts(words, content));
  fill("figures-table", figures(words, content));
  fill("paired", others.length ? pairedTable(words, content) : null);
  fill("repetitions", content.runs.some(({ run }) => run.repetitions.length > 1) ? repetitions(words, content) : null);
  fill("assumptions", assumptions(words, content));
}

function alone(words, run) {
  const { shipped_orders, orders } = run.run.metrics;
  return words.say("lead_alone", { run: run.name, shipped: words.number(shipped_orders), orders: words.number(orders) });
}

// One sentence: by how much dearer or cheaper, and whether that is certain.
function leadOf(words, content, base, run) {
  const basis = ["all_terms_minor", "paid_minor", "freight_minor"].find((one) => run.paired[one].orders);
  if (!basis) return make("span", {}, words.say("lead_unknown", { run: run.name, base: base.name }));
  const { mean, margin, less, more } = run.paired[basis];
  const values = {
    run: run.name, base: base.name, currency: content.currency, amount: words.money(Math.abs(mean)),
    basis: words.say(`basis_${basis}`), margin: words.money(margin), less: words.number(less), more: words.number(more),
  };
  const name = Math.abs(mean) <= margin ? "lead_equal" : mean < 0 ? "lead_cheaper" : "lead_dearer";
  return make("span", { "data-lead": run.name }, words.say(name, values));
}

function card(words, content, metric) {
  const base = content.runs[0].run.metrics.figures[metric];
  const rows = content.runs.map((run, number) => {
    const figure = run.run.metrics.figures[metric];
    const difference = number && typeof figure === "number" && typeof base === "number" ? figure - base : null;
    const told = difference === null ? "" : words.difference(metric, difference);
    return make(
      "div",
      { class: "card-row", "data-metric": metric, "data-run": run.name },
      make("span", { class: "card-name" }, swatch(number), run.name),
      make("strong", {}, words.figure(metric, figure)),
      told ? make("span", { class: `change ${judged(metric, difference, told)}` }, told) : null,
    );
  });
  const unit = /_minor$/.test(metric) ? ` (${content.currency})` : "";
  return make("div", { class: "card" }, make("h3", { title: content.metrics[metric] }, words.metric(metric) + unit), ...rows);
}

export function swatch(number) {
  return make("span", { class: "swatch", style: `background: var(--series-${number % 8})`, "aria-hidden": "true" });
}

// Better or worse, unless so little that what is told of it is 0.
function judged(name, difference, told) {
  if (!/[1-9]/.test(told) || NEITHER.has(name)) return "";
  return MORE_IS_BETTER.has(name) === difference > 0 ? "better" : "worse";
}

function verdicts(words, content) {
  const rows = content.runs.flatMap((run) =>
    run.verdicts.map(([verdict, isMet]) => [
      run.name,
      words.metric(verdict.threshold.metric),
      limits(words, verdict.threshold),
      words.figure(verdict.threshold.metric, verdict.figure),
      make("span", { class: isMet ? "better" : "worse" }, words.say(isMet ? "met" : "missed")),
    ]),
  );
  if (!rows.length) return make("p", { class: "quiet" }, words.say("no_thresholds"));
  const heads = ["run", "figure", "asked", "found", "verdict"].map((name) => words.say(name));
  return make("div", { class: "scrolls" }, tableOf(heads, rows, 2, words.say("thresholds")));
}

function limits(words, { metric, at_least: low, at_most: high }) {
  const told = [];
  if (low !== null) told.push(words.say("at_least", { value: words.figure(metric, low) }));
  if (high !== null) told.push(words.say("at_most", { value: words.figure(metric, high) }));
  return words.listed(told);
}

function figures(words, content) {
  const names = inSequence(content, content.runs.flatMap((run) => Object.keys(run.run.metrics.figures)));
  const terms = [...new Set(content.runs.flatMap((run) => Object.keys(run.run.metrics.terms_minor)))].sort();
  const rows = [
    [words.say("orders_that_ship"), ...content.runs.map(({ run }) => `${words.number(run.metrics.shipped_orders)} / ${words.number(run.metrics.orders)}`)],
    ...names.map((name) => [titled(words, content, name), ...content.runs.map(({ run }) => words.figure(name, run.metrics.figures[name]))]),
    ...terms.map((term) => [words.say("term_of", { term: words.term(term) }), ...content.runs.map(({ run }) => words.money(run.metrics.terms_minor[term] ?? 0))]),
    ...hindsight(words, content),
  ];
  return tableOf([words.say("figure"), ...content.runs.map((run) => run.name)], rows);
}

// Names of figures, each once, as the documents list them.
function inSequence(content, names) {
  const found = new Set(names);
  return [...new Set([...Object.keys(content.metrics), ...found])].filter((name) => found.has(name));
}

function titled(words, content, metric) {
  return make("span", { title: words.language === "en" ? content.metrics[metric] : null }, words.metric(metric));
}

// How far each run is from what all orders would have cost at least, had they been known.
function hindsight(words, content) {
  if (!content.runs.some(({ run }) => run.hindsight)) return [];
  const total = (run) => Object.values(run.metrics.terms_minor).reduce((sum, minor) => sum + minor, 0);
  const above = (run) => {
    const bound = run.hindsight?.bound_minor;
    return bound ? words.share(total(run) / bound - 1) : "–";
  };
  return [
    [words.say("all_terms"), ...content.runs.map(({ run }) => words.money(total(run)))],
    [words.say("hindsight"), ...content.runs.map(({ run }) => (run.hindsight ? words.money(run.hindsight.bound_minor) : "–"))],
    [words.say("above_hindsight"), ...content.runs.map(({ run }) => above(run))],
  ];
}

function pairedTable(words, content) {
  const [base, ...others] = content.runs;
  const rows = others.flatMap((run) =>
    Object.entries(run.paired).filter(([, one]) => one.orders).map(([name, one]) => pairedRow(words, run, name, one)),
  );
  const heads = ["run", "figure", "mean_difference", "margin", "orders_less", "orders_more", "orders_counted"];
  const caption = words.say("paired_caption", { base: base.name });
  return make("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": caption }, tableOf(heads.map((name) => words.say(name)), rows, 2, caption));
}

function pairedRow(words, run, name, { mean, margin, less, more, orders }) {
  const told = words.difference(name, mean);
  const isSure = Math.abs(mean) > margin;
  return [
    run.name,
    words.say(`paired_${name}`),
    make("span", { class: `change ${isSure ? judged(name, mean, told) : ""}` }, told),
    `± ${/_share$/.test(name) ? (100 * margin).toFixed(1) : words.figure(name, margin)}`,
    words.number(less), words.number(more), words.number(orders),
  ];
}

// What the runs come to over all repetitions, and how they differ from the base on the same draws.
function repetitions(words, content) {
  const shown = content.runs.filter(({ run }) => run.repetitions.length > 1);
  const names = inSequence(content, shown.flatMap(({ run }) => Object.keys(run.spread)));
  const told = (name, spread, write) => (spread ? `${write(spread.mean)} ± ${spread.margin === null ? "?" : words.figure(name, spread.margin)}` : "–");
  const rows = names.map((name) => [
    words.metric(name),
    ...shown.map(({ run }) => told(name, run.spread[name], (mean) => words.figure(name, mean))),
    ...shown.filter(({ run }) => run.base).map(({ run }) => told(name, run.differences[name], (mean) => words.difference(name, mean))),
  ]);
  const heads = [
    words.say("figure"),
    ...shown.map((run) => run.name),
    ...shown.filter(({ run }) => run.base).map(({ name, run }) => words.say("less_base", { run: name, base: run.base })),
  ];
  const caption = words.say("repetitions", { number: words.number(shown[0].run.repetitions.length) });
  return make("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": caption }, tableOf(heads, rows, 1, caption));
}

function assumptions(words, content) {
  if (!content.description && !content.assumptions.length) return null;
  const listed = content.assumptions.map((text) => make("li", {}, text));
  return make(
    "section",
    {},
    make("h2", {}, words.say("about")),
    content.description ? make("p", {}, content.description) : null,
    listed.length ? make("h3", {}, words.say("assumptions")) : null,
    listed.length ? make("ul", {}, ...listed) : null,
  );
}
