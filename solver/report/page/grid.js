// A table of any length: only the rows in view are elements. Arrows, Page Up and Down, Home and End move, Enter opens.
import { make } from "./words.js";

const ROW = 32; // pixels, as in style.css
const SPARE = 8; // rows drawn beyond what is seen

export class Grid {
  // `columns`: {name, head, text(row) or cell(row), number}; `sort(name)` and `open(row)` are called back.
  constructor(element, { sort, open }) {
    this.element = element;
    this.heads = element.querySelector(".heads");
    this.body = element.querySelector(".rows");
    this.sort = sort;
    this.open = open;
    this.rows = new Int32Array(0);
    this.active = -1;
    this.printed = 0;
    element.addEventListener("scroll", () => this.draw());
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("focus", () => this.activate(Math.max(0, this.active), false));
    this.body.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.draw()).observe(element);
  }

  show(columns, rows, sorted, descending) {
    this.columns = columns;
    this.rows = rows;
    this.element.setAttribute("aria-rowcount", rows.length + 1);
    this.element.setAttribute("aria-colcount", columns.length);
    this.element.style.setProperty("--grid-columns", columns.map((column) => column.width).join(" "));
    this.heads.replaceChildren(...columns.map((column) => this.head(column, sorted, descending)));
    this.body.style.height = `${rows.length * ROW}px`;
    this.active = Math.min(this.active, rows.length - 1);
    this.drawn = null;
    this.draw();
  }

  head(column, sorted, descending) {
    const isSorted = column.name === sorted;
    const button = make("button", { type: "button", "data-sort": column.name, onclick: () => this.sort(column.name) }, column.head, isSorted ? (descending ? " ↓" : " ↑") : "");
    return make("div", { role: "columnheader", class: column.number ? "number" : null, "aria-sort": isSorted ? (descending ? "descending" : "ascending") : null }, button);
  }

  // Paper shows the first so many rows; 0: back on the screen.
  print(rows) {
    this.printed = rows;
    this.draw();
  }

  // Draw what is in view. Rows that stay in view stay the same elements, so that a click ends where it began.
  draw() {
    if (!this.columns) return;
    const { scrollTop, clientHeight } = this.element;
    const first = this.printed ? 0 : Math.max(0, Math.floor(scrollTop / ROW) - SPARE);
    const last = Math.min(this.rows.length, this.printed || Math.ceil((scrollTop + clientHeight) / ROW) + SPARE);
    const now = `${first} ${last}`;
    if (now !== this.drawn) {
      this.drawn = now;
      this.body.replaceChildren(...Array.from({ length: Math.max(0, last - first) }, (_, place) => this.row(first + place)));
    }
    this.pointAtActive();
  }

  row(place) {
    const order = this.rows[place];
    const cells = this.columns.map((column) => {
      const content = column.cell ? column.cell(order) : column.text(order);
      const title = typeof content === "string" && column.width.includes("fr") ? content : null;
      return make("div", { role: "gridcell", class: column.number ? "number" : null, title }, content);
    });
    return make(
      "div",
      {
        id: `row-${place}`, role: "row", class: place % 2 ? "row odd" : "row", style: `top: ${place * ROW}px`,
        "data-place": place, "aria-rowindex": place + 2,
      },
      ...cells,
    );
  }

  pointAtActive() {
    for (const drawn of this.body.children) drawn.setAttribute("aria-selected", String(Number(drawn.dataset.place) === this.active));
    const row = document.getElementById(`row-${this.active}`);
    if (row) this.element.setAttribute("aria-activedescendant", row.id);
    else this.element.removeAttribute("aria-activedescendant");
  }

  activate(place, follow = true) {
    if (!this.rows.length) return;
    this.active = Math.max(0, Math.min(this.rows.length - 1, place));
    if (follow) this.follow();
    this.draw();
  }

  follow() {
    const head = this.heads.offsetHeight;
    const top = this.active * ROW;
    const seen = this.element.clientHeight - head;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top + ROW > this.element.scrollTop + seen) this.element.scrollTop = top + ROW - seen;
  }

  key(event) {
    if (event.target !== this.element) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 2);
    const moves = {
      ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + page, PageUp: this.active - page,
      Home: 0, End: this.rows.length - 1,
    };
    if (event.key in moves) this.activate(moves[event.key]);
    else if (event.key === "Enter" && this.active >= 0) this.open(this.rows[this.active]);
    else return;
    event.preventDefault();
  }

  click(event) {
    const row = event.target.closest("[data-place]");
    if (!row) return;
    this.activate(Number(row.dataset.place), false);
    this.open(this.rows[this.active]);
  }
}
