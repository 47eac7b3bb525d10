import { Filling } from './stream-filling.ts';
import type { FrameSink, StreamReader } from './stream-source.ts';

/** Reads frames that come one after the other with nothing between them. */
export class PlainFrameReader implements StreamReader {
  readonly #frameBytes: number;
  readonly #strideBytes: number;
  readonly #latencyNs: number;
  readonly #sink: FrameSink;
  #filling: Filling;
  #beganNs = 0;
  #sequence = 0;

  constructor(shape: { frameBytes: number; strideBytes: number; latencyNs: number }, sink: FrameSink) {
    this.#frameBytes = shape.frameBytes;
    this.#strideBytes = shape.strideBytes;
    this.#latencyNs = shape.latencyNs;
    this.#sink = sink;
    this.#filling = new Filling(sink.room(shape.frameBytes));
  }

  push(bytes: Uint8Array, arrivedNs: number): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#filling.empty) this.#beganNs = arrivedNs;
      rest = this.#filling.take(rest);
      if (!this.#filling.full) return;
      const pixels = this.#filling.bytes;
      const sensorNs = this.#beganNs - this.#latencyNs;
      this.#sink.frame({ pixels, sensorNs, sequence: this.#sequence++, strideBytes: this.#strideBytes });
      this.#filling = new Filling(this.#sink.room(this.#frameBytes));
    }
  }
}
