import { z } from 'zod';
import { LinegateError, messageOf } from '../errors.ts';
import type { Range, Ranges } from '../ledger/ranges.ts';
import { protocolVersion, type WireAck, type WireHello, type WireState } from './protocol.ts';

/** What a batch may hold. A single row larger than `batchBytes` goes alone; beyond `largestBytes` nobody reads it. */
export const limits = {
  rows: 100,
  /** JSON text before compression. */
  batchBytes: 65_536,
  largestBytes: 1_048_576,
  /** Longer texts are deflated. */
  plainBytes: 1024,
  /** Batches under way, whatever credit a receiver gives. */
  credit: 64,
} as const;

export const text = (longest: number) => z.string().max(longest);
export const count = z.int().min(0);
export const seq = z.int().min(1);
export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits');
const name = text(200).min(1);
const version = z.literal(protocolVersion);

const range = z
  .tuple([seq, seq])
  .refine(([from, to]) => from <= to, 'must not end before it begins') satisfies z.ZodType<Range>;

const ranges = z
  .array(range)
  .max(1000)
  .refine(
    (all) => all.every(([from], index) => index === 0 || from > (all[index - 1]?.[1] ?? 0) + 1),
    'must be sorted and apart',
  ) satisfies z.ZodType<Ranges>;

const hello = z.object({
  v: version,
  id: name,
  epoch: name,
  parent: z.object({ epoch: name, seq: count }).nullable(),
  firstUnacked: seq,
  lastSeq: count,
  head: digest,
  bootId: text(200).nullable(),
  clock: z.object({ monoMs: z.number(), wallMs: z.number(), state: z.enum(['synced', 'unsynced', 'unknown']) }),
  software: text(200),
  recipe: text(200),
  modelDigest: text(200),
}) satisfies z.ZodType<WireHello>;

const ack = z.object({
  v: version,
  epoch: name,
  hello: name.nullable(),
  ranges,
  maxContig: count,
  head: digest.nullable(),
  credit: z.int().min(1).max(10_000),
  retryMs: z.number().min(100).max(3_600_000),
  reject: z
    .array(
      z.object({
        from: count,
        to: count,
        reason: z.enum(['conflict', 'corrupt', 'unreadable', 'version']),
        detail: text(1000),
      }),
    )
    .max(1000),
}) satisfies z.ZodType<WireAck>;

const state = z.object({
  v: version,
  online: z.boolean(),
  wallMs: z.number(),
  software: text(200).exactOptional(),
  recipe: text(200).exactOptional(),
  alarms: z
    .array(z.object({ id: name, sentence: text(1000), sinceWallMs: z.number() }))
    .max(100)
    .exactOptional(),
}) satisfies z.ZodType<WireState>;

/** A hello as it arrived. Throws LinegateError 'bad-message', as the two below. */
export function readHello(json: string): WireHello {
  return fitting(hello, parsed(json, 'hello'), 'hello');
}

export function readAck(json: string): WireAck {
  return fitting(ack, parsed(json, 'ack'), 'ack');
}

export function readState(json: string): WireState {
  return fitting(state, parsed(json, 'state'), 'state');
}

/** JSON of a message. Throws LinegateError 'bad-message' for anything else, naming `what` it was to be. */
export function parsed(json: string, what: string): unknown {
  if (json.length > limits.largestBytes) {
    throw bad(what, `it has ${json.length} characters, and at most ${limits.largestBytes} are read`);
  }
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw bad(what, 'it is not JSON', cause);
  }
}

/** A value that fits its schema. Throws LinegateError 'bad-message' with the first faults. */
export function fitting<T extends z.ZodType>(schema: T, value: unknown, what: string): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'it'}: ${messageOf(issue.message).replace(/\.$/, '')}`);
  throw bad(what, faults.join('; ').slice(0, 500));
}

function bad(what: string, why: string, cause?: unknown): LinegateError {
  return new LinegateError('bad-message', `A message is no ${what} of version ${protocolVersion}: ${why}.`, { cause });
}

/** How bytes are made smaller, and back; zlib's on both sides. `inflate` throws beyond `limits.largestBytes`. */
export interface Codec {
  readonly deflate: (bytes: Uint8Array) => Uint8Array;
  readonly inflate: (bytes: Uint8Array, mostBytes: number) => Uint8Array;
}

const ZLIB = 0x78;

/** The bytes of a text as they travel: a long one deflated. */
export function pack(json: string, codec: Codec): Uint8Array {
  const bytes = new TextEncoder().encode(json);
  return bytes.length > limits.plainBytes ? codec.deflate(bytes) : bytes;
}

/** The text of bytes that travelled. Throws LinegateError 'bad-message', naming `what` it was to be. */
export function unpack(bytes: Uint8Array, what: string, codec: Codec): string {
  if (bytes.length > limits.largestBytes) throw bad(what, `it has ${bytes.length} bytes`);
  try {
    const plain = bytes[0] === ZLIB ? codec.inflate(bytes, limits.largestBytes) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (cause) {
    throw bad(what, 'its bytes are neither UTF-8 nor deflated UTF-8', cause);
  }
}
