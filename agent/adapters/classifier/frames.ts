import { LinegateError } from '../../core/errors.ts';

/** Version of the protocol in docs/classifier-protocol.md. */
export const PROTOCOL_VERSION = 1;

/** u32 LE payload length, u8 type, u32 LE id. */
export const HEADER_BYTES = 9;

/** Longest payload of an answer; the longest real ones are a hello and a sentence. */
export const MAX_ANSWER_BYTES = 4096;

export const FRAME_TYPES = { hello: 1, infer: 2, scores: 3, error: 4 } as const;

/** A frame as it was read; `payload` is only valid until the next one is read. */
export interface RawFrame {
  readonly type: number;
  readonly id: number;
  readonly payload: Buffer;
}

/** The first nine bytes of a frame. */
export function encodeHeader(type: number, id: number, payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(payloadBytes, 0);
  header.writeUInt8(type, 4);
  header.writeUInt32LE(id, 5);
  return header;
}

/** A whole frame with a short payload. */
export function encodeFrame(type: number, id: number, payload: Uint8Array): Buffer {
  return Buffer.concat([encodeHeader(type, id, payload.length), payload]);
}

/** Payload of a scores frame: u64 LE ns that the inference took, then one float32 LE per label. */
export function encodeScores(inferenceNs: bigint, scores: Float32Array): Buffer {
  const payload = Buffer.allocUnsafe(8 + 4 * scores.length);
  payload.writeBigUInt64LE(inferenceNs, 0);
  for (const [index, score] of scores.entries()) payload.writeFloatLE(score, 8 + 4 * index);
  return payload;
}

/** Reads a scores payload; undefined when its length is not that of `labels` scores. */
export function decodeScores(payload: Buffer, labels: number): { scores: number[]; inferenceNs: number } | undefined {
  if (payload.length !== 8 + 4 * labels) return undefined;
  const scores: number[] = [];
  for (let offset = 8; offset < payload.length; offset += 4) scores.push(payload.readFloatLE(offset));
  return { scores, inferenceNs: Number(payload.readBigUInt64LE(0)) };
}

/** Puts a stream of bytes back together into frames; holds at most one frame of `maxPayloadBytes`. */
export class FrameReader {
  readonly #maxPayloadBytes: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(maxPayloadBytes: number) {
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  /** Calls `take` for every frame that `chunk` completes. Throws LinegateError 'bad-message' at a frame that is too long. */
  push(chunk: Buffer, take: (frame: RawFrame) => void): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= HEADER_BYTES) {
      const payloadBytes = bytes.readUInt32LE(0);
      if (payloadBytes > this.#maxPayloadBytes) {
        throw new LinegateError(
          'bad-message',
          `A frame of ${payloadBytes} bytes is longer than the ${this.#maxPayloadBytes} allowed.`,
        );
      }
      const end = HEADER_BYTES + payloadBytes;
      if (bytes.length < end) break;
      take({ type: bytes.readUInt8(4), id: bytes.readUInt32LE(5), payload: bytes.subarray(HEADER_BYTES, end) });
      bytes = bytes.subarray(end);
    }
    this.#rest = Buffer.from(bytes);
  }
}
