import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { type BeltRig, beltCalibration, beltContract } from '../../../../test/contracts/line-belt.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { toolMissing } from '../../../../test/support/not-run.ts';
import { confDigest } from '../../../config/gatekeeper-conf.ts';
import { LinegateError } from '../../../core/errors.ts';
import { Bench, buildForBench } from '../../../native/gatekeeper/testing/bench.ts';
import { exitOf } from '../../../native/gatekeeper/testing/keeper-process.ts';
import type { LineEvent } from '../../../ports/line.ts';
import { SystemClock } from '../../clock/system.ts';
import { dialSocket } from './connection.ts';
import { GatekeeperLine } from './line.ts';

const folder = `${process.env['TMPDIR'] ?? '/tmp'}/gatekeeper-line-${process.pid}`;
after(() => rmSync(folder, { recursive: true, force: true }));

let built: string | undefined;

/** Once for all tests; undefined where there is no compiler. */
function build(): string | undefined {
  try {
    built ??= buildForBench(folder);
    return built;
  } catch (error) {
    if (error instanceof LinegateError && error.code === 'missing-package') return undefined;
    throw error;
  }
}

/** A before B is forward. */
class BeltOfPulses {
  readonly #bench: Bench;
  readonly #levels = { A: false, B: false };

  constructor(bench: Bench) {
    this.#bench = bench;
  }

  move(counts: number): void {
    for (let count = 0; count < Math.abs(counts); count += 1) {
      const line = (this.#levels.A === this.#levels.B) === counts > 0 ? 'A' : 'B';
      this.#levels[line] = !this.#levels[line];
      this.#bench.lines.drive(line, this.#levels[line]);
    }
  }

  /** The lines of a new process are low. */
  anew(): void {
    this.#levels.A = this.#levels.B = false;
  }
}

async function beltRig(program: string): Promise<BeltRig> {
  const bench = new Bench(program);
  await bench.lines.plugIn();
  const { delay, width, recovery, lead, triggerDead } = beltCalibration;
  const distances = { delay, width, recovery, lead, 'trigger-dead': triggerDead };
  const text = bench.confOf({
    'input encoder-a': 'chip=bench line=A',
    'input encoder-b': 'chip=bench line=B',
    'input part-at-gate': 'chip=bench line=AT_GATE',
    base: 'encoder',
    encoder: 'quadrature',
    ...Object.fromEntries(Object.entries(distances).map(([key, counts]) => [key, String(counts)])),
  });
  const conf = bench.write(text);
  let keeper = bench.start(['--conf', conf]);
  const belt = new BeltOfPulses(bench);
  const { socket } = bench;
  const options = { clock: new SystemClock(), socket, dial: dialSocket(socket), digest: confDigest(text) };
  return {
    line: new GatekeeperLine({ ...options, heartbeatNs: 1e9, base: 'encoder' }),
    move: async (counts) => belt.move(counts),
    partAtEye: async () => bench.lines.pulse('TRIGGER'),
    partAtGate: async () => bench.lines.pulse('AT_GATE'),
    restart: async () => {
      keeper.child.kill('SIGKILL');
      await exitOf(keeper);
      belt.anew();
      keeper = bench.start(['--conf', conf]);
    },
    pause: async () => {},
    close: () => bench.clear(),
  };
}

const beltProgram = build();
if (beltProgram !== undefined) {
  beltContract('gatekeeper line by counts, on the real program', () => beltRig(beltProgram));
} else {
  test('gatekeeper line by counts, on the real program', () => {
    toolMissing('the line by counts on the real gatekeeper', 'clang-19');
  });
}

test('gatekeeper line: on the real program: a verdict, an outage of the gatekeeper, the parts of both', async (t) => {
  const program = build();
  if (program === undefined) {
    toolMissing('the line on the real gatekeeper', 'clang-19');
    return;
  }
  const bench = new Bench(program);
  t.after(() => bench.clear());
  await bench.lines.plugIn();
  const text = bench.confOf();
  const conf = bench.write(text);
  let keeper = bench.start(['--conf', conf]);
  const clock = new SystemClock();
  const { socket } = bench;
  const dial = dialSocket(socket);
  const line = new GatekeeperLine({ clock, socket, dial, digest: confDigest(text), heartbeatNs: 1e9 });
  t.after(() => line.stop());
  const events: LineEvent[] = [];
  await line.start(100, (event) => {
    events.push(event);
    if (event.kind === 'trigger' && event.part === 100) line.resolve(event.part, 'pass');
    if (event.kind === 'closed' || event.kind === 'interrupted') line.acknowledge(event.part);
  });
  const heard = <K extends LineEvent['kind']>(kind: K, part: number) =>
    eventually(
      () => events.find((e): e is Extract<LineEvent, { kind: K }> => e.kind === kind && 'part' in e && e.part === part),
      `${kind} of part ${part}`,
    );

  bench.lines.pulse('TRIGGER');
  const passed = await heard('closed', 100);
  assert.deepEqual([passed.action, passed.cause, passed.verdict], ['pass', 'verdict', 'pass']);

  bench.lines.pulse('TRIGGER');
  await heard('trigger', 101);
  keeper.child.kill('SIGKILL');
  await exitOf(keeper);
  keeper = bench.start(['--conf', conf]);
  const left = await heard('interrupted', 101);
  assert.equal(left.closed, undefined);

  bench.lines.pulse('TRIGGER');
  const ejected = await heard('closed', 102);
  assert.deepEqual([ejected.action, ejected.cause], ['eject', 'fail-safe']);
  assert.equal(events.filter(({ kind }) => kind === 'fault').length, 1);
  assert.deepEqual(
    events.flatMap((event) => (event.kind === 'trigger' ? [event.part] : [])),
    [100, 101, 102],
  );
  await line.stop();
});

test('gatekeeper line: on the real program: a line that was stopped is ready again once somebody has resumed it', async (t) => {
  const program = build();
  if (program === undefined) {
    toolMissing('resuming the line of the real gatekeeper', 'clang-19');
    return;
  }
  const bench = new Bench(program);
  t.after(() => bench.clear());
  await bench.lines.plugIn();
  // Nothing but resuming ends what stands against ready within this test.
  const text = bench.confOf({ 'fail-safe': 'stop-line', 'late-us': '1' });
  bench.start(['--conf', bench.write(text)]);
  const { socket } = bench;
  const options = { clock: new SystemClock(), socket, dial: dialSocket(socket), digest: confDigest(text) };
  const line = new GatekeeperLine({ ...options, heartbeatNs: 1e9 });
  t.after(() => line.stop());
  const events: LineEvent[] = [];
  await line.start(1, (event) => events.push(event));
  const ready = () => events.findLast((event) => event.kind === 'ready');
  bench.lines.pulse('TRIGGER');
  await eventually(() => events.find(({ kind }) => kind === 'closed'), 'the end of the part');
  assert.equal(events.filter(({ kind }) => kind === 'stop-line').length, 1);
  assert.ok(ready()?.why.includes('stopped'), JSON.stringify(ready()));
  assert.equal(line.resume(true), true);
  await eventually(() => (ready()?.on ? true : undefined), 'ready');
  assert.deepEqual(ready()?.why, []);
});
