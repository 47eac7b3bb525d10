import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { assertSentence } from '../../test/support/sentence.ts';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import { type Calibration, checkFigures, readCalibration } from '../config/calibration.ts';
import { LinegateError, messageOf } from '../core/errors.ts';
import { calibrationText } from './calibration-text.ts';
import { Commission, type Commissioned } from './commission.ts';
import { latenessOf } from './lateness.ts';
import { Link } from './link.ts';
import { advance, startWalk } from './machine.ts';
import { saveCalibration } from './save.ts';
import { type Context, type StepId, stepIds } from './steps.ts';
import type { Terminal } from './terminal.ts';
import { StandIn } from './testing/stand-in.ts';

const ms = 1e6;

const old: Calibration = {
  base: 'time',
  encoder: undefined,
  delay: 500 * ms,
  width: 20 * ms,
  recovery: 20 * ms,
  lead: 10 * ms,
  triggerDead: 10 * ms,
  failSafe: 'stop-line',
  tooClose: 'escape',
  confirmation: { from: 0, to: 500 * ms },
  reviewGate: undefined,
};

const wired = (['trigger', 'confirm', 'part-at-gate'] as const).map((input) => ({ input, debounceNs: 0 }));
const timed: Context = { base: 'time', wired, gates: 1, old, lateUs: 2000, saidStopped: false };
const counted: Context = {
  ...timed,
  base: 'encoder',
  wired: wired.filter(({ input }) => input !== 'confirm'),
  old: {
    ...old,
    ...{ base: 'encoder', encoder: 'quadrature', delay: 500, width: 20, recovery: 20, lead: 10, triggerDead: 10 },
    confirmation: undefined,
  },
};

/** A walk on the stand-in, with time and keys in the test's hand. */
class Bench {
  readonly clock = new VirtualClock({ nowNs: 1e9 });
  readonly keeper = new StandIn(this.clock);
  screen = '';
  stopped = false;
  readonly #context: Context;
  #keys: (chunk: string) => void = () => {};
  #gone: () => void = () => {};

  constructor(context: Context) {
    this.#context = context;
  }

  start(only?: StepId): Promise<Commissioned> {
    const { clock, keeper } = this;
    const terminal: Terminal = {
      start: (onKeys, onGone) => {
        this.#keys = onKeys;
        this.#gone = onGone;
      },
      print: (lines) => this.#show(lines),
      show: (lines) => this.#show(lines),
      stop: () => {
        this.stopped = true;
      },
    };
    const lateness = latenessOf([0.1 * ms, 0.2 * ms, 3 * ms], true);
    assert.ok(lateness !== undefined);
    const walk = new Commission({
      context: this.#context,
      clock,
      terminal,
      only,
      linkTo: (onRecord, onLost) =>
        new Link({ clock, socket: '/run/s', digest: keeper.digest, dial: keeper.dial, onRecord, onLost }),
      measureLateness: async () => lateness,
      check: ({ calibration }) => {
        try {
          checkFigures(calibration);
          return undefined;
        } catch (error) {
          return messageOf(error);
        }
      },
    }).run();
    walk.catch(() => {});
    return walk;
  }

  #show(lines: readonly string[]): void {
    this.screen += `${lines.join('\n')}\n`;
  }

  run(forMs: number): Promise<void> {
    const untilNs = this.clock.nowNs() + forMs * ms;
    this.clock.at(untilNs, () => {});
    return this.clock.run(() => this.clock.nowNs() >= untilNs);
  }

  async type(keys: string): Promise<void> {
    this.#keys(keys);
    await this.run(1);
  }

  /** A held key, as a terminal repeats it. */
  async hold(forMs: number): Promise<void> {
    for (let at = 0; at < forMs; at += 33) {
      this.#keys(' ');
      await this.run(33);
    }
  }

  close(): void {
    this.#gone();
  }

  async pass(wayMs: number, beamMs: number): Promise<void> {
    this.keeper.edge('trigger', true);
    await this.run(beamMs);
    this.keeper.edge('trigger', false);
    await this.run(wayMs - beamMs);
    this.keeper.edge('part-at-gate', true);
    await this.run(beamMs);
    this.keeper.edge('part-at-gate', false);
    await this.run(500);
  }

  longestMs(): number {
    return Math.max(
      0,
      ...this.keeper.spans.map(({ fromNs, toNs }) => ((toNs ?? Number.POSITIVE_INFINITY) - fromNs) / ms),
    );
  }
}

