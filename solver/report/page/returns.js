// What customers sent back, by run: how much and how soon, what became of it, what it cost; and so of one order.
import { nameOf } from "./flows.js";
import { fill, make, tableOf } from "./words.js";

const UNKNOWN_REFUND = -1;
const DAY_SECONDS = 86400;

export function showReturns(words, content, runs) {
  const told = runs.map(sumOf);
  const tells = told.some((sum) => sum.tells);
  document.getElementById("returns").hidden = !tells;
  if (!tells) return;
  const heads = [words.say("figure"), ...runs.map((run) => run.name)];
  const row = (name, of, values = {}) => [words.say(name, values), ...told.map((sum) => (sum.tells ? of(sum) : "–"))];
  const ofUnits = (of, write) => (sum) => (sum.units ? write(of(sum) / sum.units) : "–");
  const figure = (name) => [words.metric(name), ...runs.map(({ shown }) => words.figure(name, shown.run.metrics.figures[name]))];
  const rows = [
    row("parcels_back", (sum) => words.number(sum.parcels)),
    row("units_back", (sum) => words.number(sum.units)),
    figure("returned_share"),
    row("days_back", ofUnits((sum) => sum.unitDays, (days) => words.number(days))),
    ...content.fates.map((fate, number) => row(`fate_${fate}`, (sum) => counted(words, fate, sum.fates[number], sum.units))),
    figure("resold_units"),
    row("way_back_cost", (sum) => words.money(sum.cost)),
    row("exchange_cost", (sum) => words.money(sum.exchange)),
    row("cost_of_a_unit_back", ofUnits((sum) => sum.cost + sum.exchange, (minor) => words.money(minor))),
    row("refund", (sum) => refundOf(words, sum.refund)),
  ];
  fill("returns-table", tableOf(heads, rows));
  fill("returns-days", daysTable(words, runs, told));
}

function counted(words, fate, units, all) {
  const isGrade = fate !== "exchanged" && fate !== "not_exchanged";
  return isGrade && all ? `${words.number(units)} (${words.share(units / all)})` : words.number(units);
}

function refundOf(words, minor) {
  return minor === UNKNOWN_REFUND ? words.say("unknown") : words.money(minor);
}

// Units by how many days after their package they came.
function daysTable(words, runs, told) {
  const days = [...new Set(told.flatMap((sum) => [...sum.byDay.keys()]))].sort((a, b) => a - b);
  const rows = days.map((day) => [words.number(day), ...told.map((sum) => (sum.tells ? words.number(sum.byDay.get(day) ?? 0) : "–"))]);
  return tableOf([words.say("days_after_arrival"), ...runs.map((run) => run.name)], rows, 1, words.say("units_by_day"));
}

// All parcels of a run; grades are the fates before `exchanged`.
function sumOf(run) {
  const [days, cost, exchange, refund, items] = ["days", "cost", "exchange", "refund", "items"].map((name) => run.of("parcel", name));
  const [fate, units] = ["fate", "units"].map((name) => run.of("fated", name));
  const grades = run.shown.fates.indexOf("exchanged");
  const tells = days.length > 0 || typeof run.shown.run.metrics.figures.returned_units === "number";
  const sum = { tells, parcels: days.length, units: 0, unitDays: 0, fates: run.shown.fates.map(() => 0), cost: 0, exchange: 0, refund: 0, byDay: new Map() };
  for (let one = 0, item = 0; one < days.length; one++) {
    let came = 0;
    for (const until = item + items[one]; item < until; item++) {
      sum.fates[fate[item]] += units[item];
      if (fate[item] < grades) came += units[item];
    }
    sum.units += came;
    sum.unitDays += came * days[one];
    sum.byDay.set(days[one], (sum.byDay.get(days[one]) ?? 0) + came);
    sum.cost += cost[one];
    sum.exchange += exchange[one];
    sum.refund = refund[one] === UNKNOWN_REFUND || sum.refund === UNKNOWN_REFUND ? UNKNOWN_REFUND : sum.refund + refund[one];
  }
  return sum;
}

// What came back of an order; nothing where nothing did.
export function parcelsTable(words, content, order, run) {
  const parcels = run.parcels(order);
  if (!parcels.length) return null;
  const placed = run.columns.get("placed")[order];
  const rows = parcels.map((one) => [
    nameOf(content.sources[one.source]),
    make("span", { class: "items" }, words.listed(one.items.map(({ fate, sku, units }) => `${units} × ${content.skus[sku]} ${words.say(`became_${content.fates[fate]}`)}`))),
    words.time(placed + one.comes),
    words.duration(one.days * DAY_SECONDS),
    words.money(one.cost),
    words.money(one.exchange),
    refundOf(words, one.refund),
  ]);
  const heads = ["came_back_to", "contents", "came_back_at", "after_arrival", "way_back", "exchange", "refund"];
  return make("div", { class: "scrolls", "data-returned": run.name }, tableOf(heads.map((name) => words.say(name)), rows, 2, words.say("returned_of_order")));
}
