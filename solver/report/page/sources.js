// What each source did in a run: its load, and the stock that nobody asked it for.
import { fill, options, tableOf } from "./words.js";

export function showSources(words, content) {
  const counted = content.runs.map((run, number) => [String(number), run.name]).filter(([number]) => content.runs[number].run.sources.length);
  document.getElementById("sources").hidden = !counted.length;
  if (!counted.length) return;
  const chooser = document.getElementById("sources-run");
  options("sources-run", counted, chooser.value || counted[0][0]);
  chooser.onchange = () => draw(words, content);
  draw(words, content);
}

function draw(words, content) {
  const { run } = content.runs[Number(document.getElementById("sources-run").value)];
  const takesBack = content.runs.some(({ run: one }) => one.sources.some((source) => source.returned_units));
  const all = run.sources.reduce((sum, one) => sum + one.packages, 0);
  const rows = [...run.sources].sort((a, b) => b.packages - a.packages || (a.source_id < b.source_id ? -1 : 1)).map((one) => [
    content.source_names[one.source_id] || one.source_id,
    words.say(`kind_${one.kind}`),
    words.number(one.orders),
    words.number(one.packages),
    words.share(all ? one.packages / all : 0),
    words.number(one.units),
    words.number(one.stocked_units),
    words.number(one.idle_units),
    busiest(words, one),
    ...(takesBack ? [words.number(one.returned_units)] : []),
  ]);
  const heads = ["source", "kind", "orders_counted", "packages", "share", "column_units", "stocked_units", "idle_units", "busiest_day", ...(takesBack ? ["units_sent_back"] : [])];
  fill("sources-table", tableOf(heads.map((name) => words.say(name)), rows, 2));
}

function busiest(words, one) {
  const units = words.number(one.busiest_day_units);
  return one.capacity_units === null ? units : `${units} / ${words.number(one.capacity_units)}`;
}
