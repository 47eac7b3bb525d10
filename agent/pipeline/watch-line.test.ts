import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LineEvent } from '../ports/line.ts';
import { LineBoard } from './watch-line.ts';

const atNs = 5e9;

test('line board: knows nothing until it is told', () => {
  assert.deepEqual(new LineBoard().status(), {
    ready: 'unknown',
    why: [],
    binFull: null,
    estop: null,
    encoder: null,
    gateLateMs: { moves: 0, p50: null, p99: null, max: null },
  });
});

test('line board: tells what the line said last, and how late its gates were', () => {
  const board = new LineBoard();
  const gate = (lateNs: number): LineEvent => {
    return { kind: 'gate', state: 'active', part: 1, atNs, scheduledNs: atNs - lateNs, lateNs };
  };
  const events: LineEvent[] = [
    { kind: 'ready', on: true, why: [], atNs },
    { kind: 'ready', on: false, why: ['late', 'stopped'], atNs },
    { kind: 'signal', signal: 'bin-full', active: true, atNs },
    { kind: 'signal', signal: 'bin-full', active: false, atNs },
    { kind: 'signal', signal: 'estop-status', active: true, atNs },
    { kind: 'encoder', counts: 700, nsPerCount: 1_250_000, losses: 2, atNs },
    ...Array.from({ length: 98 }, () => gate(80_000)),
    gate(3_000_000),
    gate(4_000_000),
  ];
  for (const event of events) board.observe(event);
  const { gateLateMs, ...rest } = board.status();
  assert.deepEqual(rest, {
    ready: 'off',
    why: ['late', 'stopped'],
    binFull: false,
    estop: true,
    encoder: { counts: 700, countsPerSecond: 800, losses: 2 },
  });
  const { moves, p50, p99, max } = gateLateMs;
  assert.deepEqual([moves, max], [100, 4]);
  // Within the histogram's 2 %.
  assert.ok(p50 !== null && Math.abs(p50 - 0.08) < 0.002 && p99 !== null && Math.abs(p99 - 3) < 0.07, `${p50} ${p99}`);
  board.observe({ kind: 'encoder', counts: 700, nsPerCount: null, losses: 2, atNs });
  board.observe({ kind: 'ready', on: false, why: ['gatekeeper-gone'], atNs });
  const { encoder, ready } = board.status();
  assert.deepEqual([encoder?.countsPerSecond, ready], [0, 'unknown']);
});
