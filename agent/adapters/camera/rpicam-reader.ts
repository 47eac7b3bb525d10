import { LinegateError } from '../../core/errors.ts';
import { Filling } from './stream-filling.ts';
import type { FrameSink, StreamReader } from './stream-source.ts';

export interface RpicamShape {
  readonly frameBytes: number;
  readonly strideBytes: number;
  /** Converts a SensorTimestamp. */
  readonly toMonotonicNs: (bootNs: number) => number;
  /** A frame that comes later than this after its exposure may have been overwritten while it was being sent. */
  readonly oldestNs: number;
}

const MAX_TEXT_CHARS = 65_536;

type State =
  | { readonly kind: 'pixels'; readonly filling: Filling }
  | { readonly kind: 'text'; readonly pixels: Uint8Array; readonly text: string };

/** Reads what rpicam-vid sends: the pixels of a frame, then its metadata as lines "Name=value" up to an empty line. */
export class RpicamReader implements StreamReader {
  readonly #shape: RpicamShape;
  readonly #sink: FrameSink;
  #state: State;
  #sequence = 0;

  constructor(shape: RpicamShape, sink: FrameSink) {
    this.#shape = shape;
    this.#sink = sink;
    this.#state = { kind: 'pixels', filling: new Filling(sink.room(shape.frameBytes)) };
  }

  push(bytes: Uint8Array, arrivedNs: number): void {
    let rest = bytes;
    while (rest.length > 0) {
      rest =
        this.#state.kind === 'pixels'
          ? this.#fill(this.#state.filling, rest)
          : this.#readText(this.#state, rest, arrivedNs);
    }
  }

  #fill(filling: Filling, bytes: Uint8Array): Uint8Array {
    const rest = filling.take(bytes);
    if (filling.full) this.#state = { kind: 'text', pixels: filling.bytes, text: '' };
    return rest;
  }

  #readText({ pixels, text }: Extract<State, { kind: 'text' }>, bytes: Uint8Array, arrivedNs: number): Uint8Array {
    const before = text.length;
    const all =
      text + Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_TEXT_CHARS)).toString('latin1');
    if (!/^[A-Za-z]/.test(all)) throw new LinegateError('bad-message', wrongSize(this.#shape.frameBytes));
    const end = all.indexOf('\n\n');
    if (end < 0) {
      if (all.length >= MAX_TEXT_CHARS) throw new LinegateError('bad-message', wrongSize(this.#shape.frameBytes));
      this.#state = { kind: 'text', pixels, text: all };
      return new Uint8Array(0);
    }
    this.#emit(pixels, all.slice(0, end), arrivedNs);
    this.#state = { kind: 'pixels', filling: new Filling(this.#sink.room(this.#shape.frameBytes)) };
    return bytes.subarray(end + 2 - before);
  }

  #emit(pixels: Uint8Array, text: string, arrivedNs: number): void {
    const stamp = /^SensorTimestamp=(\d{1,19})$/m.exec(text)?.[1];
    if (stamp === undefined) throw new LinegateError('bad-message', 'its metadata has no SensorTimestamp.');
    const sensorNs = this.#shape.toMonotonicNs(Number(stamp));
    const sequence = this.#sequence++;
    if (arrivedNs - sensorNs > this.#shape.oldestNs) this.#sink.damaged();
    else this.#sink.frame({ pixels, sensorNs, sequence, strideBytes: this.#shape.strideBytes });
  }
}

function wrongSize(frameBytes: number): string {
  return `no metadata followed the ${frameBytes} bytes that a frame should have: the camera pads its rows, so choose another width.`;
}
