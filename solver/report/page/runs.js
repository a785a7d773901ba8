// A run's orders as arrays by order, worked out once from its packages.
export const CROSSES = 1;
export const REFUSED = 2;
export const MOVED = 4;
export const UNPAID = ["unfilled", "lost_sales"]; // prices of what does not ship

export class RunColumns {
  constructor(content, columns, number) {
    this.shown = { ...content.runs[number], unknown: content.unknown, fates: content.fates };
    this.name = this.shown.name;
    this.number = number;
    this.columns = columns;
    this.orders = content.orders;
    this.orderColumns();
    this.add();
  }

  of(table, name) {
    return this.columns.get(`${this.number}/${table}/${name}`);
  }

  // Whether the run tells this of an order: a history may not.
  knows(order, name) {
    const place = this.shown.unknown.indexOf(name);
    return place < 0 || !(this.unknown[order] & (1 << place));
  }

  orderColumns() {
    this.total = this.of("run", "total");
    this.gap = this.of("run", "gap");
    this.unfilled = this.of("run", "unfilled_units");
    this.lost = this.of("run", "lost");
    this.fallback = this.of("run", "fallback");
    this.unknown = this.of("run", "unknown");
    this.packageFrom = sums(this.of("run", "packages"));
    this.parcelFrom = sums(this.of("run", "parcels"));
    this.anyReturned = this.parcelFrom[this.orders] > 0;
    this.cost = Float64Array.from(this.total);
    for (const term of UNPAID.filter((one) => this.shown.terms.includes(one))) {
      const amounts = this.of("term", term);
      for (let order = 0; order < this.orders; order++) this.cost[order] -= amounts[order];
    }
  }

  add() {
    const [flags, late, leaves, takes] = ["flags", "late", "leaves_in", "takes"].map((name) => this.of("package", name));
    this.shipped = new Int32Array(this.orders);
    this.crossing = new Int32Array(this.orders);
    this.changed = new Int32Array(this.orders);
    this.late = new Int32Array(this.orders);
    this.arrives = new Float64Array(this.orders);
    for (let order = 0; order < this.orders; order++) {
      for (let one = this.packageFrom[order]; one < this.packageFrom[order + 1]; one++) {
        if (flags[one] & (REFUSED | MOVED)) {
          this.changed[order]++;
          continue;
        }
        this.shipped[order]++;
        this.crossing[order] += flags[one] & CROSSES;
        this.late[order] = Math.max(this.late[order], late[one]);
        this.arrives[order] = Math.max(this.arrives[order], leaves[one] + takes[one]);
      }
    }
  }

  // The packages of an order with what is in them.
  packages(order) {
    this.itemFrom ??= sums(this.of("package", "items"));
    const column = (name) => this.of("package", name);
    const found = [];
    for (let one = this.packageFrom[order]; one < this.packageFrom[order + 1]; one++) {
      const items = [];
      for (let item = this.itemFrom[one]; item < this.itemFrom[one + 1]; item++)
        items.push({ sku: this.of("item", "sku")[item], units: this.of("item", "units")[item] });
      found.push({
        source: column("source")[one],
        service: column("service")[one],
        weight: column("weight")[one],
        distance: column("distance")[one],
        leaves: column("leaves_in")[one],
        arrives: column("leaves_in")[one] + column("takes")[one],
        late: column("late")[one],
        cost: column("cost")[one],
        flags: column("flags")[one],
        items,
      });
    }
    return found;
  }

  // The parcels that came back of an order, with what became of their units.
  parcels(order) {
    this.fatedFrom ??= sums(this.of("parcel", "items"));
    const column = (name) => this.of("parcel", name);
    const found = [];
    for (let one = this.parcelFrom[order]; one < this.parcelFrom[order + 1]; one++) {
      const items = [];
      for (let item = this.fatedFrom[one]; item < this.fatedFrom[one + 1]; item++)
        items.push({ fate: this.of("fated", "fate")[item], sku: this.of("fated", "sku")[item], units: this.of("fated", "units")[item] });
      found.push({
        source: column("source")[one],
        comes: column("comes_in")[one],
        days: column("days")[one],
        cost: column("cost")[one],
        exchange: column("exchange")[one],
        refund: column("refund")[one],
        items,
      });
    }
    return found;
  }

  // Sources that ship, in the packages' sequence, each once.
  sources(order) {
    const [source, flags] = [this.of("package", "source"), this.of("package", "flags")];
    const found = new Set();
    for (let one = this.packageFrom[order]; one < this.packageFrom[order + 1]; one++)
      if (!(flags[one] & (REFUSED | MOVED))) found.add(source[one]);
    return [...found];
  }

  terms(order) {
    const found = {};
    for (const term of this.shown.terms) {
      const amount = this.of("term", term)[order];
      if (amount) found[term] = amount;
    }
    return found;
  }
}

function sums(counts) {
  const from = new Int32Array(counts.length + 1);
  for (let row = 0; row < counts.length; row++) from[row + 1] = from[row] + counts[row];
  return from;
}

// What another run did otherwise with an order: the first of these that is true, by number.
export const CHANGES = ["same", "fill", "sources", "services", "packages", "contents", "costs"];

export function changesBetween(base, other) {
  const found = new Uint8Array(base.orders);
  for (let order = 0; order < base.orders; order++) found[order] = changeOf(base, other, order);
  return found;
}

function changeOf(base, other, order) {
  if (base.unfilled[order] !== other.unfilled[order]) return 1;
  for (const [code, name] of [[2, "source"], [3, "service"]])
    if (listOf(base, order, name) !== listOf(other, order, name)) return code;
  if (base.shipped[order] !== other.shipped[order]) return 4;
  for (const name of ["items", "weight"]) if (listOf(base, order, name) !== listOf(other, order, name)) return 5;
  return base.total[order] !== other.total[order] || base.arrives[order] !== other.arrives[order] ? 6 : 0;
}

function listOf(run, order, name) {
  const [values, flags] = [run.of("package", name), run.of("package", "flags")];
  const from = run.packageFrom[order];
  const until = run.packageFrom[order + 1];
  if (until === from + 1 && !(flags[from] & (REFUSED | MOVED))) return values[from];
  const found = [];
  for (let one = from; one < until; one++) if (!(flags[one] & (REFUSED | MOVED))) found.push(values[one]);
  const each = name === "source" || name === "service" ? [...new Set(found)] : found;
  return each.length === 1 ? each[0] : each.sort((a, b) => a - b).join();
}
