import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LinegateError } from '../../../core/errors.ts';
import { decodeRecord } from './decode.ts';
import type { RawRecord } from './raw.ts';
import { writeRecord } from './testing/wire.ts';

type Fields = Partial<RawRecord> & Pick<RawRecord, 'kind'>;

const at = 7_000n;
const atNs = 7000;
const due = { scheduledNs: 6900, lateNs: 100 };
const settled = { due: 6900n, part: 5n, action: 1, cause: 2, verdict: 0, confirmation: 2, flag: 1 };
const closed = {
  ...due,
  action: 'eject',
  cause: 'fail-safe',
  verdict: 'none',
  confirmation: 'unconfirmed',
  tooClose: true,
} as const;

/** One record of each kind, with what it means. */
const examples: readonly (readonly [Fields, object])[] = [
  [
    { kind: 64, due: -2n, part: 9n, value: 2n ** 64n - 1n, flag: 1 },
    { kind: 'hello', digest: 2n ** 64n - 2n, nonce: 2n ** 64n - 1n, nextPart: 9, numbered: true },
  ],
  [
    { kind: 65, part: 9n, value: 3n },
    { kind: 'attached', nextPart: 9, interrupted: 3 },
  ],
  [
    { kind: 66, code: 8 },
    { kind: 'refused', reason: 'ahead' },
  ],
  [
    { kind: 67, part: 2n, value: 4n },
    { kind: 'parts-lost', fromPart: 2, toPart: 4, atNs },
  ],
  [
    { kind: 68, ...settled, value: 7000n, code: 1 },
    { kind: 'interrupted', part: 5, atNs, closed: { ...closed, atNs } },
  ],
  [
    { kind: 68, part: 5n },
    { kind: 'interrupted', part: 5, atNs },
  ],
  [
    { kind: 69, value: 0x7fn },
    {
      kind: 'ready',
      on: false,
      doubts: ['start', 'encoder', 'late', 'ring', 'chip', 'no-agent', 'stopped'],
      atNs,
    },
  ],
  [
    { kind: 70, code: 3, flag: 1, counts: 31n, value: 9n },
    { kind: 'input', input: 'part-at-gate', active: true, atNs, counts: 31, backCounts: 9 },
  ],
  [
    { kind: 71, code: 8, value: 12n },
    { kind: 'fault', fault: 'ring-damaged', value: 12, atNs },
  ],
  [
    { kind: 72, counts: -40n, value: 250n, part: 1n },
    { kind: 'encoder', counts: -40, nsPerCount: 250, losses: 1, atNs },
  ],
  [
    { kind: 73, code: 2 },
    { kind: 'hold-denied', gate: 2 },
  ],
  [
    { kind: 97, part: 5n, due: 9000n },
    { kind: 'trigger', part: 5, atNs, deadlineNs: 9000 },
  ],
  [
    { kind: 98, part: 5n, code: 3 },
    { kind: 'trigger-ignored', reason: 'uncounted', atNs },
  ],
  [
    { kind: 99, part: 5n, value: 6n },
    { kind: 'too-close', part: 5, neighbour: 6, atNs },
  ],
  [
    { kind: 100, ...settled, confirmation: 0 },
    { kind: 'resolved', part: 5, atNs, ...due, action: 'eject', cause: 'fail-safe', verdict: 'none', tooClose: true },
  ],
  [
    { kind: 101, part: 5n, due: 6900n, code: 2 },
    { kind: 'gate', state: 'active', part: 5, gate: 2, atNs, ...due },
  ],
  [
    { kind: 101, due: 6900n, code: 1 },
    { kind: 'gate', state: 'active', part: 0, gate: 1, atNs, ...due },
  ],
  [
    { kind: 102, due: 6900n, code: 1 },
    { kind: 'gate', state: 'inactive', part: 0, gate: 1, atNs, ...due },
  ],
  [
    { kind: 103, part: 5n, due: 6900n, code: 1 },
    { kind: 'missed-pulse', part: 5, gate: 1, atNs, ...due },
  ],
  [
    { kind: 104, part: 5n, verdict: 1 },
    { kind: 'verdict-late', part: 5, verdict: 'pass', atNs },
  ],
  [
    { kind: 105, part: 5n, verdict: 2 },
    { kind: 'verdict-unknown', part: 5, verdict: 'reject', atNs },
  ],
  [
    { kind: 106, part: 5n, verdict: 3 },
    { kind: 'verdict-repeated', part: 5, verdict: 'review', atNs },
  ],
  [
    { kind: 107, part: 5n },
    { kind: 'confirmation', part: 5, atNs },
  ],
  [{ kind: 108 }, { kind: 'confirmation', part: undefined, atNs }],
  [
    { kind: 109, ...settled },
    { kind: 'closed', part: 5, atNs, ...closed },
  ],
  [
    { kind: 110, part: 5n, cause: 3 },
    { kind: 'stop-line', part: 5, reason: 'too-close', atNs },
  ],
];

function refused(bytes: Uint8Array): boolean {
  try {
    decodeRecord(bytes);
    return false;
  } catch (error) {
    assert.ok(error instanceof LinegateError && error.code === 'bad-message', String(error));
    return true;
  }
}

test('records: each kind means what wire.h says', () => {
  for (const [fields, expected] of examples) {
    const { number, record } = decodeRecord(writeRecord({ at, ...fields, number: 3n }));
    assert.equal(number, 3n);
    assert.deepEqual(record, expected, `kind ${fields.kind}`);
  }
});

/** Places of fields that every record has and not every one tells: time and counts; and the part before an ignored edge. */
function isUntold(kind: number, place: number): boolean {
  return (place >= 16 && place < 24) || (place >= 32 && place < 40) || (kind === 98 && place >= 40 && place < 48);
}

test('records: any byte changed is refused, or means something else', () => {
  const places = Array.from({ length: 64 }, (_, place) => place);
  for (const [fields] of examples) {
    const bytes = writeRecord({ at, ...fields, number: 3n });
    const before = decodeRecord(bytes);
    const told = places.filter((place) => !isUntold(fields.kind, place));
    for (const changed of told.flatMap((place) => [1, 0x80, 0xff].map((change) => withByte(bytes, place, change)))) {
      if (!refused(changed)) assert.notDeepEqual(decodeRecord(changed), before, `kind ${fields.kind}`);
    }
  }
});

function withByte(bytes: Uint8Array, place: number, change: number): Uint8Array {
  return bytes.map((byte, index) => (index === place ? byte ^ change : byte));
}

test('records: bytes of any kind are taken or refused as a bad message, and nothing else happens', () => {
  const header = fc.constantFrom([0x4c, 0x47, 1], [0x4c, 0x47, 2], [0, 0, 0]);
  const rest = fc.array(fc.oneof(fc.constant(0), fc.constant(0), fc.integer({ min: 0, max: 255 })), {
    minLength: 60,
    maxLength: 61,
  });
  fc.assert(
    fc.property(header, fc.integer({ min: 0, max: 255 }), rest, (head, kind, tail) => {
      refused(Uint8Array.from([...head, kind, ...tail]));
    }),
    { numRuns: 3000 },
  );
});
