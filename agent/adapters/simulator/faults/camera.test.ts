import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Frame } from '../../../core/frame.ts';
import type { Camera, Capture } from '../../../ports/camera.ts';
import { VirtualClock } from '../../clock/virtual.ts';
import { FaultyCamera } from './camera.ts';
import { FaultDice, type FaultRates } from './plan.ts';

const never = new AbortController().signal;

function frameOf(part: number): Frame {
  const size = { widthPx: 2, heightPx: 2, strideBytes: 2 };
  const when = { sensorNs: part, clock: 'monotonic', sequence: part } as const;
  return { data: new Uint8Array(4).fill(part), format: 'grey', ...size, ...when };
}

/** A camera with one frame a part; of part 99 it has none. */
class PlainCamera implements Camera {
  readonly calls: string[] = [];

  async start(): Promise<void> {
    this.calls.push('start');
  }

  async capture(part: number): Promise<Capture> {
    return part === 99 ? { kind: 'no-frame', reason: 'It is dark.' } : { kind: 'frame', frame: frameOf(part) };
  }

  async stop(): Promise<void> {
    this.calls.push('stop');
  }
}

function bench(rates: FaultRates) {
  const clock = new VirtualClock();
  const plain = new PlainCamera();
  const camera = new FaultyCamera({ camera: plain, dice: new FaultDice(1, rates), clock, lateNs: 100e6 });
  const capture = async (part: number, signal = never): Promise<Capture> => {
    const captured = camera.capture(part, clock.nowNs(), signal);
    await clock.run();
    return captured;
  };
  return { clock, plain, camera, capture };
}

test('faulty camera: without faults it is the one behind it', async () => {
  const { plain, camera, capture } = bench({});
  await camera.start();
  assert.deepEqual(await capture(1), { kind: 'frame', frame: frameOf(1) });
  assert.deepEqual(await capture(99), { kind: 'no-frame', reason: 'It is dark.' });
  await camera.stop();
  assert.deepEqual(plain.calls, ['start', 'stop']);
});

test('faulty camera: a lost frame is none, with a sentence', async () => {
  const { capture } = bench({ 'frame-lost': 1 });
  assert.deepEqual(await capture(1), { kind: 'no-frame', reason: 'The simulated camera lost the frame.' });
});

test('faulty camera: a late frame comes after the deadline, whole, or not at all once nobody waits', async () => {
  const { clock, camera, capture } = bench({ 'frame-late': 1 });
  assert.deepEqual(await capture(1), { kind: 'frame', frame: frameOf(1) });
  assert.ok(clock.nowNs() >= 100e6 && clock.nowNs() <= 200e6);
  const abort = new AbortController();
  const beforeNs = clock.nowNs();
  const captured = camera.capture(2, beforeNs, abort.signal);
  clock.at(beforeNs + 1e6, () => abort.abort());
  await clock.run();
  assert.deepEqual(await captured, { kind: 'no-frame', reason: 'The simulated frame came too late.' });
  assert.equal(clock.nowNs(), beforeNs + 1e6);
});

test('faulty camera: a doubled frame is the one before, which the first part cannot get', async () => {
  const { capture } = bench({ 'frame-duplicated': 1 });
  const frames = [await capture(1), await capture(2), await capture(3)];
  assert.deepEqual(frames, Array(3).fill({ kind: 'frame', frame: frameOf(1) }));
});

test('faulty camera: a torn frame lacks its second half, and the next one is whole before it is torn', async () => {
  const { capture } = bench({ 'frame-torn': 1 });
  for (const part of [1, 2]) {
    const torn = await capture(part);
    assert.ok(torn.kind === 'frame');
    assert.deepEqual([...torn.frame.data], [part, part]);
    assert.equal(torn.frame.sequence, part);
  }
});

test('faulty camera: one fault does not move another', async () => {
  const lostOf = async (rates: FaultRates): Promise<number[]> => {
    const { capture } = bench(rates);
    const lost: number[] = [];
    for (let part = 1; part <= 90; part += 1) if ((await capture(part)).kind === 'no-frame') lost.push(part);
    return lost;
  };
  const alone = await lostOf({ 'frame-lost': 0.2 });
  assert.ok(alone.length > 5);
  assert.deepEqual(await lostOf({ 'frame-lost': 0.2, 'frame-torn': 0.5, 'frame-duplicated': 0.5 }), alone);
});
