// The columns that the page carries, unpacked when they are first asked for.
const WIDTHS = { i1: 1, i2: 2, i4: 4, f8: 8 };
const ARRAYS = { i1: Int8Array, i2: Int16Array, i4: Int32Array, f8: Float64Array };

export class Columns {
  constructor(directory, bytes) {
    this.directory = new Map(directory.map((column) => [column.name, column]));
    this.bytes = bytes;
    this.known = new Map();
  }

  has(name) {
    return this.directory.has(name);
  }

  get(name) {
    if (!this.known.has(name)) this.known.set(name, this.unpack(this.directory.get(name)));
    return this.known.get(name);
  }

  unpack(column) {
    const stored = this.bytes.subarray(column.begins, column.begins + column.size);
    if (column.kind === "text") return column.rows ? new TextDecoder().decode(stored).split("\n") : [];
    const width = WIDTHS[column.kind];
    const bytes = new Uint8Array(column.size);
    for (let rank = 0; rank < width; rank++) {
      const begins = rank * column.rows;
      for (let row = 0; row < column.rows; row++) bytes[row * width + rank] = stored[begins + row];
    }
    const values = new ARRAYS[column.kind](bytes.buffer);
    return column.delta ? summed(values) : values;
  }
}

function summed(steps) {
  const values = new Float64Array(steps.length);
  let sum = 0;
  for (let row = 0; row < steps.length; row++) values[row] = sum += steps[row];
  return values;
}

export async function readColumns(element, directory) {
  const text = atob(element.textContent);
  element.remove();
  const packed = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place++) packed[place] = text.charCodeAt(place);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Columns(directory, new Uint8Array(await new Response(stream).arrayBuffer()));
}
