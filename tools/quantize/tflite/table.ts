import { LinegateError } from '../../../agent/core/errors.ts';

/** A table of a FlatBuffers file; every read is checked against the bytes that are there. */
export class Table {
  readonly #view: DataView;
  readonly #start: number;

  constructor(view: DataView, start: number) {
    this.#view = view;
    this.#start = start;
  }

  /** The table that the file begins with. */
  static root(bytes: Uint8Array): Table {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new Table(view, view.getUint32(0, true));
  }

  int8(id: number, fallback = 0): number {
    const place = this.#place(id);
    return place === undefined ? fallback : this.#view.getInt8(place);
  }

  int32(id: number, fallback = 0): number {
    const place = this.#place(id);
    return place === undefined ? fallback : this.#view.getInt32(place, true);
  }

  float32(id: number, fallback = 0): number {
    const place = this.#place(id);
    return place === undefined ? fallback : this.#view.getFloat32(place, true);
  }

  table(id: number): Table | undefined {
    const place = this.#place(id);
    return place === undefined ? undefined : new Table(this.#view, this.#target(place));
  }

  tables(id: number): Table[] {
    return this.#vector(id, 4).map((place) => new Table(this.#view, this.#target(place)));
  }

  int32s(id: number): number[] {
    return this.#vector(id, 4).map((place) => this.#view.getInt32(place, true));
  }

  int64s(id: number): number[] {
    return this.#vector(id, 8).map((place) => Number(this.#view.getBigInt64(place, true)));
  }

  float32s(id: number): Float32Array {
    return Float32Array.from(this.#vector(id, 4), (place) => this.#view.getFloat32(place, true));
  }

  /** A copy of a vector of bytes; undefined when there is none or an empty one. */
  bytes(id: number): Uint8Array | undefined {
    const place = this.#place(id);
    if (place === undefined) return undefined;
    const start = this.#target(place);
    const length = this.#lengthAt(start, 1);
    const from = this.#view.byteOffset + start + 4;
    return length === 0 ? undefined : new Uint8Array(this.#view.buffer, from, length).slice();
  }

  text(id: number): string {
    return new TextDecoder().decode(this.bytes(id));
  }

  /** Where field `id` lies; undefined when the table does not store it. */
  #place(id: number): number | undefined {
    const vtable = this.#start - this.#view.getInt32(this.#start, true);
    const entry = 4 + 2 * id;
    if (entry + 2 > this.#view.getUint16(vtable, true)) return undefined;
    const offset = this.#view.getUint16(vtable + entry, true);
    return offset === 0 ? undefined : this.#start + offset;
  }

  #target(place: number): number {
    return place + this.#view.getUint32(place, true);
  }

  /** The places of a vector's elements. */
  #vector(id: number, size: number): number[] {
    const place = this.#place(id);
    if (place === undefined) return [];
    const start = this.#target(place);
    return Array.from({ length: this.#lengthAt(start, size) }, (_, i) => start + 4 + i * size);
  }

  #lengthAt(start: number, size: number): number {
    const length = this.#view.getUint32(start, true);
    if (start + 4 + length * size <= this.#view.byteLength) return length;
    throw new LinegateError('bad-model', 'The TFLite file is cut short: a list is longer than the file.');
  }
}
