// What the page says, in the language that is switched on, and how it writes numbers, money and times.
const LOCALES = { en: "en-GB", zh: "zh-CN" };
const MINUTE = 60;
const SHARE = /_(share|rate|closed)$/;

export class Words {
  constructor(texts, content, language) {
    this.texts = texts;
    this.content = content;
    this.speak(language);
  }

  speak(language) {
    this.language = language;
    const locale = LOCALES[language];
    const digits = this.content.decimals;
    this.moneyFormat = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    this.numberFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
    this.smallFormat = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
    this.percentFormat = new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.smallPercentFormat = new Intl.NumberFormat(locale, { style: "percent", maximumSignificantDigits: 2 });
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = this.say(element.dataset.text);
    for (const element of document.querySelectorAll("[data-label]"))
      element.setAttribute("aria-label", this.say(element.dataset.label));
  }

  // A text with {names} put in.
  say(name, values = {}) {
    const text = this.texts[name]?.[this.language === "zh" ? 1 : 0] ?? name.replaceAll("_", " ");
    return text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  has(name) {
    return name in this.texts;
  }

  term(name) {
    return (this.language === "zh" && this.content.term_words[name]) || name.replaceAll("_", " ");
  }

  metric(name) {
    return this.say(this.has(`metric_${name}`) ? `metric_${name}` : name.replace(/_minor$/, ""));
  }

  money(minor) {
    return this.moneyFormat.format(minor / 10 ** this.content.decimals);
  }

  number(value) {
    return (Math.abs(value) < 0.1 ? this.smallFormat : this.numberFormat).format(value);
  }

  share(value) {
    return (value && Math.abs(value) < 0.001 ? this.smallPercentFormat : this.percentFormat).format(value);
  }

  signed(value, write) {
    return `${value > 0 ? "+" : value < 0 ? "−" : "±"}${write(Math.abs(value))}`;
  }

  // A figure as its name's last word says: money, a share, or a number.
  figure(name, value) {
    if (value === null || value === undefined) return this.say("unknown");
    return this.writer(name)(value);
  }

  difference(name, value) {
    if (!SHARE.test(name)) return this.signed(value, this.writer(name));
    return this.say("points", { points: this.signed(100 * value, (points) => points.toFixed(1)) });
  }

  writer(name) {
    if (/_minor$/.test(name)) return (value) => this.money(value);
    if (SHARE.test(name)) return (value) => this.share(value);
    return (value) => this.number(value);
  }

  time(seconds) {
    return new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
  }

  duration(seconds) {
    const minutes = Math.round(seconds / MINUTE);
    if (minutes < 60) return this.say("minutes", { minutes });
    if (minutes < 2880) return this.say("hours", { hours: this.number(Math.round(minutes / 6) / 10) });
    return this.say("days", { days: this.number(Math.round(minutes / 144) / 10) });
  }

  listed(parts) {
    return parts.join(this.language === "zh" ? "、" : ", ");
  }
}

// An element with attributes and children; texts are never read as HTML.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function fill(id, ...children) {
  document.getElementById(id).replaceChildren(...children.filter(Boolean));
}

// A table of texts; cells may be elements. `numeric` says from which column on cells stand to the right.
export function tableOf(heads, rows, numeric = 1, caption = null) {
  const cell = (tag, text, column, row) =>
    make(tag, { class: column >= numeric ? "number" : null, scope: tag === "th" ? (row ? "row" : "col") : null }, text);
  return make(
    "table",
    {},
    caption ? make("caption", {}, caption) : null,
    make("thead", {}, make("tr", {}, ...heads.map((text, column) => cell("th", text, column, false)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((text, column) => cell(column ? "td" : "th", text, column, true))))),
  );
}

export function options(id, choices, chosen) {
  fill(id, ...choices.map(([value, text]) => make("option", { value, selected: value === chosen }, text)));
}
