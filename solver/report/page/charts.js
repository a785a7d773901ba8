// Charts of all runs: what they cost by term, over time, and how cost and time to arrival are spread.
import { UNPAID } from "./runs.js";
import { options } from "./words.js";

const BUCKETS = 48;
const BINS = 40;
const DAY = 86400;
const STEPS = [3600, 7200, 14400, 21600, 43200, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 364 * DAY];

// By order: what counts, of orders of which it is known; one that ships nothing counts where `all` says so.
const OVER_TIME = {
  cost_per_order_minor: { needs: "freight", value: (run, order) => run.cost[order] },
  orders: { value: () => 1, all: true, sum: true },
  packages_per_order: { needs: "packages", value: (run, order) => run.shipped[order] },
  split_share: { needs: "packages", value: (run, order) => (run.shipped[order] > 1 ? 1 : 0) },
  late_share: { needs: "late_minutes", value: (run, order) => (run.late[order] ? 1 : 0) },
  unfilled_orders_share: { needs: "units", value: (run, order) => (run.unfilled[order] ? 1 : 0), all: true },
};
const SPREADS = {
  cost: { needs: "freight", of: (run, order) => run.cost[order], write: (words, value) => words.money(value), name: "cost_of_order" },
  days: { needs: "arrives_at", of: (run, order) => run.arrives[order] / DAY, write: (words, value) => words.number(value), name: "days_to_arrival" },
};

const charts = new Map();

export function chart(id) {
  if (!charts.has(id)) charts.set(id, echarts.init(document.getElementById(id), null, { renderer: "svg" }));
  return charts.get(id);
}

export function resizeCharts() {
  for (const one of charts.values()) one.resize();
}

// Drawn once more at no other size than on the screen, so that paper can scale the pictures as a whole.
export function scaleCharts(isScaled) {
  for (const [id, one] of charts) {
    const picture = document.querySelector(`#${id} svg`);
    if (isScaled) picture.setAttribute("viewBox", `0 0 ${one.getWidth()} ${one.getHeight()}`);
    else picture.removeAttribute("viewBox");
  }
}

export function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    font: getComputedStyle(document.body).fontFamily,
    text: of("--text"), quiet: of("--quiet"), line: of("--line"), panel: of("--panel"),
    series: [...Array(8).keys()].map((number) => of(`--series-${number}`)),
  };
}

export function common(colour) {
  return {
    animation: false,
    color: colour.series,
    textStyle: { color: colour.text, fontFamily: colour.font },
    tooltip: {
      trigger: "axis", confine: true, backgroundColor: colour.panel, borderColor: colour.line,
      textStyle: { color: colour.text }, axisPointer: { type: "shadow", shadowStyle: { opacity: 0.15 } },
    },
    legend: { top: 0, left: 0, type: "scroll", textStyle: { color: colour.text }, pageTextStyle: { color: colour.text } },
    grid: { left: 12, right: 24, top: 40, bottom: 8, containLabel: true },
  };
}

export function axis(colour, more) {
  return {
    axisLabel: { color: colour.quiet, hideOverlap: true },
    axisLine: { lineStyle: { color: colour.line } },
    axisTick: { lineStyle: { color: colour.line } },
    splitLine: { lineStyle: { color: colour.line } },
    nameTextStyle: { color: colour.quiet },
    ...more,
  };
}

export function showCharts(words, content, runs) {
  chooser("time-measure", Object.keys(OVER_TIME), (name) => words.metric(name), () => overTime(words, runs));
  chooser("spread-measure", Object.keys(SPREADS), (name) => words.say(SPREADS[name].name), () => spread(words, runs));
  byTerm(words, content);
  overTime(words, runs);
  spread(words, runs);
}

function chooser(id, names, text, changed) {
  const element = document.getElementById(id);
  options(id, names.map((name) => [name, text(name)]), element.value || names[0]);
  element.onchange = changed;
}