async function measureAll(bench: Bench): Promise<void> {
  await bench.type('\r');
  await bench.type('\r\r');
  await bench.type('\ryes\r');
  await bench.hold(500);
  await bench.run(1000);
  await bench.type('\r\r');
  await bench.type('\r');
  for (const late of [0, 1, 0, 90, -1, 0]) await bench.pass(400 + late, 30);
  await bench.type('\r40\r\r\r');
  bench.keeper.onGate = () => {
    bench.clock.at(bench.clock.nowNs() + 120 * ms, () => bench.keeper.edge('confirm', true));
    bench.clock.at(bench.clock.nowNs() + 150 * ms, () => bench.keeper.edge('confirm', false));
  };
  await bench.type('\ryes\r');
  for (let at = 0; at < 5; at++) {
    await bench.type(' ');
    await bench.run(1500);
  }
  await bench.type('\r8\r\r');
  await bench.type('\r');
  await bench.type('\r');
}

test('commissioning: the whole walk gives a calibration that holds', async () => {
  const bench = new Bench(timed);
  const walk = bench.start();
  await bench.run(10);
  await measureAll(bench);
  assert.match(bench.screen, /Left out: Encoder/);
  assert.match(bench.screen, /number 4 with 490.00 ms/);
  assert.match(bench.screen, /should be 6000/);
  await bench.type('w');
  const { write, proposal, results } = await walk;
  assert.equal(write, true);
  assert.equal(results.delay?.arrival.median, 400 * ms);
  assert.equal(results.response?.toConfirmNs?.median, 120 * ms);
  const { calibration } = proposal;
  // The arrival less the spread of 1 ms and the 8 ms of the gate.
  assert.equal(calibration.delay, 391 * ms);
  assert.equal(calibration.width, 40 * ms);
  assert.equal(calibration.recovery, 8 * ms);
  assert.equal(calibration.lead, 9 * ms);
  assert.deepEqual([calibration.failSafe, calibration.tooClose], ['stop-line', 'escape']);
  assert.ok(bench.stopped);
  checkText(proposal, results, calibration);
});

