/**
 * Turns the lab's encoder: `encoder-drive.ts EDGES-A-SECOND SECONDS`; 0 is as fast as it goes. In a process of its own, for it
 * never waits. Prints how many edges it made and in how many ms.
 */
import { openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { pins } from '../../gatekeeper/pins.ts';

const [rate, seconds] = process.argv.slice(2).map(Number);
const open = (pin: number): number => openSync(path.join(process.env['LAB_PINS'] ?? '', `sim_gpio${pin}`, 'pull'), 'w');
const a = open(pins.encoderA);
const b = open(pins.encoderB);
/** A before B is forward. */
const cycle = [
  [a, 'pull-up'],
  [b, 'pull-up'],
  [a, 'pull-down'],
  [b, 'pull-down'],
] as const;

const gapMs = rate === undefined || rate === 0 ? 0 : 1000 / rate;
const startMs = performance.now();
const endMs = startMs + (seconds ?? 1) * 1000;
let edges = 0;
let lastMs = startMs;
// Whole cycles: both lines are low afterwards, so that the first edge of the next run is one.
while (performance.now() < endMs || edges % cycle.length !== 0) {
  // What stood still catches up at twice its speed, as a belt may, not all at once.
  const dueMs = Math.max(startMs + edges * gapMs, lastMs + gapMs / 2);
  do lastMs = performance.now();
  while (lastMs < dueMs);
  const [line, level] = cycle[edges % cycle.length] ?? cycle[0];
  writeSync(line, level, 0);
  edges += 1;
}
console.log(JSON.stringify({ edges, ms: performance.now() - startMs }));
