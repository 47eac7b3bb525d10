import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { toolMissing } from '../../../../test/support/not-run.ts';
import { runProgram } from '../../../native/clang/programs.ts';
import { encodeMessage, type Message } from './messages.ts';
import { type RawRecord, readRaw, recordBytes } from './raw.ts';
import { readRequest, writeRecord } from './testing/wire.ts';

const compiler = 'clang-19';
const native = path.join(import.meta.dirname, '../../../native/gatekeeper');

/** What the C code makes of each record: its refusal as a request, and the record again. */
function throughC(records: readonly Uint8Array[]): { refusal: number; again: Uint8Array }[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'wire-'));
  try {
    const program = path.join(folder, 'wire');
    runProgram(compiler, ['-O1', 'host/wire_host.c', 'wire.c', '-o', program], { cwd: native });
    const { stdout, status } = spawnSync(program, { input: Buffer.concat(records), maxBuffer: 1e8 });
    assert.equal(status, 0);
    const size = recordBytes + 1;
    assert.equal(stdout.length, records.length * size);
    return records.map((_, index) => ({
      refusal: stdout[index * size] ?? -1,
      again: stdout.subarray(index * size + 1, (index + 1) * size),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const u8 = fc.integer({ min: 0, max: 255 });
const part = fc.integer({ min: 1, max: 2 ** 52 });

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ kind: fc.constant('attach'), role: fc.constant('agent'), firstPart: part }),
  fc.constant({ kind: 'attach', role: 'commission' } as const),
  fc.record({ kind: fc.constant('verdict'), part, verdict: fc.constantFrom('pass', 'reject', 'review') }),
  fc.record({ kind: fc.constant('acknowledge'), part }),
  fc.constant({ kind: 'heartbeat' } as const),
  fc.record({ kind: fc.constant('resume'), beltEmpty: fc.boolean() }),
  fc.constant({ kind: 'detach' } as const),
  fc.record({ kind: fc.constant('hold-gate'), gate: fc.constantFrom(1, 2) }),
);

const record: fc.Arbitrary<RawRecord> = fc.record({
  kind: fc.integer({ min: 64, max: 255 }),
  number: u64,
  at: i64,
  due: i64,
  counts: i64,
  part: u64,
  value: u64,
  action: u8,
  cause: u8,
  verdict: u8,
  confirmation: u8,
  flag: u8,
  code: u8,
});

test('records: the gatekeeper’s C code reads and writes them as this agent does', () => {
  if (spawnSync(compiler, ['--version']).status !== 0) {
    toolMissing('the agent’s records against the gatekeeper’s C code', compiler);
    return;
  }
  const seed = 20_260_101;
  const messages = fc
    .sample(fc.tuple(message, u64, u64), { numRuns: 500, seed })
    .map(([told, number, nonce]) => encodeMessage(told, number, nonce));
  const raws = fc.sample(record, { numRuns: 500, seed });
  const records = raws.map((raw) => writeRecord(raw));
  const answers = throughC([...messages, ...records]);
  for (const [index, bytes] of messages.entries()) {
    const answer = answers[index];
    assert.equal(
      answer?.refusal,
      0,
      JSON.stringify(readRequest(bytes), (_, value) => String(value)),
    );
    assert.deepEqual(Buffer.from(answer.again), Buffer.from(bytes));
  }
  for (const [index, raw] of raws.entries()) {
    const answer = answers[messages.length + index];
    assert.notEqual(answer?.refusal, 0, 'a record from the gatekeeper is no request');
    assert.deepEqual(Buffer.from(answer?.again ?? []), Buffer.from(records[index] ?? []));
    assert.deepEqual(readRaw(answer?.again ?? new Uint8Array()), { ...raw });
  }
});