function checkText(
  proposal: Commissioned['proposal'],
  results: Commissioned['results'],
  calibration: Calibration,
): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'commission-'));
  try {
    const file = path.join(folder, 'calibration.yaml');
    writeFileSync(file, stringify({ old: true }));
    const signature = { station: 'line-3', software: '1', who: 'somebody', wallMs: Date.UTC(2025, 0, 2, 3, 4, 5) };
    const text = calibrationText(proposal, results, signature);
    const kept = saveCalibration(file, text, signature.wallMs);
    assert.equal(kept, `${file}.20250102T030405Z`);
    assert.match(readFileSync(kept, 'utf8'), /old: true/);
    assert.deepEqual(readCalibration(file), calibration);
    assert.match(text, /by somebody[\s\S]*p99/);
    saveCalibration(file, text, signature.wallMs);
    assert.ok(existsSync(`${kept}-2`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('commissioning: the gate waits for "yes", is bounded, and falls when the key or the terminal goes', async () => {
  const bench = new Bench(timed);
  const walk = bench.start('gate');
  await bench.run(10);
  await bench.type(' ');
  await bench.type('\rno\r');
  await bench.hold(200);
  assert.equal(bench.keeper.spans.length, 0);
  assert.match(bench.screen, /THE GATE WILL MOVE/);
  await bench.type('\ryes\r');
  await bench.hold(10_000);
  assert.equal(bench.keeper.spans.length, 1);
  assert.ok(bench.longestMs() <= 3200, `${bench.longestMs()}`);
  await bench.run(1000);
  await bench.hold(300);
  bench.close();
  const { write } = await walk;
  assert.equal(write, false);
  assert.ok(bench.longestMs() <= 3200);
});

test('commissioning: counts of an encoder that runs backwards', async () => {
  const bench = new Bench(counted);
  const walk = bench.start();
  await bench.run(10);
  await bench.type('s');
  await bench.type('\r');
  bench.keeper.edge('trigger', false, 1000);
  bench.keeper.encoder(900, 250_000);
  bench.keeper.encoder(600, 500_000, 1);
  await bench.type('\r100\r');
  assert.match(bench.screen, /-400 counts, 4.000 for a mm; at most 4000/);
  assert.match(bench.screen, /lost or illegal 1 times/);
  await bench.type('\rs');
  await bench.type('h300\r40\r\r');
  await bench.type('h2\r\r');
  await bench.type('\r\r');
  await bench.type('w');
  const { write, proposal } = await walk;
  assert.equal(write, true, bench.screen.slice(-600));
  const { calibration } = proposal;
  assert.equal(calibration.encoder, 'quadrature-reversed');
  assert.deepEqual([calibration.delay, calibration.width, calibration.lead], [299, 42, 24]);
});

test('commissioning: figures that do not fit together are not written, and the walk goes on', async () => {
  const bench = new Bench(timed);
  const walk = bench.start('delay');
  await bench.run(10);
  await bench.type('h30\r25\r\r');
  await bench.type('w');
  assert.match(bench.screen, /delayNs/);
  await bench.type('q');
  assert.equal((await walk).write, false);
});

test('commissioning: too few passes are said, and the step can be taken again or skipped', async () => {
  const bench = new Bench(timed);
  const walk = bench.start('delay');
  await bench.run(10);
  await bench.type('\r');
  await bench.pass(400, 30);
  await bench.type('\r\r\r');
  assert.match(bench.screen, /Only 1 whole passes/);
  await bench.type('s');
  await bench.type('w');
  const { write, proposal } = await walk;
  assert.ok(write);
  assert.deepEqual(proposal.calibration, old);
});

test('commissioning: not while an agent is there, and over when the gatekeeper goes', async () => {
  const bench = new Bench(timed);
  bench.keeper.busy = true;
  await assert.rejects(bench.start(), (error) => error instanceof LinegateError && /another agent/.test(error.message));
  bench.keeper.busy = false;
  const walk = bench.start('gate');
  await bench.run(10);
  bench.keeper.die();
  await assert.rejects(walk, (error) => {
    assertSentence(messageOf(error));
    return bench.stopped && error instanceof LinegateError && error.code === 'device';
  });
});

test('commissioning: no keys in any order move the gate before "yes", or write without "w" at the summary', () => {
  const key = fc.constantFrom('enter', 'space', 's', 'h', 'r', 'q', '1', '3', '4', 'x', 'g', 'backspace', '.');
  fc.assert(
    fc.property(fc.array(key, { maxLength: 120 }), fc.constantFrom(timed, counted), (keys, context) => {
      let walk = startWalk(context, undefined);
      for (const [index, pressed] of keys.entries()) {
        if (walk.phase.kind === 'ended') break;
        const next = advance(walk, { kind: 'key', key: pressed, nowNs: index * 40 * ms }, context, () => undefined);
        assert.ok(next.effects.every(({ kind }) => kind !== 'hold-gate'));
        walk = next.walk;
        assert.ok(walk.phase.kind === 'summary' || walk.phase.kind === 'ended' || walk.at < stepIds.length);
      }
      assert.ok(walk.phase.kind !== 'ended' || !walk.phase.write);
    }),
  );
});
