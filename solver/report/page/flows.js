// Packages from sources to regions: points and arcs by longitude and latitude, and the largest as a table.
import { axis, chart, colours, common } from "./charts.js";
import { CROSSES, MOVED, REFUSED } from "./runs.js";
import { fill, options, tableOf } from "./words.js";

const MOST_ARCS = 500;
const LISTED = 40;
const NAMED = 8; // sources that are named on the map
const ROOMY = 120; // points for which there is room at their full size
const DEEPEST = 16;
const KINDS = ["all", "crossing", "late"];

export function showFlows(words, content, runs) {
  const chosen = document.getElementById("flows-run").value || "0";
  options("flows-run", runs.map((run) => [String(run.number), run.name]), chosen);
  options("flows-kind", KINDS.map((kind) => [kind, words.say(`flows_${kind}`)]), document.getElementById("flows-kind").value || "all");
  const draw = () => drawFlows(words, content, runs[Number(document.getElementById("flows-run").value)]);
  for (const id of ["flows-run", "flows-kind"]) document.getElementById(id).onchange = draw;
  draw();
}

// Packages by source and region, the most first.
function flowsOf(content, run, kind) {
  const [source, flags, late] = ["source", "flags", "late"].map((name) => run.of("package", name));
  const region = run.columns.get("region");
  const counts = new Map();
  for (let order = 0; order < run.orders; order++)
    for (let one = run.packageFrom[order]; one < run.packageFrom[order + 1]; one++) {
      if (flags[one] & (REFUSED | MOVED)) continue;
      if ((kind === "crossing" && !(flags[one] & CROSSES)) || (kind === "late" && !late[one])) continue;
      const key = source[one] * content.regions.length + region[order];
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  return [...counts]
    .map(([key, packages]) => ({
      from: content.sources[Math.floor(key / content.regions.length)],
      to: content.regions[key % content.regions.length],
      packages,
    }))
    .sort((a, b) => b.packages - a.packages || (a.from.place_id < b.from.place_id ? -1 : 1));
}

export function nameOf(place) {
  return place.name || place.place_id;
}

export function provinceOf(content, regionId) {
  let name = "";
  for (let depth = 0; depth < DEEPEST && regionId in content.all_regions; depth++) [name, regionId] = content.all_regions[regionId];
  return name;
}

function drawFlows(words, content, run) {
  const flows = flowsOf(content, run, document.getElementById("flows-kind").value);
  const all = flows.reduce((sum, flow) => sum + flow.packages, 0);
  const located = flows.filter(({ from, to }) => from.latitude !== null && to.latitude !== null);
  const arcs = located.slice(0, MOST_ARCS);
  const drawn = arcs.reduce((sum, flow) => sum + flow.packages, 0);
  fill("flows-note", words.say(arcs.length ? "flows_note" : "flows_none", {
    arcs: words.number(arcs.length), flows: words.number(flows.length), share: words.share(all ? drawn / all : 0),
  }));
  const heads = ["source", "region", "packages", "share"].map((name) => words.say(name));
  const rows = flows.slice(0, LISTED).map(({ from, to, packages }) => [
    nameOf(from), whereOf(content, to), words.number(packages), words.share(packages / all),
  ]);
  fill("flows-table", tableOf(heads, rows, 2, words.say("flows_largest")));
  drawMap(words, content, arcs, located);
}

export function whereOf(content, region) {
  const province = provinceOf(content, region.place_id);
  const name = nameOf(region);
  return province && province !== name ? `${name}, ${province}` : name;
}

function drawMap(words, content, arcs, flows) {
  const colour = colours();
  const places = flows.flatMap(({ from, to }) => [from, to]);
  const [south, north] = [Math.min(...places.map((one) => one.latitude)), Math.max(...places.map((one) => one.latitude))];
  const narrowing = places.length ? Math.cos(((south + north) / 2) * (Math.PI / 180)) : 1;
  const at = (place) => [place.longitude * narrowing, place.latitude];
  const most = arcs[0]?.packages ?? 1;
  const size = (packages) => 0.6 + 5 * Math.sqrt(packages / most);
  const [xs, ys] = box(places.map(at));
  const ink = { ink: colour.text, paper: colour.panel };
  chart("flows-map").setOption({
    ...common(colour),
    legend: { ...common(colour).legend, data: [words.say("sources"), words.say("regions")] },
    tooltip: { ...common(colour).tooltip, trigger: "item", formatter: (point) => point.data.told ?? "" },
    grid: { left: 8, right: 8, top: 32, bottom: 8 },
    xAxis: axis(colour, { type: "value", min: xs[0], max: xs[1], show: false }),
    yAxis: axis(colour, { type: "value", min: ys[0], max: ys[1], show: false }),
    dataZoom: [{ type: "inside", xAxisIndex: 0, zoomOnMouseWheel: "ctrl", filterMode: "none" }, { type: "inside", yAxisIndex: 0, zoomOnMouseWheel: "ctrl", filterMode: "none" }],
    series: [
      {
        type: "lines", coordinateSystem: "cartesian2d", silent: false, z: 1,
        lineStyle: { color: colour.series[0], opacity: 0.4, curveness: 0.2 },
        data: arcs.map((flow) => ({
          coords: [at(flow.from), at(flow.to)], lineStyle: { width: size(flow.packages) },
          told: arcText(words, flow),
        })),
      },
      points(words, words.say("regions"), summedBy(flows, "to"), at, { ...ink, symbol: "circle", colour: colour.series[2], opacity: 0.7 }),
      points(words, words.say("sources"), summedBy(flows, "from"), at, { ...ink, symbol: "diamond", colour: colour.series[1], opacity: 1 }),
    ],
  }, true);
}

function points(words, name, sums, at, { symbol, colour, opacity, ink, paper }) {
  const most = Math.max(...sums.map(([, packages]) => packages), 1);
  const scale = Math.min(1, Math.sqrt(ROOMY / sums.length));
  const named = new Set(symbol === "diamond" ? [...sums].sort((a, b) => b[1] - a[1]).slice(0, NAMED).map(([place]) => place) : []);
  return {
    name, type: "scatter", symbol, z: 2, itemStyle: { color: colour, opacity },
    labelLayout: { hideOverlap: true },
    data: sums.map(([place, packages]) => ({
      label: { show: named.has(place), formatter: nameOf(place), position: "right", color: ink, textBorderColor: paper, textBorderWidth: 3, fontSize: 11, width: 130, overflow: "truncate" },
      value: at(place), symbolSize: scale * (5 + 13 * Math.sqrt(packages / most)),
      told: `${echarts.format.encodeHTML(nameOf(place))}: ${words.say("packages_counted", { packages: words.number(packages) })}`,
    })),
  };
}

function arcText(words, { from, to, packages }) {
  const path = echarts.format.encodeHTML(`${nameOf(from)} → ${nameOf(to)}`);
  return `${path}: ${words.say("packages_counted", { packages: words.number(packages) })}`;
}

function summedBy(flows, side) {
  const sums = new Map();
  for (const flow of flows) sums.set(flow[side], (sums.get(flow[side]) ?? 0) + flow.packages);
  return [...sums];
}

// Limits of both axes at one scale, with some room.
function box(points) {
  const element = document.getElementById("flows-map");
  const aspect = Math.max(0.3, element.clientWidth / Math.max(1, element.clientHeight));
  const [xs, ys] = [0, 1].map((side) => points.map((point) => point[side]));
  const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
  const height = 1.2 * Math.max(Math.max(...ys) - Math.min(...ys), (Math.max(...xs) - Math.min(...xs)) / aspect, 0.5);
  if (!points.length) return [[0, 1], [0, 1]];
  const [x, y] = [middle(xs), middle(ys)];
  return [[x - (height * aspect) / 2, x + (height * aspect) / 2], [y - height / 2, y + height / 2]];
}