function byTerm(words, content) {
  const colour = colours();
  document.getElementById("terms-chart").style.setProperty("--runs", content.runs.length);
  chart("terms-chart").resize();
  const perOrder = ({ run }, term) => (run.metrics.terms_minor[term] ?? 0) / Math.max(1, run.metrics.shipped_orders);
  const terms = [...new Set(content.runs.flatMap(({ run }) => Object.keys(run.metrics.terms_minor)))]
    .filter((term) => !UNPAID.includes(term))
    .sort((a, b) => perOrder(content.runs[0], b) - perOrder(content.runs[0], a));
  const series = terms.map((term) => ({
    name: words.term(term), type: "bar", stack: "all", barMaxWidth: 34,
    data: content.runs.map((run) => perOrder(run, term)),
  }));
  chart("terms-chart").setOption({
    ...common(colour),
    grid: { left: 12, right: 24, top: 36, bottom: 28, containLabel: true },
    tooltip: { ...common(colour).tooltip, valueFormatter: (value) => words.money(value) },
    xAxis: axis(colour, { type: "value", name: words.say("per_order", { currency: content.currency }), nameLocation: "middle", nameGap: 28, axisLabel: { color: colour.quiet, hideOverlap: true, formatter: (value) => words.money(value) } }),
    yAxis: axis(colour, { type: "category", inverse: true, data: content.runs.map((run) => run.name), axisLabel: { color: colour.text, width: 130, overflow: "truncate" } }),
    series,
  }, true);
}

function overTime(words, runs) {
  const name = document.getElementById("time-measure").value;
  const { value, needs, all, sum } = OVER_TIME[name];
  const placed = runs[0].columns.get("placed");
  const [first, last] = [placed[0] ?? 0, placed[placed.length - 1] ?? 0];
  const step = STEPS.find((one) => (last - first) / one <= BUCKETS) ?? STEPS[STEPS.length - 1];
  const begins = Math.floor(first / step) * step;
  const number = Math.floor((last - begins) / step) + 1;
  const series = runs.map((run) => {
    const [sums, counts] = [new Float64Array(number), new Float64Array(number)];
    for (let order = 0; order < run.orders; order++) {
      if ((!all && !run.shipped[order]) || !run.knows(order, needs)) continue;
      const bucket = Math.floor((placed[order] - begins) / step);
      sums[bucket] += value(run, order);
      counts[bucket]++;
    }
    return Array.from(sums, (total, bucket) => (sum ? total : counts[bucket] ? total / counts[bucket] : null));
  });
  const colour = colours();
  const labels = Array.from({ length: number }, (_, bucket) => words.time(begins + bucket * step).slice(5, step < DAY ? 16 : 10));
  const shown = sum ? runs.slice(0, 1) : runs;
  chart("time-chart").setOption({
    ...common(colour),
    tooltip: { ...common(colour).tooltip, valueFormatter: (found) => (found === null || found === undefined ? "–" : words.writer(name)(found)) },
    legend: { ...common(colour).legend, show: !sum },
    xAxis: axis(colour, { type: "category", data: labels, splitLine: { show: false } }),
    yAxis: axis(colour, { type: "value", scale: !sum, axisLabel: { color: colour.quiet, formatter: (found) => words.writer(name)(found) } }),
    series: shown.map((run) => ({
      name: run.name, type: sum ? "bar" : "line", symbolSize: 4, connectNulls: true, data: series[run.number],
    })),
  }, true);
}

function spread(words, runs) {
  const { of, needs, write } = SPREADS[document.getElementById("spread-measure").value];
  const values = runs.map((run) => {
    const found = [];
    for (let order = 0; order < run.orders; order++) if (run.shipped[order] && run.knows(order, needs)) found.push(of(run, order));
    return Float64Array.from(found).sort();
  });
  const most = Math.max(...values.map((sorted) => sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0), 1e-9);
  const width = rounded(most / BINS);
  const bins = Math.ceil(most / width) + 1; // the last has all that lies beyond
  const series = values.map((sorted) => {
    const counts = new Float64Array(bins);
    for (const value of sorted) counts[Math.max(0, Math.min(bins - 1, Math.floor(value / width)))]++;
    return Array.from(counts, (count) => count / Math.max(1, sorted.length));
  });
  const labels = Array.from({ length: bins }, (_, bin) => (bin < bins - 1 ? write(words, bin * width) : `≥ ${write(words, bin * width)}`));
  const colour = colours();
  chart("spread-chart").setOption({
    ...common(colour),
    tooltip: { ...common(colour).tooltip, valueFormatter: (value) => words.share(value) },
    xAxis: axis(colour, { type: "category", data: labels, splitLine: { show: false } }),
    yAxis: axis(colour, { type: "value", axisLabel: { color: colour.quiet, formatter: (value) => words.share(value) } }),
    series: runs.map((run) => ({
      name: run.name, type: runs.length > 1 ? "line" : "bar", step: "middle", showSymbol: false,
      areaStyle: runs.length > 1 ? { opacity: 0.15 } : null, data: series[run.number],
    })),
  }, true);
}

// 1, 2 or 5 times a power of ten, not below the value.
function rounded(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((one) => one * power >= value);
}
