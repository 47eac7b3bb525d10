import { LinegateError } from '../../core/errors.ts';
import { Filling } from './stream-filling.ts';
import type { FrameSink, StreamReader } from './stream-source.ts';

/** Record of linegate-v4l2; agent/native/v4l2/output.h says what is where. */
export const V4L2_HEADER_BYTES = 64;
const MAGIC = 0x3456474c; // "LGV4"
const VERSION = 1;

/** What every frame must be. */
export interface V4l2Shape {
  /** "NV12" and the like, as the kernel's number. */
  readonly fourcc: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Bytes of a frame whose rows are `strideBytes` long. */
  readonly sizeOf: (strideBytes: number) => number;
  /** From the moment that counts to the kernel's stamp. */
  readonly latencyNs: number;
}

interface Header {
  readonly strideBytes: number;
  readonly sizeBytes: number;
  readonly sequence: number;
  readonly stampNs: number;
  readonly dropped: number;
}

type State =
  | { readonly kind: 'header'; readonly filling: Filling }
  | { readonly kind: 'pixels'; readonly header: Header; readonly filling: Filling };

/** Reads what linegate-v4l2 sends. */
export class V4l2Reader implements StreamReader {
  readonly #shape: V4l2Shape;
  readonly #sink: FrameSink;
  #state: State = { kind: 'header', filling: new Filling(new Uint8Array(V4L2_HEADER_BYTES)) };

  constructor(shape: V4l2Shape, sink: FrameSink) {
    this.#shape = shape;
    this.#sink = sink;
  }

  push(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) {
      rest = this.#state.filling.take(rest);
      if (this.#state.filling.full) this.#onFull(this.#state);
    }
  }

  #onFull(state: State): void {
    if (state.kind === 'pixels') {
      const { strideBytes, sequence, stampNs, dropped } = state.header;
      this.#state = { kind: 'header', filling: new Filling(new Uint8Array(V4L2_HEADER_BYTES)) };
      const sensorNs = stampNs - this.#shape.latencyNs;
      this.#sink.frame({ pixels: state.filling.bytes, sensorNs, sequence, strideBytes, dropped });
      return;
    }
    const header = parse(state.filling.bytes, this.#shape);
    if (header.sizeBytes > 0) {
      const filling = new Filling(this.#sink.room(header.sizeBytes));
      this.#state = { kind: 'pixels', header, filling };
      return;
    }
    this.#state = { kind: 'header', filling: new Filling(new Uint8Array(V4L2_HEADER_BYTES)) };
    this.#sink.streaming();
  }
}

function parse(bytes: Uint8Array, shape: V4l2Shape): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = (offset: number): number => view.getUint32(offset, true);
  if (at(0) !== MAGIC || at(4) !== VERSION) throw new LinegateError('bad-message', 'it sent what is no frame.');
  const strideBytes = at(20);
  const sizeBytes = at(24);
  const asAsked = at(8) === shape.fourcc && at(12) === shape.widthPx && at(16) === shape.heightPx;
  if (!asAsked || (sizeBytes !== 0 && sizeBytes !== shape.sizeOf(strideBytes))) {
    const message = `it sent a frame of ${at(12)} x ${at(16)} px and ${sizeBytes} bytes that was not asked for.`;
    throw new LinegateError('bad-message', message);
  }
  return { strideBytes, sizeBytes, sequence: at(28), stampNs: Number(view.getBigUint64(32, true)), dropped: at(44) };
}
