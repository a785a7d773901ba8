// The page: reads what it carries, shows it, and follows its switches.
import { readColumns } from "./columns.js";
import { resizeCharts, scaleCharts, showCharts } from "./charts.js";
import { showFlows } from "./flows.js";
import { showHeadline } from "./headline.js";
import { OrderPage } from "./order.js";
import { Orders } from "./orders.js";
import { showReturns } from "./returns.js";
import { RunColumns } from "./runs.js";
import { showSources } from "./sources.js";
import { make, Words } from "./words.js";

const PRINTED_ROWS = 40;

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const root = document.documentElement;

class Page {
  constructor(words, content, runs) {
    Object.assign(this, { words, content, runs });
    this.orderPage = new OrderPage(words, content);
    this.orders = new Orders(words, content, runs, (...shown) => this.orderPage.open(...shown));
  }

  // Everything whose texts change with the language.
  speak() {
    const { words, content, runs } = this;
    showAbout(words, content);
    showHeadline(words, content);
    showSources(words, content);
    showReturns(words, content, runs);
    this.draw();
    this.orders.speak();
    this.orderPage.speak();
    press("#languages button", (button) => button.dataset.language === words.language);
  }

  // Everything whose colours change with the theme.
  draw() {
    showCharts(this.words, this.content, this.runs);
    showFlows(this.words, this.content, this.runs);
  }
}

function showAbout(words, content) {
  const runs = content.runs.map((run) => run.name);
  const values = { orders: words.number(content.orders), runs: words.listed(runs), currency: content.currency, seed: content.runs[0].run.seed };
  document.getElementById("about").textContent = words.say(runs.length > 1 ? "about_runs" : "about_run", values);
  document.title = `${content.title} – ${words.say("report")}`;
}

function press(buttons, isPressed) {
  for (const button of document.querySelectorAll(buttons)) button.setAttribute("aria-pressed", String(isPressed(button)));
}

function setTheme(theme) {
  root.dataset.theme = theme;
  press("#themes button", (button) => button.dataset.themeIs === theme);
}

function followSwitches(page) {
  for (const button of document.querySelectorAll("#languages button"))
    button.addEventListener("click", () => {
      page.words.speak(button.dataset.language);
      page.speak();
    });
  for (const button of document.querySelectorAll("#themes button"))
    button.addEventListener("click", () => {
      setTheme(button.dataset.themeIs);
      page.draw();
    });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => page.draw());
  addEventListener("resize", () => {
    if (page.isPrinting) return;
    resizeCharts();
    page.draw();
  });
}

// Paper is light, scales the charts, and shows the first rows of the table.
function followPrinting(page) {
  let theme = "auto";
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    page.draw();
    page.isPrinting = true;
    scaleCharts(true);
    page.orders.grid.print(PRINTED_ROWS);
  });
  addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    page.isPrinting = false;
    scaleCharts(false);
    page.draw();
    page.orders.grid.print(0);
  });
}

async function start() {
  const [content, texts] = [read("content-data"), read("words-data")];
  const words = new Words(texts, content, root.lang);
  const state = document.getElementById("state");
  state.textContent = words.say("loading");
  setTheme("auto");
  if (!("DecompressionStream" in window)) {
    state.textContent = words.say("old_browser");
    return;
  }
  const columns = await readColumns(document.getElementById("columns-data"), content.directory);
  const runs = content.runs.map((_, number) => new RunColumns(content, columns, number));
  state.hidden = true;
  document.getElementById("main").hidden = false;
  const page = new Page(words, content, runs);
  page.speak();
  followSwitches(page);
  followPrinting(page);
  performance.mark("ready");
  root.dataset.state = "ready";
}

start().catch((error) => {
  const state = document.getElementById("state");
  state.hidden = false;
  state.replaceChildren(make("strong", {}, String(error)));
  throw error;
});
